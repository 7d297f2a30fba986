import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.integer "days_open", null: false
t.bigint "user_id", null: false
end
create_table "users" do |t|
t.string "name", null: false
end`)
const user = modelRb('User', '  has_many :posts')

async function body(ruby: string) {
  const post = modelRb('Post', `  belongs_to :user\n${ruby}`)
  const { textOf, rows } = await portedModels({ 'db/schema.rb': schema, 'app/models/user.rb': user, 'app/models/post.rb': post })
  return {
    text: textOf('app/models/post.ts').replace(/\s+/g, ' '),
    statuses: rows.filter(({ construct }) => construct.startsWith('def ')).map(({ status }) => status),
  }
}

describe('bodies of ported methods', () => {
  afterEach(removeFolders)

  const bodies: [name: string, ruby: string, typescript: string][] = [
    [
      'a new record that a block fills in',
      'def self.a = new { |post| post.title = "x" }',
      "return ((record) => { ;((post) => { post.title = 'x' })(record) return record })(new this())",
    ],
    [
      'a record that a block fills in before it is saved',
      'def a = user.posts.create!(days_open: 1) { |post| post.title = "x" }',
      'await record.saveOrThrow() return record })((await this.user).posts.build({ days_open: 1 }))',
    ],
    [
      'a record that is found, or made with a block',
      'def self.a = find_or_create_by(title: "x") { |post| post.days_open = 1 }',
      "(await this.findBy({ title: 'x' })) ?? (await (async (record) => {",
    ],
    [
      'a fold whose block waits',
      'def a = [1].each_with_object([]) { |n, all| all << user.posts.where(days_open: n).count }',
      'for (const item of [1]) await',
    ],
    ['keywords that are passed on without a name', 'def a(**) = b(**)\ndef b(**options) = options', 'return this.b({ ...options })'],
    ['the days of a column', 'def a = days_open.days', 'return days(this.days_open)'],
    ['the name of the method', 'def a = __method__.to_s', "return 'a'"],
    ['what the last match found', 'def a = title =~ /(x)/ ? $1 : nil', 'let match: RegExpMatchArray | null = null'],
    [
      'the pairs of what is asked with a block for keys and values',
      'def a(given) = given.reject { |_key, number| number > 1 }.keys',
      'Object.keys( Object.fromEntries( Object.entries<Untyped>(given).filter(',
    ],
    ['the class of what a class method is given', 'def self.a(given) = given.class.name', 'return (given.constructor as Untyped).name'],
    [
      'an address that is not one',
      'def a\nURI.parse(title).host\nrescue URI::InvalidURIError\nnil\nend',
      'if (error instanceof TypeError) {',
    ],
    [
      'a list for a method of so many parameters',
      'def a(*all) = b(*all)\ndef b(x, y) = "#{x}#{y}"',
      'return this.b(...(all as [Untyped, Untyped]))',
    ],
    ['a block in a locale', 'def a = I18n.with_locale(:de) { user.name }', "return withLocale('de', async () => (await this.user).name)"],
    ['a hash for named parameters', 'def a(**options) = b(**options)\ndef b(x:) = x', 'return this.b({ ...options } as Untyped)'],
    [
      'options of the cache',
      'def a = Rails.cache.fetch("a", expires_in: 5.minutes) { 1 }',
      "cache.fetch('a', { expiresIn: minutes(5) }, () => 1)",
    ],
  ]
  for (const [name, ruby, typescript] of bodies) {
    it(`have ${name}`, async () => {
      const { text, statuses } = await body(ruby)
      expect(text).to.include(typescript)
      expect(statuses).not.to.include('left')
    })
  }

  for (const ruby of ['Time.zone.parse("#{days_open}:00", Time.zone.now)', 'Time.zone.parse("8:00")', 'URI.parse(title).relative?']) {
    it(`leave ${ruby}, which JavaScript reads otherwise`, async () => {
      const { text, statuses } = await body(`def a = ${ruby}`)
      expect(text).to.include(`// PORT: ${ruby}`)
      expect(statuses).to.deep.equal(['left'])
    })
  }

  it('stand beside what a class says of its JSON and of the column that locks its rows', async () => {
    const { text } = await body('self.include_root_in_json = true\nself.locking_column = :days_open')
    expect(text).to.include('static includeRootInJson = true').and.include("static lockingColumn = 'days_open'")
  })

  it('keep texts as JSON where a serializer says so', async () => {
    const { text } = await body('serialize :title, coder: JSON')
    expect(text).to.include("this.serialize('title')")
  })

  it('take what is passed for what a parameter is, before its name', async () => {
    expect((await body('def a = b(x: 1)\ndef b(user) = user[:x]')).text).to.include('b(user: Record<string, Untyped>)')
    expect((await body('def a = b({ x: 1 })\ndef b(user) = user[:x]')).text).to.include('b(user: Record<string, Untyped>)')
  })
})
