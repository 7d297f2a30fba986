import { expect } from 'chai'
import { emptyScope, evaluate, RubySource, type RubyValue, toJavaScriptRegexp, toPlain, tryEvaluate } from '../../migrations/ruby/index.ts'
import { BrokenRuby } from '../../migrations/index.ts'

function plainValue(ruby: string, environment?: string): unknown {
  const source = new RubySource('test.rb', `name = "ann"; ACTIONS = %w[index show].freeze\n${ruby}`)
  const scope = emptyScope(environment)
  return toPlain(source.statements.map((statement) => evaluate(statement, scope)).at(-1)!)
}

describe('reading Ruby', () => {
  it('names the file, the line and the source of a syntax error', () => {
    const read = () => new RubySource('config/routes.rb', 'get "a"\nresources :x do\n  get "b",\nend\n')
    expect(read).to.throw(BrokenRuby).that.includes({ code: 'REGAUGE_BROKEN_RUBY' })
    expect(read).to.throw(/^config\/routes\.rb:[234]: /)
  })

  it('counts offsets in bytes, so that text behind letters outside of ASCII is sliced right', () => {
    const source = new RubySource('test.rb', '"äöü – 日本"\nfoo(:bar)\n')
    expect(source.statements.map((node) => source.slice(node))).to.deep.equal(['"äöü – 日本"', 'foo(:bar)'])
    expect(source.lineOf(source.statements[1]!)).to.equal(2)
  })

  it('keeps comments with the lines they stand at', () => {
    const source = new RubySource('test.rb', '# first\nfoo # second\n=begin\nthird\n=end\n')
    expect(source.comments.map(({ text, trailing }) => [text, trailing])).to.deep.equal([
      [' first', false],
      [' second', true],
      ['third', false],
    ])
  })
})

describe('evaluating what is constant in Ruby', () => {
  const cases: [string, unknown][] = [
    [':a', 'a'],
    ['nil', null],
    ['-3', -3],
    ['[2024_05_22_152228, 20260101000000, 4294967295, -3_000_000_000]', [20240522152228, 20260101000000, 4294967295, -3000000000]],
    ['[0xFFFF_FFFF, 037777777777, 0b1111_0000_0000_0000_0000_0000_0000_0000]', [4294967295, 4294967295, 4026531840]],
    ['99999999999999999999', 99999999999999999999n],
    ['1.5', 1.5],
    ['%i[a b]', ['a', 'b']],
    ['%w[a b]', ['a', 'b']],
    ['{ a: 1, "b" => [true] }', { a: 1, b: [true] }],
    ['(1..3)', [1, 2, 3]],
    ['(1...3)', [1, 2]],
    ['"hello #{name}"', 'hello ann'],
    ['[*ACTIONS, :edit]', ['index', 'show', 'edit']],
    ['ACTIONS - ["show"]', ['index']],
    ['{ **{ a: 1 }, b: 2 }', { a: 1, b: 2 }],
    ['{ a: 1 }.merge(b: 2)', { a: 1, b: 2 }],
    ['%w[a b].map(&:to_sym).freeze', ['a', 'b']],
    ['[1, 2].map { |n| "v#{n}" }', ['v1', 'v2']],
    ['%w[a b].map { it.upcase }', ['A', 'B']],
    ['Rails.env.production? ? 1 : 2', 1],
    ['if Rails.env.test? then 1 else 2 end', 2],
    ['Rails.env', 'production'],
    ['ENV["PORT"] || 3000', 3000],
    ['ENV.fetch("HOST", "localhost")', 'localhost'],
    ['name == "ann" && !false', true],
  ]
  for (const [ruby, expected] of cases) it(`evaluates ${ruby}`, () => expect(plainValue(ruby)).to.deep.equal(expected))

  it('answers Rails.env with the environment it is given', () => {
    expect(plainValue('Rails.env.development?', 'development')).to.equal(true)
  })

  it('says that a value came from the environment', () => {
    const notes: string[] = []
    const scope = { ...emptyScope(), note: (_node: unknown, reason: string) => void notes.push(reason) }
    evaluate(new RubySource('test.rb', 'ENV["PORT"]').statements[0]!, scope)
    expect(notes).to.deep.equal(['ENV["PORT"] is taken as unset'])
  })

  it('gives up on what only running could tell', () => {
    for (const ruby of ['User.count', 'rand', 'unknown_local', '[1].shuffle', '"a".send(:b)']) {
      const value: RubyValue | undefined = tryEvaluate(new RubySource('test.rb', ruby).statements[0]!, emptyScope())
      expect(value, ruby).to.equal(undefined)
    }
  })
})

describe('translating regular expressions', () => {
  const cases: [string, string, RegExp][] = [
    ['[^\\/]+', '', /[^/]+/],
    ['\\A\\d+\\z', '', /^\d+$/],
    ['\\h{8}', 'i', /[0-9a-fA-F]{8}/i],
    ['[\\h-]+', '', /[0-9a-fA-F-]+/],
    ['[[:digit:]_]+', '', /[\p{Nd}_]+/u],
    ['([[[:upper:]][ab]] )+', '', /([\p{Lu}ab] )+/u],
    ['[[:punct:]]', '', /[\p{P}$+<=>^`|~]/u],
    ['[\\u{2194}-\\u{219F}\\u{1F000 2190}\\-\\_]\\-', '', /[\u{2194}-\u{219F}\u{1F000}\u{2190}\-_]-/u],
    ["[^\\p{Digit}_']\\p{Han}\\P{Digit}", '', /[^\p{Nd}_']\p{Script=Han}\P{Nd}/u],
    ['.+?(?=\\.json|\\.xml)|.+', '', /.+?(?=\.json|\.xml)|.+/],
    ['a b # note\n c', 'x', /abc/],
    ['[ #]a', 'x', /[ #]a/],
    ['.', 'm', /./s],
    ['(?<year>\\d{4})', '', /(?<year>\d{4})/],
  ]
  for (const [source, flags, expected] of cases) {
    it(`translates /${source.replace('\n', '\\n')}/${flags}`, () => {
      const result = toJavaScriptRegexp(source, flags)
      expect(result).to.deep.equal({ source: expected.source, flags: expected.flags })
    })
  }

  for (const source of ['(?>a|b)c', 'a++', '(?i)a', '\\Ra', '(?-i:a)', '[a&&[bc]]', '[a[^b]]']) {
    it(`says why /${source}/ has no counterpart`, () =>
      expect(toJavaScriptRegexp(source, '')).to.have.property('problem').that.is.a('string'))
  }

  it('takes a class of quantifier characters for what it is', () => {
    expect(toJavaScriptRegexp('[*+?]+', '')).to.have.property('source', '[*+?]+')
  })
})
