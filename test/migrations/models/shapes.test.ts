import { expect } from 'chai'
import { portModels } from '../../../migrations/index.ts'
import { parses } from '../../../migrations/typescript/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.string "summary"
t.integer "user_id", null: false
t.bigint "editor_id"
t.datetime "created"
t.datetime "seen_at"
t.binary "flag", limit: 1
t.json "extra"
t.json "tags"
t.text "options"
end
create_table "users" do |t|
t.string "name", null: false
t.integer "rank"
end
create_table "teams" do |t|
t.string "name", null: false
end`)
const others = {
  'app/models/user.rb': 'class User < ApplicationRecord\n  has_many :posts\nend\n',
  'app/models/team.rb': 'class Team < ApplicationRecord\nend\n',
}

async function ported(files: Record<string, string>, path = 'app/models/post.ts', provider?: Parameters<typeof portModels>[1]) {
  const { files: all, rows } = await portModels(folderOf({ 'db/schema.rb': schema, ...others, ...files }), provider)
  const { text } = all.find((file) => file.path === path)!
  expect(parses(text), text).to.equal(true)
  return { text, rows }
}

const post = (body: string, others: Record<string, string> = {}, provider?: Parameters<typeof portModels>[1]) =>
  ported({ 'app/models/post.rb': `class Post < ApplicationRecord\n${body}\nend\n`, ...others }, 'app/models/post.ts', provider)

describe('what ported models say of the shape of values', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['wraps JSON into a list of anything', 'def a = Array.wrap(tags).each { |tag| tag["name"] }', '[this.tags ?? []].flat() as Untyped[]'],
    ['makes a list of JSON', 'def a = Array(tags).first', '[this.tags ?? []].flat() as Untyped[]'],
    ['wraps what a condition answers', 'def a = Array.wrap(summary ? "a" : nil)', "[(this.summary != null ? 'a' : null) ?? []].flat()"],
    [
      'opens JSON that is read by name',
      'def a = read_attribute(:extra)["name"]',
      "(this.readAttribute('extra')! as Record<string, Untyped>).name",
    ],
    ['takes JSON for a list where the other branch is one', 'def a = (tags.present? ? tags : []) - ["b"]', 'this.tags as Untyped[]'],
    ['passes JSON on as anything', 'def a = b(tags)\ndef b(given) = given.map { |tag| tag }', 'b(given: Untyped)'],
    [
      'writes a time as a text as a time',
      'before_save { self.created = Time.zone.now.utc.iso8601 }',
      'post.created = new Date(new Date().toISOString()',
    ],
    ['leaves other texts to the column of times', 'def a = self.created = title', 'this.created = this.title as Untyped'],
    ['compares bytes as the text that they are', 'def a = flag == "\\u0001"', "Buffer.from(this.flag ?? []).toString() === '\\u0001'"],
    ['reads a byte', 'def a = flag.getbyte(0) == 1', 'this.flag![0] === 1'],
    ['writes a text as bytes', 'def a = self.flag = title', 'this.flag = new Uint8Array(Buffer.from(this.title))'],
    [
      'reads the alias of a column as the column',
      'alias_attribute :created_at, :created\ndef a = created_at.year',
      'this.created_at!.getUTCFullYear()',
    ],
    ['compares times that may be null', 'def a = created == seen_at', 'this.created?.getTime() === this.seen_at?.getTime()'],
    [
      'says what a variable holds that is given something else',
      'def a\n  at = created\n  at = at&.iso8601\n  at\nend',
      'let at: Untyped = this.created',
    ],
    [
      'says that a variable may be null',
      'def a\n  at = title\n  at = summary if b\n  at\nend\ndef b = true',
      'let at: string | null = this.title',
    ],
    [
      'says of hashes that are added to that they are open',
      'def a\n  all = [{ a: 1 }]\n  all << { b: 2 }\n  all\nend',
      'let all: Untyped[] = [{ a: 1 }]',
    ],
    [
      'says of a hash that is replaced that it is open',
      'def a\n  all = { a: 1 }\n  all = all.merge(b: 2)\n  all\nend',
      'let all: Record<string, Untyped> = { a: 1 }',
    ],
    ['assigns nil to several variables', 'def a\n  b, c = nil\n  [b, c]\nend', ';[b, c] = [null, null]'],
    ['goes on with the list that was gone through', 'def a = Post.all.to_a.each { |post| post.title }.compact', 'items.forEach(('],
    ['asks nil for no pattern', 'def a = /b/.match?(summary)', 'this.summary != null && /b/.test(this.summary)'],
    ['deletes letters that are not seen', 'def a = title.delete("\\u200B")', "this.title.replace(/[\\u{200b}]/gu, '')"],
    [
      'names the options of batches',
      'def self.a = where(title: "a").find_in_batches(batch_size: 5) { |posts| posts.size }',
      '{ batchSize: 5 }',
    ],
    [
      'names the options of each',
      'def self.a\n  where(title: "a").find_each(batch_size: 5) { |post| puts post.title }\n  nil\nend',
      'findEach({ batchSize: 5 })',
    ],
    [
      'narrows a class where the other branch is a query',
      'def a\n  all = title ? Post.where(title: title) : Post\n  all.order(:title).first\nend',
      ': Post.all()',
    ],
    [
      'gives a parameter no type that is compared with texts and numbers',
      'def self.a(key) = where(title: key).or(where(user_id: key))',
      'a(key: Untyped)',
    ],
    ['keeps the underscore of what is not used', 'def a(_given_title) = title', 'a(_givenTitle: unknown)'],
    ['needs no block that it has no use of', 'def a(**_options, &_block) = title', '_block?: (...args: Untyped[]) => Untyped'],
    ['leaves open what answers a list or a hash', 'def a\n  return [] if title == "a"\n  { b: 1 }\nend', 'a(): Untyped'],
    [
      'asks for the change of an attribute that is no column',
      'attribute :draft, :string\nbefore_save :b, if: :draft_changed?\ndef b = draft_before_type_cast',
      "(post as Untyped).attributeChanged('draft')",
    ],
    ['takes what is cast for anything', 'def a = summary_before_type_cast.b', "(this.attributeBeforeTypeCast('summary') as Untyped)"],
    [
      'knows what constants of constants hold',
      'A = %w[a b].freeze\nB = A | %w[c]\ndef a = B.include?(summary)',
      'Post.B.includes(this.summary!)',
    ],
    [
      'seeks what may be null among the texts of a case',
      'A = %w[a b].freeze\ndef a\n  case summary\n  when *A then 1\n  end\nend',
      'Post.A.includes(this.summary!)',
    ],
    ['knows what the cache was given', 'def a = b.name\ndef b = Rails.cache.fetch("b") { User.first }', '(await this.b())!.name'],
    [
      'asks records of two classes alike',
      'def a(key)\n  found = key ? User.first : Team.first\n  found.name.upcase\nend',
      'found!.name.toUpperCase()',
    ],
    [
      'reads errors of JSON as those of JavaScript',
      'def a\n  b\nrescue JSON::ParserError\n  nil\nend\ndef b = title',
      'error instanceof SyntaxError',
    ],
    ['hands a variable on as a block', 'def a(names)\n  work = b\n  names.map(&work)\nend\ndef b = title ? :upcase : :downcase', '.map('],
    [
      'goes through the methods of a class as a list',
      'def a\n  (foo.public_methods - [:b]).each { |name| puts name }\n  nil\nend',
      '.filter((item: Untyped) => ![',
    ],
    ['calls a block that may be missing as Ruby does', 'def a(key, &block) = {}.fetch(key, &block)', 'block!()'],
    ['holds nil where a pattern has no group', 'def a\n  @found = $1 if title =~ /(b)/\nend', '?.[1] ?? null'],
    [
      'replaces the items of a range',
      'def a\n  all = [1, 2, 3]\n  all[1..] = []\n  all[0...1] = [4]\n  all\nend',
      'all.splice(1, Number.POSITIVE_INFINITY)',
    ],
    ['takes a number from a duration', 'def a = (5.minutes - 2).to_i', 'Math.trunc(minutes(5).seconds - 2)'],
    ['sleeps for a duration', 'def a = sleep(5.seconds)', 'setTimeout(resolve, seconds(5).seconds * 1000)'],
    [
      'takes a parameter for what it is asked to be',
      'def self.a(user)\n  user = User.new(user) if user.is_a?(Hash)\n  user\nend',
      'a(user: Untyped)',
    ],
    [
      'counts the parameters of a method',
      'def a(b, c) = b\ndef d = method(:a).arity == 1 ? a(title) : a(title, 1)',
      '.bind(this).length === 1',
    ],
    [
      'asks for keys by numbers where a hash has them as texts',
      'def self.a(all)\n  held = { "1" => 2 }\n  where(user_id: held.keys)\nend',
      'user_id: Object.keys(held).map(Number)',
    ],
    ['asks for a number that is given as a text', 'def self.a = where(user_id: "3")', "user_id: Number('3')"],
    ['writes a sum into a text', 'def a(b, c) = (b + c).to_s', 'String(b + c)'],
    ['maps what is read in batches', 'def self.a = where(title: "b").find_each.map(&:title)', "(await this.where({ title: 'b' })).map("],
    ['asks whether a number is none', 'def a(b) = b.nan?', 'Number.isNaN(b)'],
    ['makes a set of what is in brackets', 'def a(b) = Set[b, 1]', 'new Set([b, 1])'],
    ['leaves open what answers a number or a duration', 'def a\n  return 1 if title == "a"\n  5.days\nend', 'a(): Untyped'],
    ['adds to a variable that may be nil', 'def a\n  @count += 1\nend\ndef b\n  @count = 0\nend', 'this._count! += 1'],
    [
      'gives SQL and values in a list apart',
      'def self.a(key) = where(["title = :key OR summary = :key", { key: key }])',
      "where('title = :key OR summary = :key', { key })",
    ],
    ['knows what is read of a column', 'def self.a = pluck(:summary).map { |text| text&.upcase }', '.map((text) => text?.toUpperCase())'],
    [
      'knows what the body of a class holds in a variable',
      'class << self\n  def kinds(*kinds)\n    @kinds = kinds\n  end\nend\n@kinds = :all',
      'static _kinds: Untyped',
    ],
    [
      'writes a record with a writer of its own past the type',
      'def user_id=(name)\n  write_attribute(:user_id, User.find_by(name: name).id)\nend\ndef self.a = create(user_id: "b")',
      "create({ user_id: 'b' as Untyped })",
    ],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(name, async () => {
      const { text } = await post(ruby)
      expect(text).to.include(typescript)
    })
  }

  it('declares no constant that JavaScript has itself', async () => {
    const { text } = await post('def a = Object.const_get(title)\ndef b = extra.select { |key, _| key }')
    expect(text).not.to.include('declare const Object')
    expect(text).to.include('(Object as Untyped).constGet(')
  })

  it('gives a column the type of the key that it points at in the ported schema', async () => {
    const ruby = 'belongs_to :editor, class_name: "User"\ndef a = self.editor_id = 3'
    expect((await post(ruby, {}, 'sqlite')).text).to.include('this.editor_id = 3\n')
    expect((await post(ruby, {}, 'postgresql')).text).to.include('this.editor_id = 3n\n')
  })

  it('writes a method that is defined twice as it is defined last, and says so', async () => {
    const { text, rows } = await post('def a = title\ndef b = title\ndef a = summary')
    expect(text.match(/\ba\(\)/g)).to.have.length(1)
    expect(text).to.include('return this.summary')
    expect(rows.find(({ construct }) => construct === 'def a')).to.include({
      status: 'note',
      reason: 'line 4 defines it anew, and so it is written',
    })
  })

  it('delegates once what is delegated twice, and not what is defined below', async () => {
    const { text } = await post('belongs_to :user\ndelegate :name, :rank, to: :user\ndelegate :name, to: :user\ndef rank = 1')
    expect(text.match(/\bname\(\)/g)).to.have.length(1)
    expect(text.match(/\brank\(\)/g)).to.have.length(1)
  })

  it('has constants of what is abstract on itself', async () => {
    const base = 'class ApplicationRecord < ActiveRecord::Base\n  self.abstract_class = true\n  PATTERN = /a/\nend\n'
    const files = {
      'app/models/application_record.rb': base,
      'app/models/post.rb': 'class Post < ApplicationRecord\n  def a = ApplicationRecord::PATTERN.match?(title)\nend\n',
    }
    expect((await ported(files, 'app/models/application_record.ts')).text).to.include('ApplicationRecord.PATTERN = /a/')
  })

  it('makes accessors of aliases in a class without a table', async () => {
    const reader = 'class Reader\n  attr_accessor :uid\n  alias_attribute :orcid, :uid\nend\n'
    const { text } = await ported({ 'app/models/reader.rb': reader }, 'app/models/reader.ts')
    expect(text).to.include('get orcid() {\n    return this.uid').and.include('set orcid(value: Untyped) {\n    this.uid = value')
  })

  it('waits with a writer where the one above it does', async () => {
    const above =
      'class Post < ApplicationRecord\n  def author=(name)\n    write_attribute(:user_id, User.find_by(name: name).id)\n  end\nend\n'
    const below = 'class Draft < Post\n  def author=(_name)\n    self.title = "b"\n  end\nend\n'
    const { text } = await ported({ 'app/models/post.rb': above, 'app/models/draft.rb': below }, 'app/models/draft.ts')
    expect(text).to.include('async setAuthor(_name: unknown)')
  })

  it('asks what is a method of some records and an attribute of others by what it is', async () => {
    const named =
      'module Named\n  extend ActiveSupport::Concern\n  included do\n    after_create { write(name) }\n  end\n  def write(text) = text\nend\n'
    const files = {
      'app/models/concerns/named.rb': named,
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Named\n  def name = title\nend\n',
    }
    const user = { 'app/models/user.rb': 'class User < ApplicationRecord\n  include Named\nend\n' }
    const { text } = await ported({ ...files, ...user }, 'app/models/concerns/named.ts')
    expect(text).to.include("typeof held.name === 'function' ? held.name() : held.name")
  })

  it('knows the columns that a macro of the application serializes', async () => {
    const fields =
      'module Fields\n  extend ActiveSupport::Concern\n  class_methods do\n    def fields(*names)\n      names.each { |name| keep(name) }\n    end\n    def keep(name)\n      serialize name, coder: JSON\n    end\n  end\nend\n'
    const { text } = await post('include Fields\nfields :options\ndef a = options["mode"]', { 'app/models/concerns/fields.rb': fields })
    expect(text).to.include('Post: { options: Untyped').and.include('.mode')
  })

  it('leaves a key that a class names beside that of its table', async () => {
    const { text, rows } = await post('self.primary_key = "title"')
    expect(text).to.include('// PORT: self.primary_key = "title"')
    expect(rows.find(({ status }) => status === 'left')).to.include({
      construct: 'self.primary_key = "title"',
      reason: 'the key of the table is id, by which the model layer finds and writes rows',
    })
    expect((await post('self.primary_key = :id')).rows.filter(({ status }) => status === 'left')).to.deep.equal([])
  })

  it('keeps what is public in a class so below what is private on the class itself', async () => {
    const { text } = await post('class << self\n  private\n  def a = 1\nend\ndef b = title')
    expect(text).to.include('\n  b() {').and.not.to.include('protected b')
  })

  it('keeps public what a module that is mixed in has as well', async () => {
    const named = 'module Named\n  private\n  def key = "a"\nend\n'
    const { text } = await post('include Named\nprivate\ndef key = "b"', { 'app/models/named.rb': named })
    expect(text).not.to.include('protected key')
  })

  it('tells methods apart that Ruby calls by the same words', async () => {
    const { text } = await post('attr_accessor :store\ndelegate :createNote, to: :store\ndef create_note(note) = createNote(note)')
    expect(text).to.include('async createNote_(').and.include('this.createNote_(note)')
  })

  it('calls the constructor above first, also where its call has several lines', async () => {
    const lists =
      'class Lister < Enumerator\n  def initialize(block)\n    @value = nil\n    super(1) { |y|\n      while true\n        y << @value\n      end\n    }\n    block.call(self)\n  end\nend\n'
    const { text } = await ported({ 'app/models/lister.rb': lists }, 'app/models/lister.ts')
    expect(text.indexOf('super(')).to.be.lessThan(text.indexOf('this._value = null'))
  })

  it('goes through an object by its own each, and writes to it by its own []=', async () => {
    const rows = 'class Rows\n  def each(&block) = [1].each(&block)\n  def []=(name, value)\n    @held = [name, value]\n  end\nend\n'
    const { text } = await post('def a\n  rows = Rows.new\n  rows["b"] = 1\n  rows.each { |row| puts row }\n  nil\nend', {
      'app/models/rows.rb': rows,
    })
    expect(text).to.include("rows.set('b', 1)").and.include('rows.each((row')
  })

  it('imports a module of the same file that is handed on as a value', async () => {
    const coder =
      'module Coding\n  extend ActiveSupport::Concern\n  module Plain\n    def self.dump(value) = value\n  end\n  def a = b(Plain)\n  def b(given) = given\nend\n'
    const files = {
      'app/models/concerns/coding.rb': coder,
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Coding\nend\n',
    }
    expect((await ported(files, 'app/models/concerns/coding.ts')).text).to.include("import * as CodingPlain from './coding.ts'")
  })
})
