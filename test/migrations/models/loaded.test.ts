import { expect } from 'chai'
import { boot } from 'regauge'
import { portModels } from '../../../migrations/index.ts'
import { applicationWith, removeFolders as removeApplications } from '../../application/folder.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

describe('ported models that need what is not there', () => {
  afterEach(() => {
    removeFolders()
    removeApplications()
  })

  const port = async (ruby: Record<string, string>) => {
    const { files, rows } = await portModels(folderOf(ruby))
    return { files: Object.fromEntries(files.map(({ path, text }) => [path, text])), rows }
  }

  it('load without the classes of gems that they extend, and cannot be made', async () => {
    const { files } = await port({
      'app/models/scrubber.rb': 'class Scrubber < Html::PermitScrubber\n  TAGS = %w[a b]\n  def self.tags = TAGS\nend',
      'app/models/robot.rb': 'class Robot < Scrubber\nend',
    })
    const application = await boot({ root: applicationWith(files), env: 'test', serves: false })
    const { Scrubber, Robot } = Object.fromEntries(application.classes().map((each) => [each.name, each]))
    expect((Scrubber as unknown as { tags(): string[] }).tags()).to.deep.equal(['a', 'b'])
    expect(() => new (Robot as unknown as new () => object)()).to.throw('nothing here defines Html::PermitScrubber')
    await application.stop()
  })

  it('leave constants and macros that a gem would be asked for while they load', async () => {
    const { files, rows } = await port({
      'app/models/flag.rb': `class Flag < ApplicationRecord
  REASON = Gem::Value.define(:name)
  REASONS = [REASON.new("spam")]
  validates :memo, format: { with: Patterns::URL }
  validates :name, presence: true, if: -> { Patterns.strict? }
end`,
      'app/models/report.rb': 'class Report < ApplicationRecord\n  FIRST = Flag::REASONS.first\nend',
    })
    expect(rows.filter(({ status }) => status === 'left').map(({ construct, reason }) => `${construct} ${reason}`)).to.deep.equal([
      'REASON = nothing in the application defines Gem, which is needed while it is loaded',
      'REASONS = Flag.REASON is left as Ruby',
      'validates :memo, format: { with: Patterns::URL } nothing in the application defines Patterns, which is needed while it is loaded',
      'FIRST = Flag.REASONS is left as Ruby',
    ])
    const application = await boot({ root: applicationWith(files), env: 'test', serves: false })
    const { Flag } = Object.fromEntries(application.classes().map((each) => [each.name, each]))
    expect(() => (Flag as unknown as { REASONS: unknown }).REASONS).to.throw('app/models/flag.rb:3 is not ported')
    expect(files['app/models/flag.ts']).to.contain('declare const Patterns: Untyped').and.not.to.contain('declare const Gem')
    await application.stop()
  })

  it('leave statements of the body that call what nothing defines', async () => {
    const { rows } = await port({
      'app/models/period.rb':
        'class Period\n  KEYS = %w[day week]\n  class << self\n    KEYS.each { |key| announce_period(key) { from_key(key) } }\n    def from_key(key) = key\n  end\nend',
    })
    expect(rows.find(({ status }) => status === 'left')).to.include({ reason: 'nothing in the application defines announce_period' })
  })

  it('know the environment before the application runs', async () => {
    const { files } = await port({
      'app/models/plaid.rb':
        'class Plaid\n  DAYS = Rails.env.production? ? 730 : 90\n  def days = DAYS\n  def test? = Rails.env.test?\nend',
    })
    expect(files['app/models/plaid.ts'])
      .to.contain("static readonly DAYS = environment().name === 'production' ? 730 : 90")
      .and.to.contain("return application().config.env.name === 'test'")
  })

  it('take a number of days for a duration, also where a method has the name', async () => {
    const { files } = await port({ 'app/models/period.rb': 'class Period\n  WEEK = 7.days\n  def days = WEEK\nend' })
    expect(files['app/models/period.ts']).to.contain('static readonly WEEK = days(7)')
  })

  it('leave a loop by a break in the list read backwards, and refuse it in a block that is none', async () => {
    const { files, rows } = await port({
      'app/models/story.rb':
        'class Story\n  def last_of(names)\n    names.sort.reverse_each do |name|\n      break if name == ""\n    end\n  end\n  def broken(names) = names.map { |name| break if name.nil? }\nend',
    })
    expect(files['app/models/story.ts']).to.match(/for \(const name of .*toReversed\(\)\) \{\s+if \(name === ''\) \{\s+break/)
    expect(rows.find(({ construct }) => construct === 'def broken')).to.include({ status: 'left' })
  })

  it('leave callbacks that a gem would define, and macros that define methods while the program runs', async () => {
    const { files, rows } = await port({
      'app/models/concerns/placed.rb':
        'module Placed\n  extend ActiveSupport::Concern\n  class_methods do\n    def placed_in(parent)\n      define_method(:place) { send(parent) }\n    end\n  end\nend',
      'app/models/site.rb':
        'class Site < ApplicationRecord\n  include Placed\n  placed_in :town\n  after_validation :geocode, if: :moved?\n  before_save :tidy\n  def tidy = true\n  def moved? = true\nend',
    })
    expect(rows.filter(({ status }) => status === 'left').map(({ construct, reason }) => `${construct}: ${reason}`)).to.deep.equal([
      'placed_in :town: placedIn defines methods while the program runs',
      'after_validation :geocode, if: :moved?: nothing in the application defines geocode',
    ])
    expect(files['app/models/site.ts']).to.contain("this.beforeSave('tidy')")
  })

  it('join patterns by their sources, and texts as they are', async () => {
    const { files } = await port({
      'app/models/words.rb': 'class Words\n  HIDDEN = Regexp.union(/a+/, /b/)\n  PLAIN = Regexp.union("a+", "b")\nend',
    })
    const root = applicationWith(files)
    const { Words } = (await import(`${root}/app/models/words.ts`)) as { Words: { HIDDEN: RegExp; PLAIN: RegExp } }
    expect([Words.HIDDEN.source, Words.PLAIN.source]).to.deep.equal(['a+|b', 'a\\+|b'])
  })

  it('leave associations that lead nowhere, and what takes their attributes', async () => {
    const { rows } = await port({
      'db/schema.rb': schemaRb(
        'create_table "teams" do |t|\n  t.bigint "owner_id"\nend\ncreate_table "users" do |t|\n  t.bigint "squad_id"\nend',
      ),
      'app/models/user.rb': 'class User < ApplicationRecord\nend',
      'app/models/team.rb': `class Team < ApplicationRecord
  belongs_to :owner, class_name: "User"
  belongs_to :ghost, class_name: "User"
  belongs_to :client, class_name: "Oauth::Client"
  belongs_to :anything, polymorphic: true
  has_many :users
  has_many :players, class_name: "User", foreign_key: :squad_id
  has_many :members, through: :roles
  accepts_nested_attributes_for :players
  accepts_nested_attributes_for :members
end`,
    })
    expect(rows.filter(({ status }) => status === 'left').map(({ line, reason }) => `${line} ${reason}`)).to.deep.equal([
      '3 Team has no column ghost_id',
      '4 nothing in the application defines Oauth::Client',
      '6 User has no column team_id',
      '8 nothing in the application declares roles, which it goes through',
      '10 members is left as Ruby',
    ])
  })

  it('stay abstract where a dump in SQL lacks their table', async () => {
    const { files, rows } = await port({
      'db/structure.sql':
        'CREATE TABLE public.posts (\n    id bigint NOT NULL,\n    title text,\n    owner_id bigint\n);\nCREATE TABLE public.feeds (\n    id bigint NOT NULL\n);\n',
      'app/models/feed.rb': 'class Feed < ApplicationRecord\nend',
      'app/models/post.rb':
        'class Post < ApplicationRecord\n  has_many :images\n  has_many :comments, through: :gems\n  belongs_to :feed\n  belongs_to :owner, class_name: "Post"\nend',
      'app/models/image.rb': 'class Image < ApplicationRecord\n  belongs_to :post\n  def self.recent = all\nend',
    })
    expect(files['app/models/image.ts']).to.contain('AbstractModel').and.not.to.contain("this.belongsTo('post')")
    expect(rows.filter(({ status }) => status === 'left').map(({ construct, reason }) => `${construct}: ${reason}`)).to.deep.equal([
      'belongs_to :post: the ported schema has no table of Image',
      'class Image: the ported schema has no table of it',
      'has_many :images: the ported schema has no table of Image',
      'has_many :comments, through: :gems: nothing in the application declares gems, which it goes through',
      'belongs_to :feed: Post has no column feed_id',
    ])
  })

  it('store Ruby’s names of classes in namespaces', async () => {
    const { files } = await port({
      'db/schema.rb': schemaRb(
        'create_table "rooms" do |t|\n  t.string "type"\nend\ncreate_table "blog_posts" do |t|\nend\ncreate_table "notes" do |t|\n  t.string "owner_type"\n  t.bigint "owner_id"\nend',
      ),
      'app/models/room.rb': 'class Room < ApplicationRecord\nend',
      'app/models/rooms/open.rb': 'class Rooms::Open < Room\nend',
      'app/models/note.rb': 'class Note < ApplicationRecord\n  belongs_to :owner, polymorphic: true\nend',
      'app/models/blog/post.rb':
        'class Blog::Post < ApplicationRecord\n  self.table_name = "blog_posts"\n  has_many :notes, as: :owner\nend',
    })
    expect(files['app/models/rooms/open.ts']).to.contain("static readonly stiName: string = 'Rooms::Open'")
    expect(files['app/models/blog/post.ts']).to.contain("static readonly polymorphicName: string = 'Blog::Post'")
    expect(files['app/models/room.ts']).not.to.contain('Name')
  })

  it('bring the files along without which they cannot be loaded, and those that these need', async () => {
    const { files } = await port({
      'app/logical/category.rb': 'module Category\n  module_function\n  FIRST = Shelf::FIRST\n  def ids = [FIRST, 1]\nend',
      'app/logical/shelf.rb': 'class Shelf\n  FIRST = 0\nend',
      'app/logical/loud_validator.rb':
        'class LoudValidator < ActiveModel::EachValidator\n  def validate_each(record, attribute, value)\n    record.errors.add(attribute, "is quiet") unless value == value.upcase\n  end\nend',
      'app/logical/later.rb': 'class Later\n  def self.run = 1\nend',
      'app/models/tag.rb':
        'class Tag\n  include ActiveModel::Model\n  include ActiveModel::Attributes\n  attribute :name, :string\n  attribute :category, :integer\n  validates :name, loud: true\n  validates :category, inclusion: { in: Category.ids }\n  def later = Later.run\nend',
    })
    expect(Object.keys(files)).to.include.members(['app/logical/category.ts', 'app/logical/shelf.ts', 'app/logical/loud_validator.ts'])
    expect(Object.keys(files)).not.to.include('app/logical/later.ts')
    const written = { ...files, 'app/logical/later.ts': 'export class Later {}' }
    const application = await boot({ root: applicationWith(written), env: 'test', serves: false })
    const { Tag } = Object.fromEntries(application.classes().map((each) => [each.name, each])) as unknown as Record<
      string,
      new (
        given: object,
      ) => { isValid(): Promise<boolean> }
    >
    const answers = [
      { name: 'A', category: 1 },
      { name: 'a', category: 1 },
      { name: 'A', category: 2 },
    ].map((given) => new Tag!(given).isValid())
    expect(await Promise.all(answers)).to.deep.equal([true, false, false])
    await application.stop()
  })

  it('leave what needs while it is loaded what no port writes', async () => {
    const { rows } = await port({
      'config/application.rb': 'module Shop\n  class Application < Rails::Application\n  end\n  def self.sizes = [1]\nend',
      'app/models/size.rb': 'class Size\n  ALL = Shop.sizes\n  def self.all = Shop.sizes\nend',
    })
    expect(rows.find(({ status }) => status === 'left')).to.include({
      construct: 'ALL =',
      reason: 'Shop is needed while it is loaded, and no port writes config/application.rb',
    })
  })
})
