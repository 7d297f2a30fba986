import { expect } from 'chai'
import { parseSync } from 'oxc-parser'
import { BrokenRuby, port, portModels } from '../../../migrations/index.ts'
import { folderOf, removeFolders } from '../rails_app.ts'

/** Everything that the ported text of a model calls or refers to by a plain name. */
async function namesIn(body: string): Promise<{ names: Set<string>; text: string }> {
  const { files } = await portModels(folderOf({ 'app/models/post.rb': body }))
  const { text } = files.find(({ path }) => path === 'app/models/post.ts')!
  const { program, errors } = parseSync('post.ts', text)
  expect(errors, text).to.deep.equal([])
  const names = new Set<string>()
  JSON.stringify(program, (_, node) => {
    if (node?.type === 'Identifier') names.add(node.name)
    return typeof node === 'bigint' ? String(node) : node
  })
  return { names, text }
}

const model = (body: string) => `class Post < ApplicationRecord\n${body}\nend\n`

describe('porting hostile models', () => {
  afterEach(removeFolders)

  const texts: Record<string, string> = {
    'a quote in a text': `def a = "'); pwned(); ('"`,
    'a template in a text': 'def a = "`${pwned()}`"',
    'a template beside a value': 'def a(b) = "`${pwned()}#{b}\\\\`${pwned()}"',
    'a heredoc': 'def a\n  <<~TEXT\n    `;pwned();`\n    ${pwned()}\n  TEXT\nend',
    'a symbol': `def a = :"'+pwned()+'"`,
    'a key of a hash': `def a = { "'+pwned()+'": 1, "]: pwned(), [" => 2 }`,
    'a name of an association': `has_many :"x'); pwned(); ('"`,
    'an attribute of a validation': `validates :"x'); pwned(); ('", presence: true`,
    'a member of an enum': `enum :state, { "x'); pwned(); ('": 1 }`,
    'a name of an enum': `enum :"s'); pwned(); ('", { a: 1 }`,
    'a name of an attribute': `attribute :"x'); pwned(); ('", :string`,
    'a type of an attribute': `attribute :x, :"string'); pwned(); ('"`,
    'a name of a callback': `before_save :"x'); pwned(); ('"`,
    'a class of an association': `belongs_to :x, class_name: "Y'}); pwned(); ({a: '"`,
    'a condition': `validates :a, presence: true, if: :"x'}); pwned(); ({a: '"`,
    'a delegated name': `delegate :"x() {}; static { pwned() }; y", to: :z`,
    'a delegating target': `delegate :x, to: :"y; pwned()"`,
    'a prefix of a delegation': `delegate :x, to: :y, prefix: "a() {} static { pwned() } b"`,
    'a name of an accessor': `attr_accessor :"x = pwned()"`,
    'a name of a class attribute': `class_attribute :"x = pwned()"`,
    'a name of a scope': `scope :"x() {} static { pwned() } y", -> { all }`,
    'an alias': `alias_method :"x() {} static { pwned() } y", :z`,
    'a stored accessor': `store_accessor :x, :"y'); pwned(); ('"`,
    'a regular expression': 'def a(x) = x =~ /\\/; pwned(); \\//',
    'a regular expression in a class': 'def a(x) = x =~ %r{[/]; pwned(); [/]}',
    'a regular expression put together': 'def a(x, y) = x =~ /#{y}`;pwned();`\\//',
    'a comment': '# \u2028pwned()\n# */ pwned() /*\ndef a = 1',
    'a comment in a method': 'def a\n  b\n\n  # \u2028pwned()\n  c\nend',
    'Ruby that is left': 'def a\n  eval("x\u2028pwned()")\nend',
    'a macro that is left': 'acts_as_odd "\u2028pwned()"',
    'a format': 'def a(x) = format("`${pwned()}%s`", x)',
    'a format of time': 'def a = Time.now.strftime("`${pwned()}%Y`")',
    'SQL of Arel': 'scope :a, ->(x) { where(arel_table[:"a\'); pwned(); (\'"].eq(x)) }',
    'a column in a condition': `scope :a, -> { where("x'}); pwned(); ({a: '": 1) }`,
    'a method called by its name': `def a = send("x(pwned())")`,
    'a dirty attribute': `def a = attribute_changed?("x'); pwned(); ('")`,
    'an environment variable': `def a = ENV["x']; pwned(); ['"]`,
    'a file of a message': `def a = raise("'); pwned(); ('")`,
    'a replaced text': `def a(x) = x.gsub("a", "'); pwned(); ('")`,
    'letters that are deleted': `def a(x) = "b".delete("]/g, pwned()); x.replace(/[")`,
  }
  for (const [what, body] of Object.entries(texts))
    it(`runs nothing that stands in ${what}`, async () => {
      const { names, text } = await namesIn(model(body))
      expect([...names], text).to.not.include('pwned')
    })

  it('gives a class no name that would change what others are', async () => {
    const { text } = await namesIn(model('def constructor = 1\ndef __proto__ = 2\nattribute :__proto__, :string'))
    expect(text).to.include('constructor_()').and.include('__proto___()').and.not.include('\n  constructor()')
  })

  it('gives an object no other prototype', async () => {
    const { text } = await namesIn(
      model(
        'enum :state, { "__proto__": 0, "b": 1 }\nscope :c, -> { where("__proto__": { "x": 1 }) }\ndef d(x) = e("__proto__": x)\ndef e(**o) = o',
      ),
    )
    expect(text).not.to.match(/[{,]\s*'?__proto__'?:/)
    expect(text.match(/\['__proto__'\]: /g), text).to.have.length(3)
  })

  it('reads a file of a megabyte', async () => {
    const methods = Array.from({ length: 3_000 }, (_, index) => `  def m${index}(a) = a.to_s + "${'x'.repeat(310)}"`).join('\n')
    const { rows } = await portModels(folderOf({ 'app/models/post.rb': model(methods) }))
    expect(rows.length).to.be.at.least(3_000)
  }).timeout(120_000)

  it('reads a text of a megabyte', async () => {
    const { text } = await namesIn(model(`def a = "${'x'.repeat(1_000_000)}"`))
    expect(text.length).to.be.above(1_000_000)
  })

  it('says of a file nested thousands of levels deep that it is', async () => {
    const deep = `def a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const given = await portModels(folderOf({ 'app/models/post.rb': model(deep) })).then(
      ({ rows }) => rows.find(({ construct }) => construct.startsWith('def a'))!.status,
      (error) => error,
    )
    expect(given).to.satisfy((answer: unknown) => answer === 'left' || answer instanceof BrokenRuby)
  })

  it('leaves what is nested deeper than it can be translated', async () => {
    const deep = `def a(x) = ${'(x + '.repeat(60)}x${')'.repeat(60)}`
    const { rows } = await portModels(folderOf({ 'app/models/post.rb': model(deep) }))
    expect(rows.some(({ construct }) => construct.startsWith('def a'))).to.equal(true)
  }).timeout(60_000)

  it('writes nothing outside of the output folder', async () => {
    const root = folderOf({ 'app/models/post.rb': model('') })
    const { files } = await port({ from: root, to: folderOf({}), only: ['models'] })
    expect(files.every(({ path }) => path.startsWith('app/'))).to.equal(true)
  })
})
