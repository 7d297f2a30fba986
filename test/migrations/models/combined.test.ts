import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.text "notes"
t.integer "state", null: false
t.bigint "user_id", null: false
t.jsonb "extra", null: false
t.string "tags", array: true, null: false
t.datetime "created_at", null: false
t.date "due_on", null: false
end
create_table "users" do |t|
t.string "name", null: false
t.string "place_type"
t.bigint "place_id"
end`)

async function ported(files: Record<string, string>) {
  const result = await portedModels({ 'db/schema.rb': schema, 'app/models/user.rb': modelRb('User', '  has_many :posts'), ...files })
  return { ...result, textOf: (name: string) => result.textOf(`app/models/${name}.ts`) }
}

async function post(body: string, files: Record<string, string> = {}) {
  const result = await ported({ 'app/models/post.rb': modelRb('Post', `  belongs_to :user\n${body}`), ...files })
  return { ...result, text: result.textOf('post') }
}

describe('what Ruby combines and JavaScript would combine otherwise', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['a list that another is taken from', 'def a(x)\n  x -= [1]\n  x\nend', 'x = x.filter((item: Untyped) => ![1].includes(item))'],
    ['a list that another is added to', 'def a\n  all = %w[a]\n  all += %w[b]\n  all\nend', "all = [...all, ...['b']]"],
    ['a list that others are joined with', 'def a(x)\n  x |= tags\n  x\nend', 'x = [...new Set([...x, ...this.tags])]'],
    ['a date that days are taken from', 'def a\n  on = due_on\n  on -= 1.day\n  on\nend', 'on = days(1).ago(on)'],
    ['a division that leaves the rest', 'def a\n  n = state\n  n /= 2\n  n\nend', 'n = Math.floor(n / 2)'],
    ['numbers as they are', 'def a(x)\n  x += 1\n  x\nend', 'x += 1'],
    ['a time and seconds', 'def a = created_at + 60', 'new Date(this.created_at.getTime() + 60 * 1000)'],
    ['a time and a duration that a constant holds', 'WAIT = 5.minutes\ndef a = created_at + WAIT', 'Post.WAIT.from(this.created_at)'],
    ['the seconds between two times', 'def a(at) = created_at - at', '(Number(this.created_at) - Number(at)) / 1000'],
    [
      'the days of a range',
      'def a\n  (due_on..Date.current).each { |day| puts day.wday }\nend',
      'puts'.replace('puts', 'console.log(day.getUTCDay())'),
    ],
    ['the numbers of a range', 'def a\n  (1..3).each { |n| puts n }\nend', '(_, index) => Number(numbers.begin) + index'],
    ['lists in a case', 'def a(x)\n  case x\n  when [1, 2] then 3\n  end\nend', 'isDeepStrictEqual(x, [1, 2])'],
    [
      'the greatest of what is written out',
      'def a = [state, 1].max',
      '[this.state, 1].reduce((best, item) => (item > best ? item : best))',
    ],
    [
      'the greatest of a list that may be empty',
      'def a = tags.max',
      'items.reduce<T | null>((best, item) => (best == null || item > best ? item : best), null)',
    ],
    ['a part that a pattern finds', 'def a(x) = title[/(a)b/, 1]', 'this.title!.match(/(a)b/)?.[1] ?? null'],
    ['hashes that begin empty', 'def a(x) = {}.merge(x)', '{ ...x }'],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(`ports ${name}`, async () => {
      expect((await post(ruby)).text).to.include(typescript)
    })
  }

  it('says that what is taken from a time is guessed to be one', async () => {
    const { rows } = await post('def a(at) = created_at - at')
    expect(rows.find(({ construct }) => construct === 'def a')).to.include({ status: 'note', reason: 'the receivers of - are guessed' })
  })

  it('leaves a key that is a list', async () => {
    const { rows } = await post('def a(all) = all[[1, 2]]')
    expect(rows.find(({ construct }) => construct === 'def a')).to.include({ status: 'left' })
  })
})

describe('what may be missing', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['an item that a list may lack', 'def a = tags.first.upcase', 'this.tags[0]!.toUpperCase()'],
    ['null for an item that a list lacks', 'def a\n  self.title = tags[1]\nend', 'this.title = this.tags[1] ?? null'],
    [
      'a record that is assigned where there is none',
      'def a\n  self.user ||= User.first\nend',
      '(await this.user) ?? (this.assign({ user: await User.first() }), await this.user)',
    ],
    [
      'an instance variable that is passed on',
      'def a\n  @name = title.strip\n  b(@name)\nend\ndef b(x) = x&.upcase',
      'this.b(this._name ?? null)',
    ],
    ['a record that is passed on', 'def a = b(User.first)\ndef b(user) = user.name', 'b(user: User | null) {'],
    ['what is no record under the name of one', 'def a = b({ x: 1 })\ndef c = b(User.first)\ndef b(user) = user', 'b(user: Untyped) {'],
    ['a query as the default of a parameter', 'def self.a(scope = all) = scope.count', 'a(scope = this.all())'],
    ['a method tried on a time', 'def a = created_at.try(:iso8601)', 'this.created_at?.toISOString()'],
    ['lists that JSON holds', 'def a = extra.all? { |item| item == 1 }', '(this.extra as Untyped[]).every('],
    ['a class that a constant holds', 'Odd = Class.new(StandardError)\ndef a\n  raise Odd.new("x")\nend', "throw new Post.Odd('x')"],
    [
      'an error of the framework without a message',
      'def a = raise(ActiveRecord::RecordNotFound)',
      "new RecordNotFound('ActiveRecord::RecordNotFound')",
    ],
    ['the environment', 'def a = Rails.env.production?', "application().config.env.name === 'production'"],
    ['an environment of its own', 'def a = Rails.env.staging?', "application().config.env.name === 'staging'"],
    ['a local environment', 'def a = Rails.env.local?', "['development', 'test'].includes(application().config.env.name)"],
    ['the day of what nobody knows', 'def a(x) = x.day == 1', 'x.getUTCDate() === 1'],
    [
      'null where a member is asked of a record that may be missing',
      'def a\n  self.title = User.first&.name\nend',
      'this.title = (await User.first())?.name ?? null',
    ],
    ['the first letter of a text that may be missing', 'def a = title&.first', 'this.title?.slice(0, 1)'],
    ['a parameter whose default is nil', 'def self.a(state = nil) = where(state: state)', 'state: number | number[] | null = null'],
    [
      'a member of an enum by its name',
      'enum :state, { draft: 0 }\ndef self.a = where(state: Post.states[:draft])',
      "this.where({ state: 'draft' })",
    ],
    ['lists that are added to in turn', 'def a(x) = x << 1 << 2', 'x.push(1, 2)'],
    ['what is added to a list without a name', 'def a(x) = Array(x).push(1)', '[...[x ?? []].flat(), 1]'],
    ['how a token is signed', 'def a = JWT.encode({ a: 1 }, "key", "HS512")', "{ algorithm: 'HS512', noTimestamp: true }"],
    ['a pair that a block takes apart', 'def a = 70.divmod(60).then { |m, s| m + s }', '(([m, s]: Untyped) =>'],
    ['what a column holds in a shape of its own', 'serialize :notes, coder: JSON', 'notes: Untyped'],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(`ports ${name}`, async () => {
      expect((await post(ruby)).text).to.include(typescript)
    })
  }

  it('throws where a constant is read that was left', async () => {
    const { text } = await post('PAIRS = { [1, 2] => 3 }\ndef a = PAIRS')
    expect(text).to.include('static get PAIRS(): Untyped {').and.include("throw new Error('app/models/post.rb:3 is not ported')")
  })

  it('throws where a method is called that was left, and leaves what a class says with it', async () => {
    const { text, rows } = await post('def self.odd(*a, k:) = a\nodd 1, k: 2')
    expect(text)
      .to.include('static odd(..._given: Untyped[]): Untyped {')
      .and.include("throw new Error('app/models/post.rb:3 is not ported')")
    expect(rows.find(({ construct }) => construct === 'odd 1, k: 2')).to.include({ status: 'left', reason: 'odd is left as Ruby' })
  })

  it('leaves a setting of the class that the model layer has not', async () => {
    const { rows } = await post('self.ignored_columns += ["title"]')
    expect(rows.find(({ construct }) => /ignored/.test(construct))).to.include({
      status: 'left',
      reason: 'the model layer has no ignoredColumns',
    })
  })

  it('leaves what the cache has not', async () => {
    const { rows } = await post('def a = Rails.cache.write("a", 1, unless_exist: true)')
    expect(rows.find(({ construct }) => construct === 'def a')!.reason).to.include('the cache has no unless_exist')
  })

  it('notes a list that is the message of an error', async () => {
    const { text, rows } = await post('def a = errors.add(:title, ["odd"])')
    expect(text).to.include("this.errors.add('title', ['odd'] as Untyped)")
    expect(rows.find(({ construct }) => construct === 'def a')).to.include({ status: 'note', reason: 'a list is the message of an error' })
  })

  it('extends no class with itself that has the name of the one above', async () => {
    const { textOf } = await ported({
      'app/models/post.rb': 'class Post < ApplicationRecord\nend\n',
      'app/models/user/post.rb': 'class User::Post < Post\nend\n',
      'app/models/placed.rb': 'module Placed\n  def at = 1\nend\n',
      'app/models/user/placed.rb': 'module User::Placed\n  include ::Placed\n  def on = 2\nend\n',
      'app/models/user.rb': 'class User < ApplicationRecord\n  include User::Placed\nend\n',
    })
    expect(textOf('user/post')).to.include('class UserPost extends Post')
    expect(textOf('user/placed')).to.include('extends Placed(Base)')
  })

  it('declares no member of an enum that the class has itself', async () => {
    const { text } = await post('enum :state, { draft: 0 }\ndef draft? = true\ndef a = draft?')
    expect(text).to.include('isDraft() {').and.not.include('declare isDraft')
  })

  it('does not give a class what others have that include the same module', async () => {
    const { textOf } = await ported({
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Placed\n  belongs_to :place, polymorphic: true\nend\n',
      'app/models/user.rb':
        'class User < ApplicationRecord\n  include Placed\n  belongs_to :place, polymorphic: true\n  has_many :friends, class_name: "User"\nend\n',
      'app/models/concerns/placed.rb': 'module Placed\n  extend ActiveSupport::Concern\n  def at = 1\nend\n',
    })
    expect(textOf('user')).to.include('friends')
    expect(textOf('post')).not.to.include('friends')
  })

  it('says nothing of the relation that a module narrows', async () => {
    const { textOf } = await ported({
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Marked\nend\n',
      'app/models/concerns/marked.rb':
        'module Marked\n  extend ActiveSupport::Concern\n  included do\n    has_many :users, -> { order(:name) }, foreign_key: :marked_id\n  end\nend\n',
    })
    expect(textOf('concerns/marked')).to.include('scope: (relation: Untyped) =>')
  })
})
