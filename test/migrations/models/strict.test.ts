import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.string "summary"
t.bigint "user_id", null: false
t.bigint "total", null: false
t.datetime "seen_at"
t.jsonb "extra"
t.decimal "price", precision: 8, scale: 2
t.decimal "tax", null: false
end
create_table "users" do |t|
t.string "name", null: false
t.bigint "badge"
end
create_table "profiles" do |t|
t.bigint "user_id", null: false
t.bigint "rank", null: false
end`)
const user = `class User < ApplicationRecord
  has_many :posts
  has_one :profile
  def self.loud = where(name: "A")
end
`
const others = {
  'app/models/user.rb': user,
  'app/models/profile.rb': 'class Profile < ApplicationRecord\n  belongs_to :user\nend\n',
}

async function ported(files: Record<string, string>, path = 'app/models/post.ts') {
  const { textOf } = await portedModels({ 'db/schema.rb': schema, ...others, ...files })
  return textOf(path)
}

const post = (body: string) => ported({ 'app/models/post.rb': modelRb('Post', `  belongs_to :user\n${body}`) })

describe('what ported models say so that the compiler agrees', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['adds decimals', 'def a = price + 3', 'return this.price!.plus(3)'],
    ['takes a decimal from a number', 'def a = 3 - tax', 'return new Prisma.Decimal(3).minus(this.tax)'],
    ['compares decimals by their values', 'def a = tax > 0 && tax == 3', 'this.tax.greaterThan(0) && this.tax.equals(3)'],
    ['rounds a decimal', 'def a = tax.round(2).to_f', 'this.tax.toDecimalPlaces(2).toNumber()'],
    ['takes a number where there is no decimal', 'def a = (price || 0) * 2', '(this.price ?? new Prisma.Decimal(0)).times(2)'],
    ['assigns a number to a decimal', 'def a = self.tax = 4', 'this.tax = new Prisma.Decimal(4)'],
    ['changes a variable that holds a decimal', 'def a\n  sum = tax\n  sum += 2\n  sum\nend', 'sum = sum.plus(2)'],
    [
      'finds the greatest of decimals and numbers',
      'def a = [tax, 0].max',
      '[this.tax, new Prisma.Decimal(0)].reduce((best, item) => (item.greaterThan(best)',
    ],
    ['imports the class of decimals', 'def a = 3 * tax', "import { Prisma } from '../../db/generated/client/client.ts'"],
    [
      'adds up what records have as decimals',
      'def a = Post.all.to_a.sum(&:tax)',
      '.reduce((sum, item) => sum.plus(item), new Prisma.Decimal(0))',
    ],
    ['takes a loop for true, as its list is', 'def a = b && title\ndef b = User.all.to_a.each { |user| user.name }', ', true) &&'],
    [
      'asks an attribute that the schema lacks as one that may be null',
      'attribute :token, :string\ndef a = token.upcase',
      'this.token!.toUpperCase()',
    ],
    ['asks for what a column that is never null is given', 'def a = self.title = summary', 'this.title = this.summary!'],
    ['gives a column of 64 bits a bigint', 'def a = self.total = 3', 'this.total = 3n'],
    ['gives attributes of 64 bits a bigint', 'def a = Post.create!(total: title.length)', 'total: BigInt(this.title.length)'],
    ['compares what may be null with a column that never is', 'def a = User.where(id: user&.id)', 'User.where({ id:'],
    ['makes records through associations with such values', 'def a = user.build_profile(rank: 1)', '.buildProfile({ rank: 1n })'],
    ['knows that there may be no least value', 'def a = Post.minimum(:seen_at).year', "(await Post.minimum('seen_at'))!.getUTCFullYear()"],
    ['narrows nothing by nil', 'def self.a = where(nil)', 'return this.all()'],
    ['orders by nothing by nil', 'def self.a = order(:title).reorder(nil)', ".order('title').reorder()"],
    ['selects a number as SQL', 'def self.a = select(1)', "this.select(sql('1'))"],
    ['gives SQL and its values apart', 'def self.a(n) = find_by_sql(["select :n", { n: n }])', "this.findBySql('select :n', { n })"],
    ['names the options of many rows', 'def self.a(rows) = upsert_all(rows, unique_by: :title)', "{ uniqueBy: 'title' }"],
    [
      'orders by SQL that a variable holds',
      'def self.a\n  length = Arel.sql("LENGTH(title)")\n  order(length.desc)\nend',
      'return this.order(length.desc())',
    ],
    [
      'asks an operator behind &. only of what is there',
      'def a = seen_at&.> 5.minutes.ago',
      'this.seen_at == null ? null : this.seen_at! >',
    ],
    ['answers nil where the left of && is', 'def a = [views && title].compact\ndef views = title.length', '=> item != null)'],
    ['writes out a range of letters', 'LETTERS = [*"a".."e"].freeze', "[...[...'abcde']]"],
    ['takes text for what is made a number', 'def a = frob.to_i', 'Number.parseInt(String('],
    ['tells methods of texts by what they are', 'def a = summary.respond_to?(:strip)', 'return this.summary != null'],
    ['tells methods of JSON by what it is', 'def a = extra.respond_to?(:map) && extra.respond_to?(:dig)', "typeof this.extra === 'object'"],
    ['keys a hash by text', 'def a(all) = { 1 => 2 }[total]', '[String(this.total)]'],
    [
      'asks what was rescued for its record',
      'def a\n  save!\nrescue ActiveRecord::RecordInvalid => e\n  e.record.title\nend',
      '(e as Untyped).record.title',
    ],
    ['declares an attribute that the schema lacks', 'attribute :token, :string', 'declare token: string | null'],
    [
      'takes an optional association that is so on no condition',
      'belongs_to :editor, class_name: "User", foreign_key: :user_id, optional: ->(post) { post.title }',
      'optional: true',
    ],
    ['names the options of a validated enum', 'enum :summary, { a: "a" }, validate: { allow_nil: true }', 'validate: { allowNil: true }'],
    ['keeps JSON in a store', 'store :extra, accessors: [:a], coder: JSON', 'coder: { dump: JSON.stringify, load: JSON.parse }'],
    [
      'takes one value where it is asked for more than its rows',
      'def self.a(name) = where(title: name).or(where(summary: name.strip))',
      'static a(name: string) {',
    ],
    ['takes a list where it is only a condition', 'def self.a(name) = where(title: name)', 'static a(name: string | string[]) {'],
    ['awaits a default in the body', 'def a(mark: user.name) = mark', 'if (mark === undefined) mark = (await this.user).name'],
    ['says that a keyword may be null', 'def a(mark: summary) = mark', 'mark?: string | null'],
    [
      'puts a block behind what a call leaves out',
      'def timed(name, limit = 1)\n  yield name, limit\nend\ndef a = timed("x") { |name| name }',
      "this.timed('x', undefined, (name",
    ],
    [
      'puts a block behind keywords that a call leaves out',
      'def timed(name, limit: 1)\n  yield name, limit\nend\ndef a = timed("x") { |name| name }',
      "this.timed('x', undefined, (name",
    ],
    [
      'puts keywords behind what a call leaves out',
      'def b(name, limit = 1, loud: false) = "#{name} #{limit} #{loud}"\ndef a = b("x", loud: true)',
      "this.b('x', undefined, { loud: true })",
    ],
    [
      'asks a query of groups for a method of its class past the types',
      'def a = User.group(:name).loud',
      "(User.group('name') as Untyped).loud()",
    ],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(name, async () => {
      expect(await post(ruby)).to.include(typescript)
    })
  }

  it('lets a method wait where what overrides it waits', async () => {
    const text = await ported(
      {
        'app/models/payload.rb':
          'class Payload\n  def initialize(user) = @user = user\n  def title = "none"\n  def shown = title.upcase\nend\n',
        'app/models/post_payload.rb': 'class PostPayload < Payload\n  def title = @user.profile.user.name\nend\n',
      },
      'app/models/payload.ts',
    )
    expect(text).to.include('async title()').and.include('(await this.title()).toUpperCase()')
  })

  it('leaves open what a method answers that others of its name fill in', async () => {
    const files = {
      'app/models/agent.rb': 'class Agent\n  def check\n  end\n  def names = []\nend\n',
      'app/models/post_agent.rb':
        'class PostAgent < Agent\n  def initialize(user) = @user = user\n  def check = @user.profile.user.name\n  def names = ["a"]\nend\n',
    }
    expect(await ported(files, 'app/models/agent.ts'))
      .to.include('async check(): Promise<Untyped> {}')
      .and.include('names(): Untyped[] {')
  })

  it('takes what a waiting method answers for a list', async () => {
    const stats = 'class Stats\n  def initialize(user) = @user = user\n  def all = @user.profile.user.posts\n  def size = all.size\nend\n'
    const text = await ported(
      { 'app/models/post.rb': 'class Post < ApplicationRecord\nend\n', 'app/models/stats.rb': stats },
      'app/models/stats.ts',
    )
    expect(text).to.include('(await this.all()).length')
  })

  it('hands a block on to the method above', async () => {
    const files = {
      'app/models/store.rb': 'class Store\n  def open(name, mode = 1)\n    yield name\n  end\nend\n',
      'app/models/deep_store.rb': 'class DeepStore < Store\n  def open(name)\n    super\n  end\nend\n',
    }
    expect(await ported(files, 'app/models/deep_store.ts')).to.include('super.open(name, undefined, block!)')
  })

  it('calls the constructor above before this is there', async () => {
    const error = 'class LateError < StandardError\n  def initialize(wait)\n    @wait = wait\n    super("wait")\n  end\nend\n'
    const text = await ported({ 'app/models/late_error.rb': error }, 'app/models/late_error.ts')
    expect(text.indexOf("super('wait')")).to.be.greaterThan(0).and.lessThan(text.indexOf('this._wait = wait'))
  })

  it('keeps a constructor in order where the one above takes what is computed before', async () => {
    const error =
      'class LateError < StandardError\n  def initialize(wait)\n    @wait = wait\n    text = "#{@wait}s"\n    super(text)\n  end\nend\n'
    const text = await ported({ 'app/models/late_error.rb': error }, 'app/models/late_error.ts')
    expect(text.indexOf('super(text)')).to.be.greaterThan(text.indexOf('this._wait = wait'))
  })

  it('has no type for a class whose file nobody has written', async () => {
    const text = await ported({
      'app/lib/meter.rb': 'class Meter\nend\n',
      'app/models/post.rb': 'class Post < ApplicationRecord\n  def a = @meter ||= Meter.new\nend\n',
    })
    expect(text).to.include('declare _meter: Untyped')
  })

  it('declares no scope twice', async () => {
    const text = await post('enum :summary, { open: "open" }\nscope :open, -> { where(summary: "open") }\ndef self.a = open')
    expect(text).to.include('static open() {').and.not.include('declare static open')
  })

  it('throws where a constant of a module is asked that was left', async () => {
    const text = await ported(
      {
        'app/models/marked.rb': 'module Marked\n  KINDS = eval("1")\n  def mark = Marked::KINDS\nend\n',
        'app/models/post.rb': 'class Post < ApplicationRecord\n  include Marked\nend\n',
      },
      'app/models/marked.ts',
    )
    expect(text).to.include('Marked.KINDS = null as Untyped').and.include("Object.defineProperty(Marked, 'KINDS'")
  })

  it('has the compiler read the models together', async () => {
    const text = await ported({ 'app/models/post.rb': modelRb('Post', '  def a(x) = x.y') }, 'app/untyped.ts')
    expect(text).to.include("import type {} from '../db/generated/register.ts'")
  })
})
