import { expect } from 'chai'
import { portModels } from '../../../migrations/index.ts'
import { parses } from '../../../migrations/typescript/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.string "summary"
t.bigint "user_id", null: false
t.bigint "editor_id"
t.bigint "total", null: false
t.datetime "seen_at"
t.decimal "tax", null: false
end
create_table "users" do |t|
t.string "name", null: false
t.boolean "admin", null: false
end
create_table "comments" do |t|
t.bigint "post_id", null: false
t.string "body", null: false
end`)
const others = {
  'app/models/user.rb': 'class User < ApplicationRecord\n  has_many :posts\n  scope :loud, -> { where(name: "A") }\nend\n',
  'app/models/comment.rb': 'class Comment < ApplicationRecord\n  belongs_to :post\nend\n',
}

async function ported(files: Record<string, string>, path = 'app/models/post.ts', provider: 'sqlite' | 'postgresql' = 'sqlite') {
  const { files: all, rows } = await portModels(folderOf({ 'db/schema.rb': schema, ...others, ...files }), provider)
  const { text } = all.find((file) => file.path === path)!
  expect(parses(text), text).to.equal(true)
  return { text, rows }
}

const classOf = (body: string) =>
  `class Post < ApplicationRecord\n  belongs_to :user\n  belongs_to :editor, class_name: "User", optional: true\n  has_many :comments\n${body}\nend\n`
const post = (body: string, files: Record<string, string> = {}) => ported({ 'app/models/post.rb': classOf(body), ...files })

describe('what ported models are given, compare and write', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['takes a list where it is asked as one', 'def self.a(ids) = ids.empty? ? none : where(user_id: ids)', 'static a(ids: number[]) {'],
    [
      'takes a text where texts have the method, too',
      'def self.a(name) = name.empty? ? none : where(title: name)',
      'static a(name: string) {',
    ],
    [
      'takes a list in a scope that asks it as one',
      'scope :a, ->(ids) { ids.any? ? where(user_id: ids) : all }',
      'static a(ids: number[]) {',
    ],
    [
      'takes records where a parameter is called after several',
      'scope :a, ->(users) { where(user: users) }',
      'static a(users: User | User[]) {',
    ],
    ['takes one where it is called after one', 'scope :a, ->(user) { where(user: user) }', 'static a(user: User) {'],
    ['takes null where a method is given nil', 'def a = b(nil)\ndef b(user) = user&.name', 'b(user: User | null) {'],
    [
      'takes null where a scope is given nil',
      'scope :a, ->(user) { user ? where(user: user) : all }\ndef b = Post.a(nil)',
      'static a(user: User | null) {',
    ],
    [
      'asks a record for its key where a key is asked for',
      'def self.a(user) = where(user_id: user).any? && user.name',
      '.where({ user_id: user.id })',
    ],
    ['takes a key where nothing is asked of the record', 'def self.a(user) = where(user_id: user)', 'static a(user: number | number[]) {'],
    ['asks records among keys for theirs', 'def a = Post.where.not(id: [self, 67])', '.not({ id: [this.id, 67] })'],
    [
      'keeps open what is asked for its class',
      'def a = Post.b(title)\ndef self.b(title) = title.is_a?(self) ? title : new(title: title)',
      'static b(title: Untyped) {',
    ],
    [
      'says that a record is given for a number',
      'def a(user) = self.user_id = user.admin? ? user : nil',
      '= (user.admin ? user : null) as Untyped',
    ],
    [
      'gives what is left of a record that may be missing',
      'def a = update_column(:editor_id, editor&.id)',
      "'editor_id', (await this.editor)?.id ?? null)",
    ],
    [
      'writes a number by the name of a decimal',
      'def a = update_column(:tax, title.length)',
      "updateColumn('tax', new Prisma.Decimal(this.title.length))",
    ],
    ['writes null where a column has none', 'def a = self.user_id = nil', 'this.user_id = null!'],
    [
      'assigns a record that is never missing',
      'def a = self.user = User.find_by(name: "A")',
      ".assign({ user: (await User.findBy({ name: 'A' }))! })",
    ],
    [
      'assigns null for a record that may be missing',
      'def a = self.editor = User.find_by(name: "A")',
      ".assign({ editor: await User.findBy({ name: 'A' }) })",
    ],
    [
      'makes records with what a column is never null of',
      'def a = Comment.new(post: self, body: summary)',
      'new Comment({ post: this, body: this.summary! })',
    ],
    [
      'inserts rows as the columns take them',
      'def self.a(title, count = 1) = upsert({ title: title, total: count })',
      'total: BigInt(count) })',
    ],
    ['adds 64 bits to a number', 'def a = total + title.length', 'Number(this.total) + this.title.length'],
    ['divides 64 bits by a whole number', 'def a = total / 1.day.to_i', 'Math.floor(Number(this.total) / Math.trunc(Number(days(1))))'],
    ['masks 64 bits', 'def a = total & 0xff', 'return this.total & 255n'],
    [
      'writes to a record that may be missing as Ruby would',
      'def a\n  found = User.find_by(name: "A")\n  found.name = "B"\nend',
      "found!.name = 'B'",
    ],
    [
      'assigns a default to what nothing else is',
      'belongs_to :owner, class_name: "User", foreign_key: :user_id, default: -> { Post.first&.user }',
      ')! })',
    ],
    [
      'answers what a transaction does, or nothing',
      'def a = self.summary = transaction { title }',
      '(await Post.transaction(async () => this.title)) ?? null',
    ],
    ['answers what a block under a lock does', 'def a = self.title ||= user.with_lock { title }', '.withLock(() => this.title))!'],
    ['asks once what is asked only if it is there', 'def a = seen_at&.tomorrow&.end_of_day', '((there) => (there == null ? null :'],
    [
      'asks methods of texts only of those that are there',
      'def a = summary&.end_with?("b")',
      "this.summary == null ? null : this.summary!.endsWith('b')",
    ],
    [
      'tries a method with what it is given',
      'def a = editor.try(:update!, name: title)',
      '(await this.editor)?.updateOrThrow({ name: this.title })',
    ],
    [
      'goes through a hash in the order of its keys',
      'def a = { b: 1, a: 2 }.sort',
      '.toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)))',
    ],
    ['takes a logarithm with a base', 'def a = Math.log(title.length, 10)', 'Math.log(this.title.length) / Math.log(10)'],
    ['takes zero for a sum of nothing', 'def a = comments.map(&:post_id).inject(&:+).to_f', ' ?? 0'],
    ['writes a text that is there either way', 'def a = "at #{seen_at || "never"}"', "`at ${this.seen_at ?? 'never'}`"],
    ['compares what nobody knows with a record', 'def a(by) = user.then { |user| by == user }', 'user.equals(by)'],
    ['replaces by a text that may be missing as Ruby would', 'def a = title.sub("a", summary)', "this.title.replace('a', this.summary!)"],
    ['tells records apart', 'def self.a = distinct(:title)', 'this.distinct()'],
    ['has no inverse', 'belongs_to :owner, class_name: "User", foreign_key: :user_id, inverse_of: nil', 'inverseOf: false'],
    ['calls what nobody knows where nothing takes its answer', 'def a(file)\n  file.analyze\n  file.size\nend', 'file.analyze()'],
    [
      'gives a method two parameters',
      'def a(all) = all.to_h.reject(&method(:b))\ndef b(key, value) = key == value',
      'this.b(item1, item2)',
    ],
    [
      'knows what a constant of made ones holds first',
      'ALL = %w[a b].map { |name| new(title: name) }\nFIRST = ALL.first\ndef a = FIRST.title',
      'return Post.FIRST.title',
    ],
    ['takes numbers for a decimal that a parameter is written to', 'def a(tax) = update!(tax: tax)', 'a(tax: Prisma.Decimal | number) {'],
    ['makes a decimal of what a parameter is', 'def a(tax) = update!(tax: tax)', 'updateOrThrow({ tax: new Prisma.Decimal(tax) })'],
    [
      'gives a method one by chance of a list as Ruby would',
      'def a = b(%w[x y].sample)\ndef b(text)\n  update!(title: text)\nend',
      'this.b((',
    ],
    ['reads what a hash holds under nil', 'def a = comments.group_by(&:body)[nil]', "['null']"],
    ['assigns nothing to what is never missing', 'def a = Post.new(user: nil)', 'new Post({ user: null! })'],
    ['selects a list', 'def self.a = select(["title as name", :summary])', "this.select(sql('title as name'), 'summary')"],
    ['finds the least of what is SQL', 'def self.a = group(sql("x")).minimum("posts.seen_at")', "minimum(sql('posts.seen_at'))"],
    [
      'gives a keyword that is never nil what may be',
      'def a = b(text: summary)\ndef b(text: "x") = text',
      'this.b({ text: this.summary! })',
    ],
    [
      'raises an error of the class itself by its name',
      'OddError = Class.new(StandardError)\ndef a = raise(OddError, "odd")',
      "throw new Post.OddError('odd')",
    ],
    [
      'takes a parameter that is only called like a record for what it is given on as',
      'def a(comment) = b(comment)\ndef b(text) = update!(title: text)',
      'a(comment: string) {',
    ],
    [
      'takes one by chance of what nobody knows',
      'def a(all) = (all.any? ? all.frob : []).sample',
      '((items: Untyped) => items[Math.floor(Math.random() * items.length)])',
    ],
    ['finds the first of what nobody knows', 'def a(all) = all.frob.first.title', 'all.frob[0]'],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(name, async () => {
      expect((await post(ruby)).text).to.include(typescript)
    })
  }

  it('lets a variable hold queries that load more than others', async () => {
    const { text } = await post(
      'scope :full, -> { includes(:user) }\ndef self.a(loud)\n  found = full\n  found = found.where(title: "A") if loud\n  found\nend',
    )
    expect(text).to.include("let found: RelationTo<typeof Post, 'Post'> = this.full()").and.include('type RelationTo')
  })

  it('has a bigint for keys where the database of the schema has one', async () => {
    const ruby = { 'app/models/post.rb': classOf('def a = @key = user_id') }
    expect((await ported(ruby)).text).to.include('declare _key: number | null | undefined')
    expect((await ported(ruby, undefined, 'postgresql')).text).to.include('declare _key: bigint | null | undefined')
  })

  it('knows that the constructor writes an accessor', async () => {
    const counter = 'class Counter\n  attr_accessor :count\n  def initialize\n    self.count = 0\n  end\n  def up = self.count += 1\nend\n'
    expect((await ported({ 'app/models/counter.rb': counter }, 'app/models/counter.ts')).text).to.include('declare count: number\n')
  })

  it('declares the members of an enum in a module, and what a rule of a module is given', async () => {
    const stated = `module Stated
  extend ActiveSupport::Concern
  included do
    enum :title, %w[drafted published].index_by(&:itself)
    validates_each(:title) { |record, attr, value| record.errors.add(attr, "odd") if value == "b" }
  end
