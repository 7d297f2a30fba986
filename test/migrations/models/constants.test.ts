import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.integer "state"
end`)

async function ported(files: Record<string, string>, path = 'app/models/post.ts') {
  const { textOf, rows } = await portedModels({ 'db/schema.rb': schema, ...files })
  return { text: textOf(path), looks: rows.filter(({ status }) => status !== 'ported') }
}

const post = (body: string, others: Record<string, string> = {}) => ported({ 'app/models/post.rb': modelRb('Post', body), ...others })

describe('constants of ported models', () => {
  afterEach(removeFolders)

  it('declares what a constant writes by the way before it', async () => {
    const { text, looks } = await post("ROLES = [ADMIN = 'admin', GUEST = 'guest'].freeze\nattribute :role, :string, default: ADMIN")
    expect(text)
      .to.match(/static readonly ADMIN = 'admin'\n[\s\S]*static readonly ROLES = \[Post\.ADMIN, Post\.GUEST\]/)
      .and.match(/default: Post\.ADMIN/)
    expect(looks).to.deep.equal([])
  })

  it('makes a class of Data.define, so that constants and enums can be made of it', async () => {
    const { text, looks } = await post(
      'State = Data.define(:name, :value)\nSTATES = [State.new(name: :draft, value: 1)]\nenum :state, STATES.to_h { |state| [state.name, state.value] }',
    )
    expect(text)
      .to.include('export class PostState {')
      .and.include('constructor({ name, value }: { name: ')
      .and.include("new PostState({ name: 'draft', value: 1 })")
      .and.include("this.enum('state', Object.fromEntries(")
    expect(looks.map(({ construct, status, reason }) => [construct, status, reason])).to.deep.equal([
      ['State =', 'note', 'two with the same values are not equal here'],
    ])
  })

  it('takes the members of a Struct by their places, or by their names where it says so', async () => {
    const { text } = await post(
      'Pair = Struct.new(:a, :b)\nNamed = Struct.new(:a, keyword_init: true)\ndef c = Pair.new(1).a\ndef d = Named.new(a: 1)',
    )
    expect(text)
      .to.match(/class PostPair \{[\s\S]*constructor\(a: .* = null, b: .* = null\)/)
      .and.match(/class PostNamed \{[\s\S]*constructor\(\{ a = null \}/)
      .and.include('new PostPair(1)')
      .and.include('new PostNamed({ a: 1 })')
  })

  it('ports the methods in the block of a Struct, on their own lines of the report', async () => {
    const { text, looks } = await post('Pair = Struct.new(:a, :b) do\n  def sum = a + b\n\n  def odd\n    eval(a)\n  end\nend')
    expect(text).to.match(/class PostPair \{[\s\S]* sum\(\) \{\n {4}return this\.a \+ this\.b/)
    expect(looks.map(({ construct, line, status }) => [construct, line, status])).to.deep.equal([
      ['Pair =', 2, 'note'],
      ['def odd', 5, 'left'],
    ])
  })

  it('finds a class inside of what another includes', async () => {
    const files = { 'app/models/rated.rb': 'module Rated\n  Rate = Data.define(:value)\n  def rates = [Rate.new(value: 1)]\nend\n' }
    const { text } = await post('include Rated\ndef a = Rate.new(value: 2)', files)
    expect(text).to.include('new RatedRate({ value: 2 })')
  })

  it('leaves what is made by names here and by places there', async () => {
    const { looks } = await post('Pair = Data.define(:a)\ndef c = Pair.new(1)\ndef d = Pair.new(a: 1)')
    expect(looks[0]!.construct).to.equal('Pair =')
    expect(looks[0]!.status).to.equal('left')
  })
})
