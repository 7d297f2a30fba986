import { expect } from 'chai'
import { portedStage } from './running.ts'

describe('ported models, run on a database,', () => {
  const run = portedStage()

  it('read what a module only writes otherwise, and write what a class only reads otherwise', async () => {
    const { Post, Category } = await run(
      'create_table "posts" do |t|\n  t.string "token"\n  t.string "title"\n  t.bigint "category_id"\nend\ncreate_table "categories" do |t|\n  t.string "name"\nend',
      {
        'app/models/concerns/token.rb': `module Token
  extend ActiveSupport::Concern
  included do
    after_initialize { self.token ||= "t1" if new_record? }
  end
  def token=(new)
    raise ArgumentError, "token already set" unless token.nil?
    super
  end
end`,
        'app/models/category.rb': 'class Category < ApplicationRecord\nend',
        'app/models/post.rb':
          'class Post < ApplicationRecord\n  include Token\n  belongs_to :category, optional: true\n  def title = super || "none"\n  def category = super || Category.new(name: "other")\nend',
      },
    )
    const post = new Post!({ title: 'Tea', category: await Category!.createOrThrow({ name: 'drinks' }) })
    expect([post.token, post.title, (await post.category).name]).to.deep.equal(['t1', 'Tea', 'drinks'])
    expect(() => (post.token = 't2')).to.throw('token already set')
    expect([new Post!().title, (await new Post!().category).name]).to.deep.equal(['none', 'other'])
  })

  it('declare what class methods of the application declare with the macros of Rails', async () => {
    const { Post, User } = await run(
      'create_table "posts" do |t|\n  t.string "title"\n  t.bigint "updater_id", null: false\nend\ncreate_table "users" do |t|\n  t.string "name"\nend',
      {
        'app/models/application_record.rb': `class ApplicationRecord < ActiveRecord::Base
  self.abstract_class = true
  concerning :Updating do
    class_methods do
      def belongs_to_updater(**options)
        class_eval do
          belongs_to :updater, class_name: "User", **options
          before_validation { self.title = title.to_s.strip }
          before_save do |record|
            record.title = "#{record.title}!"
          end
          validates :title, length: { maximum: 5, too_long: "is long" }, if: :updated?
        end
      end
    end
  end
end`,
        'app/models/user.rb': 'class User < ApplicationRecord\n  has_many :posts, foreign_key: :updater_id\nend',
        'app/models/post.rb':
          'class Post < ApplicationRecord\n  belongs_to_updater inverse_of: :posts, counter_cache: false\n  def updated? = true\nend',
      },
    )
    const updater = await User!.createOrThrow({ name: 'Ann' })
    const post = await Post!.createOrThrow({ title: ' Tea ', updater })
    expect([post.title, (await (await post.reload()).updater).name]).to.deep.equal(['Tea!', 'Ann'])
    const other = new Post!({ title: 'Coffee' })
    expect(await other.isValid()).to.equal(false)
    expect(other.errors.fullMessages).to.have.members(['Updater must exist', 'Title is long'])
  })

  it('join by conditions of one table beside each other, and order by what a query selects', async () => {
    const { User, Post } = await run(
      'create_table "users" do |t|\n  t.string "name"\nend\ncreate_table "posts" do |t|\n  t.string "title"\nend\ncreate_table "votes" do |t|\n  t.bigint "user_id"\n  t.bigint "post_id"\n  t.integer "vote"\n  t.bigint "comment_id"\nend',
      {
        'app/models/post.rb': `class Post < ApplicationRecord
  has_many :votes
  has_many :title_times, -> { select("title, count(*) as times").group("title").order(times: :desc) }, class_name: "Post", foreign_key: :id
  scope :by_times, -> { select("title, count(*) as times").group(:title).order(:times) }
end`,
        'app/models/vote.rb': 'class Vote < ApplicationRecord\n  belongs_to :user\n  belongs_to :post\nend',
        'app/models/user.rb': `class User < ApplicationRecord
  has_many :votes
  has_many :upvoted, -> { where("votes.comment_id" => nil, "votes.vote" => 1) }, through: :votes, source: :post
end`,
      },
    )
    const [tea, milk] = await Post!.createOrThrow([{ title: 'Tea' }, { title: 'Milk' }, { title: 'Tea' }])
    const user = await User!.createOrThrow({ name: 'Ann' })
    await user.votes.createOrThrow([
      { post: tea, vote: 1 },
      { post: milk, vote: -1 },
      { post: milk, vote: 1, comment_id: 3 },
    ])
    expect((await user.upvoted).map(({ title }: { title: string }) => title)).to.deep.equal(['Tea'])
    expect((await Post!.byTimes()).map(({ title }: { title: string }) => title)).to.deep.equal(['Milk', 'Tea'])
    expect((await tea.title_times).length).to.equal(1)
  })

  it('call a lambda without a parameter on the class, where it is the option of a validation', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.date "on"\n  t.string "kind"\n  t.string "login"\nend', {
      'app/models/post.rb': `class Post < ApplicationRecord
  alias_attribute :username, :login
  validates :on, comparison: { greater_than: -> { first_day } }
  validates :kind, inclusion: { in: ->(post) { post.kinds } }
  before_save { self.username = shortest(username) }
  def self.first_day = Date.new(2020, 1, 1)
  def kinds = %w[tea milk]
  def shortest(text)
    loop do
      text = text.to_s.chop
      break text.upcase if text.length < 3
    end
  end
end`,
    })
    const post = new Post!({ on: '2019-01-01', kind: 'wine', login: 'hannah' })
    expect(await post.isValid()).to.equal(false)
    expect(post.errors.fullMessages).to.deep.equal(['On must be greater than 2020-01-01', 'Kind is not included in the list'])
    Object.assign(post, { on: '2021-01-01', kind: 'tea' })
    expect([await post.save(), post.username, post.login]).to.deep.equal([true, 'HA', 'HA'])
  })

  it('read and write attributes with types that extend those of Rails', async () => {
    const { Feed, Crawl } = await run('create_table "feeds" do |t|\n  t.json "crawl"\n  t.string "name"\nend', {
      'app/models/crawl.rb': `class Crawl
  attr_reader :data
  def initialize(data)
    @data = data || {}
  end
  def count = data["count"]
end`,
      'app/models/crawl_type.rb': `class CrawlType < ActiveModel::Type::Value
  def type = :jsonb
  def cast(value)
    Crawl === value ? value : Crawl.new(value)
  end
  def deserialize(value)
    if String === value
      Crawl.new(JSON.parse(value))
    else
      super
    end
  end
  def serialize(value)
    case value
    when Crawl then value.data.to_json
    else super
    end
  end
end`,
      'app/models/loud_type.rb': 'class LoudType < ActiveRecord::Type::Value\n  def cast_value(value)\n    value.to_s.upcase\n  end\nend',
      'app/models/feed.rb': `class Feed < ApplicationRecord
  DEFAULT = { "count" => 1 }.tap { |hash| hash["seen"] = true }
  OTHER = DEFAULT.clone.tap { |hash| hash.delete("seen") }
  attribute :crawl, CrawlType.new
  attribute :name, LoudType.new
end`,
    })
    const feed = await Feed!.createOrThrow({ crawl: { count: 2 }, name: 'tea' })
    expect([feed.crawl instanceof Crawl!, feed.crawl.count(), feed.name]).to.deep.equal([true, 2, 'TEA'])
    expect((await Feed!.find(feed.id)).crawl.count()).to.equal(2)
    const counts = await Feed!.connection.selectValues("select crawl ->> '$.count' as number from feeds")
    expect(counts).to.deep.equal([2])
    expect([new Feed!().crawl.data, new Feed!().name]).to.deep.equal([{}, null])
    expect([Feed!.DEFAULT, Feed!.OTHER]).to.deep.equal([{ count: 1, seen: true }, { count: 1 }])
  })

  it('hold lists of what a pattern takes, and of the constants of a module', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.integer "level"\nend', {
      'app/models/post.rb': `class Post < ApplicationRecord
  module Levels
    MEMBER = 10
    OWNER = 60
  end
  ROLES = Levels.constants.map { |name| name.to_s.downcase } + %w[banned]
  FLAGS = %w[is_old unused_a unused_b].freeze
  ACTIVE = FLAGS.grep_v(/unused/)
  UNUSED = FLAGS.grep(/unused/)
  LIST = %w[a b c].to_sentence(last_word_connector: ", or ")
  validates :level, inclusion: { in: Levels.constants.map { |name| Levels.const_get(name) } }
end`,
    })
    expect(Post!.LIST).to.equal('a, b, or c')
    expect([Post!.ROLES, Post!.ACTIVE, Post!.UNUSED]).to.deep.equal([['member', 'owner', 'banned'], ['is_old'], ['unused_a', 'unused_b']])
    expect([await new Post!({ level: 60 }).isValid(), await new Post!({ level: 5 }).isValid()]).to.deep.equal([true, false])
  })

  it('have the default of a bigint for a member of an enum', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.bigint "kind", default: 0\nend', {
      'app/models/post.rb': 'class Post < ApplicationRecord\n  enum :kind, { plain: 0, generated: 1 }\nend',
    })
    expect([new Post!().kind, (await Post!.createOrThrow()).kind, (await Post!.generated()).length]).to.deep.equal(['plain', 'plain', 0])
  })

  it('read and write past accessors of their own, replace what patterns of constants find, and catch errors of the system', async () => {
    const { Note } = await run('create_table "notes" do |t|\n  t.string "body"\n  t.string "title"\nend', {
      'app/models/short_id.rb': 'class ShortId\n  def initialize(text)\n    @text = text\n  end\n  def to_s = @text.to_s\nend',
      'app/models/note.rb': `class Note < ApplicationRecord
  HIDDEN = Regexp.union(/x+/, /Y/)
  LOUD = /a/i
  def body=(text)
    self[:body] = text.gsub(HIDDEN, "").gsub(LOUD, "e")
    self.title = ShortId.new(body).to_s
  end
  before_create :title
  def title = "[#{self[:title]}]"
  def read
    opened
  rescue Errno::ENOENT
    "none"
  end
  def opened = "there"
end`,
    })
    const note = await Note!.createOrThrow({ body: 'xxaAYYbxx' })
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' })
    note.opened = () => {
      throw missing
    }
    expect([note.body, note.title, note.read()]).to.deep.equal(['eeb', '[eeb]', 'none'])
  })

  it('put patterns together', async () => {
    const { User } = await run('create_table "users" do |t|\n  t.string "name"\nend', {
      'app/models/user.rb': `class User < ApplicationRecord
  VALID = /[A-Z][a-z\\-]{0,4}|\\$/
  WORDS = %w[a b]
  validates :name, format: { with: /\\A#{VALID}\\z/o }
  def said?(word) = name.match?(/\\A(#{WORDS.join("|")}|#{word})+\\.\\z/i)
end`,
    })
    const names = ['Ann-a', 'Annabel', 'xAnn', '$', 'Ann\n']
    const valid = await Promise.all(names.map((name) => new User!({ name }).isValid()))
    expect(valid).to.deep.equal([true, false, false, true, false])
    const user = new User!({ name: 'ABBAc.' })
    expect([user.isSaid('c'), user.isSaid('d')]).to.deep.equal([true, false])
  })

  it('write a class by its name, and fold lists of nothing to nothing', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.string "title"\nend', {
      'app/models/concerns/named.rb':
        'module Named\n  extend ActiveSupport::Concern\n  def kind = self.class.to_s.parameterize\n  def label = "#{self.class} #{title}"\nend',
      'app/models/post.rb': `class Post < ApplicationRecord
  include Named
  def sum(numbers) = [numbers.inject(:+), numbers.inject(1, &:+), numbers.reduce { |a, b| a * b }].map(&:to_i)
end`,
    })
    const post = new Post!({ title: 'Tea' })
    expect([post.kind(), post.label(), post.sum([2, 3]), post.sum([])]).to.deep.equal(['post', 'Post Tea', [5, 6, 6], [0, 1, 0]])
  })

  it('ask for a change of a column where a condition names what Rails derives', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.string "title"\n  t.integer "edits", default: 0\nend', {
      'app/models/post.rb':
        'class Post < ApplicationRecord\n  before_save :count_edit, if: :will_save_change_to_title?\n  validates :edits, presence: true, unless: :title_changed?\n  def count_edit = self.edits += 1\nend',
    })
    const post = await Post!.createOrThrow({ title: 'Tea' })
    await post.updateOrThrow({ edits: 5 })
    expect(post.edits).to.equal(5)
    await post.updateOrThrow({ title: 'Milk' })
    expect(post.edits).to.equal(6)
  })

  it('ask with lists, records and nothing as Ruby does, and ask once what may be missing', async () => {
    const { Post, User } = await run(
      'create_table "users" do |t|\n  t.string "name"\nend\ncreate_table "posts" do |t|\n  t.string "title", null: false\n  t.bigint "user_id", null: false\nend',
      {
        'app/models/user.rb': 'class User < ApplicationRecord\n  has_many :posts\nend',
        'app/models/post.rb': `class Post < ApplicationRecord
  belongs_to :user
  scope :by, ->(user) { user ? where(user: user) : all }
  scope :among, ->(ids) { ids.empty? ? all : where(id: ids) }
  def self.everyone = by(nil).count
  def self.like(post) = where.not(id: [post, 67]).where(title: post.title).pluck(:id)
  def self.tallied = Post.all.map(&:title).tally.sort.flatten
  def self.of(user) = where(user_id: user).count + user.name.length
  def self.levels = Math.log(8, 2)
  def self.found(title) = find_by(title: title)&.tap { |post| post.title = "C" }
  def self.told(title) = find_by(title: title)&.title&.end_with?("B")
  def leave = self.user_id = nil
end`,
      },
    )
    const user = await User!.createOrThrow({ name: 'Ann' })
    const [first, second] = [await Post!.createOrThrow({ title: 'B', user }), await Post!.createOrThrow({ title: 'B', user })]
    await Post!.createOrThrow({ title: 'A', user })
    expect([
      await Post!.everyone(),
      await Post!.by(user).count(),
      await Post!.among([]).count(),
      await Post!.among([1, 2]).count(),
    ]).to.deep.equal([3, 3, 3, 2])
    expect([await Post!.like(first), await Post!.tallied(), await Post!.of(user), Post!.levels()]).to.deep.equal([
      [second.id],
      ['A', 1, 'B', 2],
      6,
      3,
    ])
    expect([(await Post!.found('A')).title, await Post!.found('D'), await Post!.told('B'), (await Post!.told('D')) ?? null]).to.deep.equal([
      'C',
      null,
      true,
      null,
    ])
    first.leave()
    expect([first.user_id, await first.isValid()]).to.deep.equal([null, false])
  })
})
