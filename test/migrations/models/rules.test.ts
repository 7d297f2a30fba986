import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.integer "state", null: false
t.string "tags", array: true
t.bigint "user_id", null: false
end
create_table "users" do |t|
t.string "name", null: false
end`)

/** What a port makes of some files: the text of one, and the rows of all. */
async function ported(files: Record<string, string>, path: string) {
  const { textOf, rows } = await portedModels({ 'db/schema.rb': schema, ...files })
  return { text: textOf(path), rows }
}

const post = (body: string, others: Record<string, string> = {}) =>
  ported({ 'app/models/post.rb': modelRb('Post', body), ...others }, 'app/models/post.ts')

describe('rules of the port of models', () => {
  afterEach(removeFolders)

  it('reads columns from db/structure.sql where there is no schema.rb', async () => {
    const dump =
      'CREATE TABLE public.notes (\n    id bigint NOT NULL,\n    is_open boolean DEFAULT false NOT NULL,\n    tags text[],\n    CONSTRAINT a CHECK (id > 0)\n);\n'
    const files = {
      'db/structure.sql': dump,
      'app/models/note.rb': 'class Note < ApplicationRecord\n  def a = is_open? && tags.first\nend\n',
    }
    const { rows, files: written } = await portedModels(files)
    expect(written[0]!.text).to.include('this.is_open && this.tags[0]')
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it('says by which columns rows are written', async () => {
    expect((await post('query_constraints :user_id, :id')).text).to.include("this.queryConstraints('user_id', 'id')")
  })

  it('reads columns from a dump of MySQL', async () => {
    const dump =
      'CREATE TABLE `notes` (\n  `id` bigint NOT NULL AUTO_INCREMENT,\n  `is_open` tinyint(1) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n'
    const files = { 'db/structure.sql': dump, 'app/models/note.rb': 'class Note < ApplicationRecord\n  def a = is_open?\nend\n' }
    expect((await portedModels(files)).files[0]!.text).to.include('return this.is_open')
  })

  it('makes methods of a module that is only extended with static', async () => {
    const search = { 'app/models/searching.rb': 'module Searching\n  def named(name) = where(title: name)\nend\n' }
    const files = { ...search, 'app/models/post.rb': 'class Post < ApplicationRecord\n  extend Searching\nend\n' }
    expect((await ported(files, 'app/models/searching.ts')).text)
      .to.include('static named(name')
      .and.include('return this.where({ title: name })')
  })

  it('makes what is current a class of static members', async () => {
    const current =
      'class Current < ActiveSupport::CurrentAttributes\n  attribute :user, :locale\n  def locale=(value)\n    super(value.to_s)\n  end\n  def name = user.name\nend\n'
    const user = 'class User < ApplicationRecord\nend\n'
    const { text } = await ported({ 'app/models/current.rb': current, 'app/models/user.rb': user }, 'app/models/current.ts')
    expect(text)
      .to.include('export class Current extends CurrentAttributes {')
      .and.include('declare static user: User | null | undefined')
      .and.include("this.attribute('user', 'locale')")
      .and.include("this.writeAttribute('locale', ")
      .and.include('static name() {')
  })

  it('gives a singleton its instance', async () => {
    const files = { 'app/models/registry.rb': 'class Registry\n  include Singleton\n  def size = 1\nend\n', 'app/models/post.rb': '' }
    expect((await ported(files, 'app/models/registry.ts')).text).to.include('static get instance(): Registry {')
    expect((await post('def a = Registry.instance.size', { 'app/models/registry.rb': files['app/models/registry.rb'] })).text).to.include(
      'return Registry.instance.size()',
    )
  })

  it('keeps the members of an enum in a constant where they are asked for', async () => {
    const { text, rows } = await post('enum :state, { draft: 0, published: 1 }\nscope :known, -> { where(state: states.keys) }')
    expect(text)
      .to.include('static readonly states: Record<string, number> = { draft: 0, published: 1 }')
      .and.include("this.enum('state', this.states)")
      .and.include('Object.keys(this.states)')
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it('gives every macro of with_options its options, also of one within another', async () => {
    const { text } = await post(
      'with_options dependent: :destroy do\n  with_options inverse_of: :post do |assoc|\n    assoc.has_many :users\n  end\nend',
    )
    expect(text).to.include("this.hasMany('users', { dependent: 'destroy', inverseOf: 'post' })")
  })

  it('makes the block of an association its extension', async () => {
    const users = { 'app/models/user.rb': 'class User < ApplicationRecord\nend\n' }
    const { text } = await post('has_many :users, foreign_key: :post_id do\n  def named(name)\n    where(name: name)\n  end\nend', users)
    expect(text).to.include('extending: {').and.include("named(this: CollectionOf<'User'>, name").and.include('return this.where({ name })')
  })

  const arel: [ruby: string, typescript: string][] = [
    ['where(arel_table[:title].lower.eq(x))', 'this.where(this.arelTable.title.lower().eq(x))'],
    ['where(arel_table[:title].eq(nil).or(arel_table[:state].gt(x)))', 'this.arelTable.title.eq(null).or(this.arelTable.state.gt(x))'],
    ['where(arel_table[:title].matches("%#{x}%"))', "this.arelTable.title.matches(`%${x ?? ''}%`)"],
    ['order(arel_table[:state].desc.nulls_last)', 'this.order(this.arelTable.state.desc().nullsLast())'],
    ['where.not(Post.where("a = b").arel.exists)', "this.not(Arel.exists(Post.where('a = b')))"],
    ['where(Post.arel_table[:id].in(Post.select(:id).arel))', "Post.arelTable.id.in(Post.select('id'))"],
    [
      'where(arel_table[:id].in(Post.select(:id).arel.union(:all, Post.select(:user_id).arel)))',
      "Arel.unionAll(Post.select('id'), Post.select(",
    ],
    [
      'where(Arel::Nodes::NamedFunction.new("LOWER", [arel_table[:title]]).eq(x))',
      "Arel.namedFunction('LOWER', [this.arelTable.title]).eq(x)",
    ],
    [
      'select(arel_table[Arel.star], arel_table[:id].count.as("n"))',
      "this.select(Arel.star(this.arelTable), this.arelTable.id.count().as('n'))",
    ],
    [
      'order(Arel::Nodes::Case.new.when(arel_table[:state].eq(1)).then(0).else(1).asc)',
      'Arel.case().when(this.arelTable.state.eq(1), 0).else(1).asc()',
    ],
    [
      'where((arel_table[:state] + 1).gt(arel_table.coalesce(arel_table[:user_id], 0)))',
      'state.add(1).gt(Arel.coalesce(this.arelTable.user_id, 0))',
    ],
    ['order(Arel.sql("length(title)").desc)', "this.order(sql('length(title)').desc())"],
    [
      'joins(arel_table.join(User.arel_table, Arel::Nodes::OuterJoin).on(User.arel_table[:id].eq(arel_table[:user_id])).join_sources)',
      'this.joins(Arel.outerJoin(User.arelTable).on(User.arelTable.id.eq(this.arelTable.user_id)))',
    ],
  ]
  for (const [ruby, typescript] of arel)
    it(`writes Arel as expressions of the table: ${ruby}`, async () => {
      const users = { 'app/models/user.rb': 'class User < ApplicationRecord\nend\n' }
      expect((await post(`scope :a, ->(x) { ${ruby} }`, users)).text).to.include(typescript)
    })

  it('keeps a table of Arel in a variable, and one under another name', async () => {
    const { text } = await post(
      'def self.a\n  posts = Post.arel_table\n  others = posts.alias(:o)\n  where(posts[:id].lt(others[:id]))\nend',
    )
    expect(text)
      .to.include('const posts = Post.arelTable')
      .and.include("const others = Arel.alias(posts, 'o')")
      .and.include('this.where(posts.id.lt(others.id))')
  })

  it('writes Arel of columns that it does not know as SQL with its values apart', async () => {
    expect((await post('scope :a, -> { where(arel_table[:zip].eq(3)) }')).text).to.include("this.where(sql('posts.zip = ?', 3))")
  })

  it('leaves Arel that it does not know', async () => {
    const { rows } = await post('scope :a, -> { select(arel_table.project(Arel.star)) }')
    expect(rows.find(({ construct }) => construct.startsWith('scope'))).to.include({ status: 'left' })
  })

  it('asks errors by the methods that they have here', async () => {
    const { text, rows } = await post(
      'def a\n  errors.add(:title, :blank, count: 1)\n  errors[:title].first if errors.any? || errors.include?(:title)\nend\ndef b = errors.map(&:message)',
    )
    expect(text)
      .to.include("this.errors.add('title', 'blank', { count: 1 })")
      .and.include("this.errors.isAny() || this.errors.has('title')")
      .and.include("this.errors.get('title')[0]")
      .and.include('[...this.errors].map((item) => item.message)')
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it('begins a transaction from a record', async () => {
    expect((await post('def a\n  transaction { save! }\nend')).text).to.include('Post.transaction(async () => this.saveOrThrow())')
  })

  it('takes a scope that answers a value in Rails too for ported', async () => {
    const { text, rows } = await post('scope :newest, -> { order(:id).last(3) }')
    expect(text).to.include('static async newest() {')
    expect(rows.at(-1)).to.include({ status: 'ported' })
  })

  it('makes classes of Active Model forms, whose accessors can be assigned', async () => {
    const form =
      'class Contact\n  include ActiveModel::Model\n  include ActiveModel::Attributes\n  attribute :age, :integer\n  attr_accessor :name\n  validates :name, presence: true\n  def shout = @name.to_s\nend\n'
    const { text, rows } = await ported({ 'app/models/contact.rb': form }, 'app/models/contact.ts')
    expect(text)
      .to.include("export class Contact extends FormModel('Contact') {")
      .and.include('get name() {\n    return this._name\n  }')
      .and.include('set name(value: Untyped) {\n    this._name = value\n  }')
      .and.include("String(this._name ?? '')")
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it('ports modules outside of the models that these include, and validators', async () => {
    const { files } = await portedModels({
      'app/models/post.rb': 'class Post < ApplicationRecord\n  include Marked\n  validates :title, calm: true\nend\n',
      'app/concerns/marked.rb': 'module Marked\n  extend ActiveSupport::Concern\n  def mark = 1\nend\n',
      'app/concerns/unused.rb': 'module Unused\nend\n',
      'app/validators/calm_validator.rb':
        'class CalmValidator < ActiveModel::EachValidator\n  def validate_each(record, attribute, value)\n    record.errors.add(attribute, :loud) if value == "A"\n  end\nend\n',
    })
    expect(files.map(({ path }) => path)).to.deep.equal([
      'app/models/post.ts',
      'app/concerns/marked.ts',
      'app/validators/calm_validator.ts',
      'app/untyped.ts',
    ])
    expect(files[2]!.text).to.include('export class CalmValidator extends EachValidator {')
  })

  it('keeps a query that a variable holds a query', async () => {
    const { text } = await post(
      'def self.search(loud)\n  found = where(state: 1)\n  found = found.where(title: "A") if loud\n  found.order(:title)\nend',
    )
    expect(text).to.include('let found = this.where({ state: 1 })').and.include("return found.order('title')").and.not.include('await')
  })

  it('compares keys where a condition is a record of another', async () => {
    const users = { 'app/models/user.rb': 'class User < ApplicationRecord\nend\n' }
    const { text } = await post('belongs_to :user\nscope :beside, ->(post) { where(user: post.user) }', users)
    expect(text).to.include('return this.where({ user_id: post.user_id })')
  })

  it('calls the helpers of routes', async () => {
    const { text } = await post(
      'include Rails.application.routes.url_helpers\ndef a = post_path(self)\ndef b = Rails.application.routes.url_helpers.posts_url(page: 2)',
    )
    expect(text).to.include('return routes.postPath!(this)').and.include('return routes.postsUrl!({ page: 2 })')
  })

  it('notes that times are of UTC where the application has another zone', async () => {
    const zone = { 'config/application.rb': 'class Application\n  config.time_zone = "Europe/Paris"\nend\n' }
    const { rows } = await post('def a = Time.current.beginning_of_day', zone)
    expect(rows.at(-1)).to.include({ status: 'note', reason: 'times are of UTC, where Rails takes those of Europe/Paris' })
  })

  it('decides by the schema what asks whether a table is there', async () => {
    const { text, rows } = await post('belongs_to :user if User.table_exists?\nbelongs_to :tag if Tag.table_exists?', {
      'app/models/user.rb': 'class User < ApplicationRecord\nend\n',
      'app/models/tag.rb': 'class Tag < ApplicationRecord\nend\n',
    })
    expect(text).to.include("this.belongsTo('user')").and.include('// PORT: belongs_to :tag if Tag.table_exists?')
    expect(rows.filter(({ file, status }) => file === 'app/models/post.rb' && status === 'ported')).to.have.length(1)
  })

  it('validates addresses by a pattern that finds what that of URI finds', async () => {
    const { text } = await post('validates :title, format: { with: URI::DEFAULT_PARSER.make_regexp(%w[http https]) }')
    const pattern = /format: \{ with: \/(.*)\/i \}/.exec(text)![1]!
    const finds = (given: string) => new RegExp(pattern, 'i').test(given)
    expect(['http://a.b', 'see HTTPS:x', 'https:%41'].map(finds)).to.deep.equal([true, true, true])
    expect(['ftp://a', 'http', 'http: ', 'https:"'].map(finds)).to.deep.equal([false, false, false, false])
    expect((await post('validates :title, format: URI.regexp')).text).to.include('format: /[a-z][-+.a-z\\d]*:')
  })

  it('takes a scope that answers a value for ported, also where nothing stands before it', async () => {
    expect((await post('scope :last_title, -> { maximum(:title) }')).rows.every(({ status }) => status === 'ported')).to.equal(true)
  })

  it('gives an abstract class what the tables below it have alike', async () => {
    const files = {
      'app/models/named.rb':
        'class Named < ApplicationRecord\n  self.abstract_class = true\n  def loud = name.upcase\n  def odd = title\nend\n',
      'app/models/user.rb': 'class User < Named\nend\n',
    }
    const { rows } = await ported(files, 'app/models/named.ts')
    expect(rows.filter(({ status }) => status !== 'ported').map(({ construct }) => construct)).to.deep.equal(['def odd'])
  })

  it('lists the locales that the configuration lists', async () => {
    const files = { 'config/application.rb': 'class Application\n  config.i18n.available_locales = %i[en de]\nend\n' }
    const body = 'validates :title, inclusion: { in: I18n.available_locales.map(&:to_s) }'
    expect((await post(body, files)).text).to.match(/inclusion: \{ in: \['en', 'de'\]/)
    expect((await post(body)).text).to.include('// PORT: validates :title')
  })

  it('reads folders that the application loads beside app and lib', async () => {
    const files = {
      'config/application.rb': 'class Application\n  config.autoload_paths.push("#{root}/extras", "#{root}/lib")\nend\n',
      'extras/words.rb': 'class Words\n  def self.loud(text) = text.upcase\nend\n',
    }
    const { text, rows } = await post('def a = Words.loud(title)', files)
    expect(text).to.include("import { Words } from '../../extras/words.ts'").and.include('return Words.loud(this.title)')
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })

  it("knows what the application's own module has, and imports it from where it is defined", async () => {
    const files = {
      'config/application.rb': 'module Blog\n  mattr_accessor :config\n  class Application < Rails::Application\n  end\nend\n',
    }
    const { text, rows } = await post('def a = Blog.config', files)
    expect(text).to.include("import { Blog } from '../../config/application.ts'").and.include('return Blog.config')
    expect(rows.filter(({ status }) => status !== 'ported')).to.deep.equal([])
  })
})
