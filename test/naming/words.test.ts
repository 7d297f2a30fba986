import { expect } from 'chai'
import { didYouMean, ourWord, words } from '../../src/naming/index.ts'

describe('The table of words', () => {
  it('turns methods into camel case', () => {
    expect(['before_action', 'perform_later', 'stream_from', 'find_by', '_private_method'].map(ourWord)).to.deep.equal([
      'beforeAction', 'performLater', 'streamFrom', 'findBy', '_privateMethod',
    ]) // biome-ignore format: one list
  })

  it('writes a bang as OrThrow and a question as is', () => {
    expect(['save!', 'find_by!', 'valid?', 'new_record?', 'has_password?'].map(ourWord)).to.deep.equal([
      'saveOrThrow', 'findByOrThrow', 'isValid', 'isNewRecord', 'hasPassword',
    ]) // biome-ignore format: one list
  })

  it('leaves operators and constants as they are', () => {
    expect(['<<', '[]', 'Article'].map(ourWord)).to.deep.equal(['<<', '[]', 'Article'])
  })

  it('lists every word with its place, each once', () => {
    expect(words.find(({ rails, place }) => rails === 'retry_on' && place === 'job')).to.deep.equal({
      rails: 'retry_on',
      ours: 'retryOn',
      place: 'job',
    })
    const keys = words.map(({ rails, place }) => `${place} ${rails}`)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([])
    expect(words.filter(({ rails }) => rails.trim() === '')).to.deep.equal([])
  })
})

describe('did you mean', () => {
  it('finds a name with a letter wrong, missing, added or swapped', () => {
    const actions = ['index', 'show', 'create', 'destroy']
    expect(['shwo', 'indx', 'createe', 'destoy'].map((name) => didYouMean(name, actions))).to.deep.equal([
      'show',
      'index',
      'create',
      'destroy',
    ])
  })

  it("finds our word for Rails'", () => {
    expect(didYouMean('before_action', ['afterAction', 'beforeAction'])).to.equal('beforeAction')
    expect(didYouMean('save!', ['save', 'saveOrThrow'])).to.equal('saveOrThrow')
    expect(didYouMean('path_names', ['pathNames'])).to.equal('pathNames')
  })

  it('stays silent when nothing is near', () => {
    expect(didYouMean('frobnicate', ['index', 'show'])).to.equal(undefined)
    expect(didYouMean('x', [])).to.equal(undefined)
  })

  it('does not suggest the name itself', () => {
    expect(didYouMean('show', ['show'])).to.equal(undefined)
  })

  it('answers for names of any length', () => {
    expect(didYouMean('a'.repeat(100_000), ['b'.repeat(100_000)])).to.equal(undefined)
  })
})
