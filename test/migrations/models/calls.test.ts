import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.integer "views"
t.boolean "hidden", null: false
t.bigint "user_id"
end
create_table "topics" do |t|
end
create_table "users" do |t|
t.string "name", null: false
end`)

async function ported(files: Record<string, string>, path = 'app/models/post.ts') {
  const { textOf, rows } = await portedModels({ 'db/schema.rb': schema, ...files })
  return { text: textOf(path), rows }
}

const post = async (body: string) =>
  (
    await ported({
      'app/models/user.rb': modelRb('User'),
      'app/models/post.rb': modelRb('Post', `  belongs_to :user\n${body}`),
    })
  ).text

describe('calls and macros of ported models', () => {
  afterEach(removeFolders)

  it('orders by SQL among columns', async () => {
    expect(await post('scope :a, -> { order(views: :asc, Arel.sql("lower(title)") => :desc, id: :asc) }')).to.include(
      "this.order({ views: 'asc' }, sql('lower(title) DESC'), { id: 'asc' })",
    )
  })

  it('orders by SQL that is computed', async () => {
    expect(await post('def self.a(name) = reorder(Arel.sql("lower(#{name})") => :asc)')).to.match(/this\.reorder\(sql\(`\$\{.*\} ASC`\)\)/)
  })

  it('deletes the key of a hash, and letters of a text', async () => {
    const text = await post('def a(values) = values.delete(:title)\ndef b = title.delete("ab")\ndef c = attributes.delete(:title)')
    expect(text)
      .to.include("(values, 'title')")
      .and.include(".replace(/[ab]/g, '')")
      .and.include("(this.attributes, 'title')")
      .and.not.include('[title]')
  })

  it('answers what was tapped, whatever the block ends with', async () => {
    const text = await post('def a\n  Post.new.tap do |post|\n    if title\n      post.save!\n      post.title = "x"\n    end\n  end\nend')
    expect(text).to.include('return post\n    })(new Post())').and.not.include('return null')
  })

  it('answers what was tapped where the block is left early', async () => {
    const text = await post('def a\n  copy = Post.new.tap do |post|\n    next if title.nil?\n    post.save!\n  end\n  copy.title\nend')
    expect(text).to.include('await (async () => {').and.include('return post').and.include('const copy = await (async (post')
  })

  it('knows the errors of statements that were ended', async () => {
    const names = [
      'Deadlocked',
      'LockWaitTimeout',
      'QueryAborted',
      'QueryCanceled',
      'SerializationFailure',
      'StatementTimeout',
      'TransactionRollbackError',
    ]
    const text = await post(`def a\n  save!\nrescue ${names.map((name) => `ActiveRecord::${name}`).join(', ')}\n  nil\nend`)
    expect(text).to.not.include('declare const')
    for (const name of names) expect(text).to.include(`error instanceof ${name}`)
  })

  it('reads the options of a validator', async () => {
    const { text } = await ported(
      {
        'app/models/short_validator.rb':
          'class ShortValidator < ActiveModel::EachValidator\n  def validate_each(record, attribute, value)\n    record.errors.add(attribute, options[:message] || :long)\n  end\nend\n',
      },
      'app/models/short_validator.ts',
    )
    expect(text).to.include("(this.options as Record<string, Untyped>).message || 'long'").and.not.include('options()')
  })

  it('reads what validate names, where that is an association', async () => {
    expect(await post('validate :user\nvalidate :odd\ndef odd = nil')).to.include(
      "this.validate((post) => post.user)\n    this.validate('odd')",
    )
  })

  it('asks a column by its name, where a condition asks whether it holds', async () => {
    expect(await post('validates :title, presence: true, if: :hidden?\nafter_save :a, unless: :title?\ndef a = nil'))
      .to.include("if: 'hidden'")
      .and.include("unless: (post) => post.queryAttribute('title')")
  })

  it('waits for the methods of the block of an association', async () => {
    const user = `class User < ApplicationRecord
  has_many :posts do
    def grant(title) = create!(title: title)
    def loud = where(title: "A")
  end
  def share
    posts.grant("x")
    nil
  end
  def self.all_loud(user) = user.posts.loud.to_a
end
`
    const { text, rows } = await ported(
      { 'app/models/user.rb': user, 'app/models/post.rb': 'class Post < ApplicationRecord\nend\n' },
      'app/models/user.ts',
    )
    expect(text)
      .to.include("await (this.posts as Untyped).grant('x')")
      .and.include('return await (user.posts as Untyped).loud()')
      .and.include("loud(this: CollectionOf<'Post'>)")
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it('names the keys of rows between as Rails does, without namespaces', async () => {
    const files = {
      'app/models/forum/topic.rb': 'class Forum::Topic < ApplicationRecord\n  has_and_belongs_to_many :users\nend\n',
      'app/models/user.rb': 'class User < ApplicationRecord\nend\n',
    }
    expect((await ported(files, 'app/models/forum/topic.ts')).text).to.include(
      "this.hasAndBelongsToMany('users', { foreignKey: 'topic_id' })",
    )
  })

  it('leaves associations of classes and to classes that have no table', async () => {
    const files = {
      'app/models/post.rb': 'class Post < ApplicationRecord\n  has_many :post_stats\nend\n',
      'app/models/post_stat.rb': 'class PostStat < ApplicationRecord\n  belongs_to :post\nend\n',
    }
    const { text, rows } = await ported(files)
    expect(text).to.include('// PORT: has_many :post_stats')
    expect(rows.filter(({ status }) => status === 'left').map(({ construct, reason }) => `${construct}: ${reason}`)).to.deep.equal([
      'has_many :post_stats: the ported schema has no table of PostStat',
      'belongs_to :post: the ported schema has no table of PostStat',
      'class PostStat: the ported schema has no table of it',
    ])
  })

  it('keeps classes without a table out of reach, so that the others boot', async () => {
    const { text, rows } = await ported(
      { 'app/models/post_stat.rb': 'class PostStat < ApplicationRecord\n  scope :big, -> { where("size > 1") }\nend\n' },
      'app/models/post_stat.ts',
    )
    expect(text).to.include('export class PostStat extends (AbstractModel as Untyped) {')
    expect(rows.find(({ status }) => status === 'left')).to.include({
      construct: 'class PostStat',
      reason: 'the ported schema has no table of it',
    })
  })

  it('leaves the validation of what only a macro that was left would define', async () => {
    const text = await post(
      'has_rich_text :answer\ntyped_store :settings do |s|\n  s.string :scheme\nend\nvalidates :answer, :title, presence: true\nvalidates_inclusion_of :scheme, in: %w[a]\nvalidates :title, presence: true',
    )
    expect(text)
      .to.include('// PORT: validates :answer')
      .and.include('// PORT: validates_inclusion_of :scheme')
      .and.include("this.validates('title', { presence: true })")
  })

  it('takes a macro that is called on self for one', async () => {
    expect(await post('self.validate :odd\ndef odd = nil')).to.include("this.validate('odd')")
  })

  it('ignores columns that the schema has no more, and leaves those that it has', async () => {
    const { text, rows } = await ported({
      'app/models/post.rb':
        'class Post < ApplicationRecord\n  self.ignored_columns += %w(slug body)\n  self.ignored_columns = ["title"]\nend\n',
    })
    expect(text).to.include('// PORT: self.ignored_columns = ["title"]').and.not.include('slug')
    expect(rows.map(({ construct, status }) => `${construct} ${status}`)).to.include.members([
      'self.ignored_columns += %w(slug body) ported',
      'self.ignored_columns = ["title"] left',
    ])
  })
})
