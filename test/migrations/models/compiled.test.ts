import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.string "summary"
t.text "marks", array: true
t.enum "mood", enum_type: "moods"
t.integer "views"
t.bigint "user_id", null: false
end
create_table "users" do |t|
t.string "name", null: false
end`)
const user = modelRb('User', '  has_many :posts')

async function ported(files: Record<string, string>, path: string) {
  const { textOf } = await portedModels({ 'db/schema.rb': schema, 'app/models/user.rb': user, ...files })
  return textOf(path)
}

const post = (body: string) => ported({ 'app/models/post.rb': modelRb('Post', `  belongs_to :user\n${body}`) }, 'app/models/post.ts')

describe('what the compiler would take otherwise than Ruby', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['asks a set whether it has something', 'NAMES = Set.new(%w[a b])\ndef a = NAMES.include?(title)', 'Post.NAMES.has(this.title)'],
    ['asks a set that a list was made', 'NAMES = %w[a b].to_set.freeze\ndef a = title.in?(NAMES)', 'Post.NAMES.has(this.title)'],
    ['adds to a set', 'def a\n  seen = Set.new\n  seen << title\n  seen.size\nend', 'seen.add(this.title)'],
    ['counts a set', 'def a\n  seen = Set.new\n  seen << title\n  seen.size\nend', 'return seen.size'],
    [
      'puts the items of two sets together',
      'def a(b) = (Set.new([title]) | b.to_set).map(&:upcase)',
      'new Set([...new Set([this.title]), ...',
    ],
    ['asks the list of a set for what sets have not', 'def a = Set.new([title]).sort', '[...new Set([this.title])].toSorted('],
    [
      'takes a case apart by a set',
      'NAMES = Set["a"].freeze\nKEYS = Set.new(["b"])\ndef a\n  case title\n  when *KEYS then 1\n  end\nend',
      'Post.KEYS.has(this.title)',
    ],
    ['compares with the items of a set', 'def a = Post.where(title: Set.new(["x"]))', "title: [...new Set(['x'])]"],
    ['takes a set from a list', 'def a(b) = b.split(",") - Set.new([title])', '![...new Set([this.title])].includes(item)'],
    ['adds up what may be missing', 'def a = user.posts.map(&:views).sum', '(sum: number, item: number | null) => sum + item!'],
    ['adds up what nobody knows', 'def a(b) = b.sum(&:frob)', '(sum: number, item: Untyped) => sum + item'],
    [
      'looks for a key that may be null',
      'NAMES = { "a" => 1 }.freeze\ndef a = NAMES.key?(summary)',
      'Object.hasOwn(Post.NAMES, String(this.summary))',
    ],
    [
      'reads what is counted by group',
      'def a = Post.group(:title).count[title] || 0',
      "(await Post.group('title').count()).get(this.title) ?? 0",
    ],
    [
      'goes through what is counted by group',
      'def a = Post.group(:title).count.map { |title, n| "#{title}#{n}" }',
      "[...(await Post.group('title').count())].map",
    ],
    ['makes an object of what is counted by group', 'def a = { b: 1 }.merge(Post.group(:title).count)', 'Object.fromEntries'],
    ['takes its own table in conditions for the columns', 'def self.a(day) = where(posts: { views: day })', 'this.where({ views: day })'],
    ['adds up a column of what is joined as SQL', 'def a = User.joins(:posts).sum(:views)', "sum(sql('views'))"],
    ['asks for the ids of associations in a subquery', 'def self.a(user) = where(id: user.post_ids)', "{ id: user.posts.select('id') }"],
    ['makes a number of a key', 'def a\n  { "1" => 2 }.each { |id, n| Post.create!(views: id) }\nend', 'views: Number.parseInt(id, 10)'],
    ['takes a tree that a variable names past the types', 'def self.a(tree) = includes(tree)', 'this.includes(tree as Untyped)'],
    ['takes a list of trees apart', 'def self.a = includes([:user])', "this.includes('user')"],
    [
      'orders by the members of a type of the database',
      'NAMES = %w[a b].freeze\ndef self.a = in_order_of(:mood, NAMES)',
      "Post.NAMES as Post['mood'][]",
    ],
    [
      'goes through a list that may be missing',
      'def b = summary.nil? ? nil : summary.split(",")\ndef a\n  list = b\n  list.each { |each| each.upcase }\n  nil\nend',
      'of list!) {',
    ],
    ['reads an attribute by its name', 'def a = user.posts.first[:title].upcase', '.title.toUpperCase()'],
    ['takes a key that has the name of a record', 'def a(user)\n  self.user_id = user\nend', 'a(user: Untyped)'],
    ['groups by what may be missing', 'def a = user.posts.to_a.group_by(&:views)', '[String('],
    [
      'keeps a query in a variable',
      'def a\n  @all = Post.where(views: 1)\n  @all.map { |post| post.views }\nend',
      'this._all = Post.where({ views: 1 })',
    ],
    ['asks Array.wrap for what it was given', 'def a = Array.wrap(user.posts.to_a).map { |post| post.title }', '(post) => post.title'],
    ['says null for what &. has not', 'def a\n  name = User.first&.name\n  name\nend', '?.name ?? null'],
    ['finds what must be there', 'def a = User.find(views)', 'User.find(this.views!)'],
    ['says of a column of lists what they hold', 'def a = marks.include?(title)', 'Post: { marks: string[] }'],
    [
      'hands a block that may be missing on as one that is there',
      'def a(&block)\n  block.call if block\n  b(&block)\nend\ndef b(&work) = work.call',
      'block!',
    ],
    ['asks a list that waits for its items', 'def a(all) = all.select { |each| Post.find(each).user.name }', '(pairs: Untyped[]) =>'],
    ['compares seconds with a duration', 'def a = Time.current - Post.first.created_on < 5.minutes', 'minutes(5)'],
    ['compares numbers with the seconds of a duration', 'def a = title.length < 5.minutes', '< minutes(5).seconds'],
    ['keeps a number within a range', 'def a = title.length.clamp(0..10)', 'Math.min(Math.max(this.title.length, 0), 10)'],
    ['counts by SQL', 'def self.a = count("distinct user_id")', "this.count(sql('distinct user_id'))"],
    [
      'reads a constant that was merged',
      'NAMES = { "a" => "b" }.merge({ "c" => "d" }).freeze\ndef a = NAMES[title]',
      '(Post.NAMES as Record<string, Untyped>)[this.title]',
    ],
    ['takes lists of three apart', 'def a(rows)\n  rows.each { |x, y, z| frob(x, y, z) }\nend', 'for (const [x, y, z] of rows)'],
    ['asks groups for what they have not past the types', 'def self.a = group(:title).first', "(this.group('title') as Untyped).first()"],
    ['compares what the schema has not past the types', 'def self.a = where(frob: 1)', 'this.where({ frob: 1 } as Untyped)'],
    ['collects the pairs of a hash', 'NAMES = { "a" => "b" }.collect { |key, value| [key, value] }', 'Object.entries<Untyped>('],
    ['knows that there may be nothing present', 'def a = URI.parse(title.presence)', 'new URL(presence(this.title)!)'],
    ['keeps data in a store', 'store :summary, accessors: [:a], coder: JSON', 'summary: Untyped'],
    [
      'leaves the blank values of a hash out',
      'def a = { b: title }.compact_blank',
      'Object.fromEntries(Object.entries({ b: this.title }).filter(',
    ],
    [
      'sets what a class of records has no type of',
      'def a\n  Post.record_timestamps = false\n  1\nend',
      '(Post as Untyped).record_timestamps = false',
    ],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(name, async () => {
      expect(await post(ruby)).to.include(typescript)
    })
  }

  it('says of what a module asks its classes for that it could be anything', async () => {
    const files = {
      'app/models/listed.rb': 'module Listed\n  extend ActiveSupport::Concern\n  def all_views = posts.map { |post| post.views }\nend\n',
      'app/models/user.rb': 'class User < ApplicationRecord\n  include Listed\n  has_many :posts\nend\n',
      'app/models/post.rb': 'class Post < ApplicationRecord\n  belongs_to :user\nend\n',
    }
    expect(await ported(files, 'app/models/listed.ts')).to.include('(post: Post) => post.views')
  })

  const other = (name: string, text: string) =>
    ported({ 'app/models/post.rb': 'class Post < ApplicationRecord\nend\n', [`app/models/${name}.rb`]: text }, `app/models/${name}.ts`)

  it('gives a class the fields of its data', async () => {
    const text = await other(
      'option',
      'class Option < Data.define(:id, :name)\n  def self.one = new(1, name: "a")\n  def loud = name.upcase\nend\n',
    )
    expect(text)
      .to.include('constructor({ id, name }: { id: Untyped; name: Untyped }) {')
      .and.include("new this({ id: 1, name: 'a' })")
      .and.include('this.name.toUpperCase()')
  })

  it('calls the constructor of a struct from its own', async () => {
    const text = await other('point', 'class Point < Struct.new(:x, :y)\n  def initialize(x)\n    super(x, 0)\n  end\nend\n')
    expect(text).to.include('class PointFields {').and.include('class Point extends PointFields {').and.include('super({ x: x, y: 0 })')
  })

  it('reads the message that an error says itself', async () => {
    const text = await other(
      'late',
      'class Late < StandardError\n  def initialize(text)\n    super(text)\n  end\n  def message = super.to_s + "!"\nend\n',
    )
    expect(text)
      .to.include('override get message() {')
      .and.include('super()\n    this._message = text')
      .and.include("String(this._message ?? '')")
  })

  it('makes what only a gem knows how to make past the types', async () => {
    const text = await other('part', 'class Part < Dry::Struct\n  def self.one = Part.new(a: 1)\nend\n')
    expect(text).to.include('new (Part as Untyped)({ a: 1 })')
  })

  it('gives what a block of included defines to the classes', async () => {
    const module = 'module Listed\n  extend ActiveSupport::Concern\n  included do\n    def self.made(row) = new(row)\n  end\nend\n'
    const files = { 'app/models/listed.rb': module, 'app/models/post.rb': 'class Post < ApplicationRecord\n  include Listed\nend\n' }
    expect(await ported(files, 'app/models/listed.ts'))
      .to.include('static made(row: Untyped) {')
      .and.include('new this(row)')
  })

  it('opens a struct again', async () => {
    const text = await other('color', 'Color = Struct.new(:name)\n\nclass Color\n  def loud = name.upcase\nend\n')
    expect(text.match(/class Color/g)).to.have.length(1)
    expect(text).to.include('constructor({ name = null }: { name?: Untyped } = {})')
  })

  it('gives itself on from a module as what includes it', async () => {
    const files = {
      'app/models/listed.rb':
        'module Listed\n  extend ActiveSupport::Concern\n  def listed = Post.where(user: self)\n  def shown = Shower.new(self)\nend\n',
      'app/models/shower.rb': 'class Shower\n  def initialize(user) = @user = user\nend\n',
      'app/models/post.rb': 'class Post < ApplicationRecord\n  belongs_to :user\nend\n',
    }
    expect(await ported(files, 'app/models/listed.ts'))
      .to.include('user: this as Untyped')
      .and.include('new Shower(this as Untyped)')
  })

  it('writes a module that only classes below it make something of', async () => {
    const files = {
      'app/models/listed.rb': 'module Listed\n  class Drop\n    def a = 1\n  end\nend\n',
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Listed\nend\n',
    }
    expect(await ported(files, 'app/models/listed.ts')).to.include('export function Listed<T extends Mixable>(Base: T) {')
  })

  it('leaves open what a method answers that another answers otherwise below it', async () => {
    const files = {
      'app/models/agent.rb': 'class Agent\n  def check = 1\nend\n',
      'app/models/post_agent.rb': 'class PostAgent < Agent\n  def check = "a"\nend\n',
    }
    expect(await ported(files, 'app/models/agent.ts')).to.include('check(): Untyped {')
  })

  it('asks what is a method of one class and an attribute of another', async () => {
    const files = {
      'app/models/photo.rb': 'class Photo < ApplicationRecord\n  has_many :marks, as: :place\n  def title = "a"\nend\n',
      'app/models/post.rb': 'class Post < ApplicationRecord\n  has_many :marks, as: :place\nend\n',
      'app/models/mark.rb': 'class Mark < ApplicationRecord\n  belongs_to :place, polymorphic: true\n  delegate :title, to: :place\nend\n',
    }
    expect(await ported(files, 'app/models/mark.ts')).to.include("typeof held.title === 'function' ? held.title() : held.title")
  })
})