end`
    const { text } = await ported(
      { 'app/models/concerns/stated.rb': stated, 'app/models/post.rb': classOf('include Stated\ndef a = drafted?\ndef self.b = drafted') },
      'app/models/concerns/stated.ts',
    )
    expect(text)
      .to.include('declare isDrafted: () => boolean')
      .and.include('declare static drafted: () => Untyped')
      .and.include('(record: Untyped, attr: string, value: unknown)')
  })

  it('keeps the methods behind a class of its own public', async () => {
    const { text } = await post('class << self\n  private\n  def a = 1\nend\ndef b = title')
    expect(text).to.include('\n  b() {').and.not.include('protected b')
  })

  it('declares the attributes of a form', async () => {
    const search =
      'class Search\n  include ActiveModel::Model\n  include ActiveModel::Attributes\n  attribute :term, :string\n  def a = term\nend\n'
    expect((await ported({ 'app/models/search.rb': search }, 'app/models/search.ts')).text).to.include('declare term: string | null')
  })

  it('writes by a key that is computed, and answers what records do', async () => {
    const form = `class Form
  include ActiveModel::Model
  def []=(key, value)
    instance_variable_set(key, value)
  end
  def assign_attributes(attrs)
    attrs.each { |key, value| self[key] = value }
  end
end
`
    const { text } = await ported({ 'app/models/form.rb': form }, 'app/models/form.ts')
    expect(text).to.include('assignAttributes(attrs: Untyped): Untyped {').and.include('this.set(key, value)')
    expect((await post('def a(name) = self[name] = 1')).text).to.include('(this as Untyped)[name] = 1')
  })

  it('waits for an association that a method overrides', async () => {
    const { text } = await post('def user = super || User.first\ndef a = user.name')
    expect(text).to.include('(await this.user)')
  })

  it('leaves what Ruby refuses, and modules that are made while Ruby runs', async () => {
    const { rows, text } = await post('def a = seen_at <= 1.hour\ndef self.b(name) = Module.new { define_method(name) { 1 } }')
    expect(rows.filter(({ status }) => status === 'left').map(({ construct }) => construct)).to.deep.equal(['def a', 'def self.b'])
    expect(text).to.include('// PORT: seen_at <= 1.hour')
  })

  it('leaves a query that goes on from a scope that has to wait', async () => {
    const { rows } = await post('scope :a, -> { User.any? ? where(title: "A") : none }\ndef self.b = a.order(:title)')
    expect(rows.find(({ construct }) => construct === 'def self.b')).to.include({ status: 'left' })
  })

  it('leaves out of a rule what Rails never reads, and says so', async () => {
    const { rows, text } = await post('validates :title, presence: { with: true, message: "gone" }')
    expect(text).to.include("presence: { message: 'gone' }")
    expect(rows.find(({ reason }) => reason.includes('presence has no option with'))).to.include({ status: 'note' })
  })

  it('keeps the type of an attribute that a class only writes otherwise', async () => {
    const { text } = await post('def summary=(value)\n  super(value&.strip)\nend')
    expect(text).to.include('get summary(): string | null {')
  })

  it('declares a constant that was left of a file of functions', async () => {
    const { text } = await ported(
      { 'app/models/words.rb': 'module Words\n  extend self\n  STEMMER = eval("1")\n  def stem(word) = STEMMER.stem(word)\nend\n' },
      'app/models/words.ts',
    )
    expect(text).to.include('declare const STEMMER: Untyped')
  })

  it('takes a block that only what was left would call', async () => {
    const { text } = await post('def a(file)\n  file.open do |io|\n    eval(io)\n    yield io\n  end\nend')
    expect(text).to.include('a(file: Untyped, block')
  })
})
