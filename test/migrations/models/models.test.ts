import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { port, portModels } from '../../../migrations/index.ts'
import { modelMacros } from '../../../migrations/models/runtime.ts'
import { ModelRecord } from '../../../src/model/record/model_record.ts'
import { portedModels } from './ported_models.ts'
import { folderOf, modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const conduit = new URL('../../../guides/conduit', import.meta.url).pathname
const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.integer "views", null: false
t.boolean "hidden", null: false
t.bigint "user_id", null: false
t.datetime "published_at", null: false
end
create_table "users" do |t|
t.string "name", null: false
end`)
const user = modelRb('User', '  has_many :posts')

/** The file that a model's body becomes. */
async function ported(body: string, files: Record<string, string> = {}) {
  const post = modelRb('Post', `  belongs_to :user\n${body}`)
  const ruby = { 'db/schema.rb': schema, 'app/models/user.rb': user, 'app/models/post.rb': post, ...files }
  const { textOf, files: written, rows } = await portedModels(ruby)
  return { text: textOf('app/models/post.ts'), files: written, rows: rows.filter(({ file }) => file === 'app/models/post.rb').slice(1) }
}

describe('porting models', () => {
  afterEach(removeFolders)

  const macros: [ruby: string, typescript: string][] = [
    [
      'has_many :comments, -> { where(hidden: false) }, dependent: :delete_all',
      "dependent: 'deleteAll', scope: (relation: Untyped) => relation.where({ hidden: false })",
    ],
    [
      'belongs_to :owner, class_name: "User", foreign_key: :user_id, optional: true, touch: true',
      "this.belongsTo('owner', { className: 'User', foreignKey: 'user_id', optional: true, touch: true })",
    ],
    ['belongs_to :place, polymorphic: true', "this.belongsTo('place', { polymorphic: true })"],
    ['has_one :cover, as: :place, inverse_of: :place', "this.hasOne('cover', { as: 'place', inverseOf: 'place' })"],
    [
      'validates :title, presence: true, length: { maximum: 80 }, if: :hidden?',
      "this.validates('title', { presence: true, length: { maximum: 80 }, if: 'hidden' })",
    ],
    [
      'validates :views, numericality: { greater_than: 0 }, unless: -> { hidden }',
      'numericality: { greaterThan: 0 }, unless: (post) => post.hidden',
    ],
    ['validates_presence_of :title, on: :create', "this.validates('title', { presence: true, on: 'create' })"],
    ['validates_uniqueness_of :title, scope: :user_id', "this.validates('title', { uniqueness: { scope: 'user_id' } })"],
    ['before_save { self.title = title.strip }', 'this.beforeSave((post) => {\n      post.title = post.title.trim()\n    })'],
    ['def announce = 1; after_create :announce, if: -> { views > 3 }', "this.afterCreate('announce', { if: (post) => post.views > 3 })"],
    [
      'after_commit -> { user.touch }, on: %i[create update]',
      "this.afterCommit(async (post) => (await post.user).touch(), { on: ['create', 'update'] })",
    ],
    ['enum :views, { few: 0, many: 1 }, prefix: true', "this.enum('views', { few: 0, many: 1 }, { prefix: true })"],
    ['enum views: %i[few many]', "this.enum('views', ['few', 'many'])"],
    ['scope :recent, -> { order(published_at: :desc) }', "static recent() {\n    return this.order({ published_at: 'desc' })"],
    ['scope :by, ->(user) { where(user: user) if user }', 'return this.where({ user })\n    }\n    return this.all()'],
    [
      'scope :named, ->(name) { joins(:user).where(users: { name: name }) }',
      "static named(name: string | string[]) {\n    return this.joins('user').where({ user: { name } })",
    ],
    ['scope :loud, -> { where("views > ?", 3).order("views DESC") }', "return this.where('views > ?', 3).order(sql('views DESC'))"],
    ['default_scope { where(hidden: false) }', 'this.defaultScope((relation) => relation.where({ hidden: false }))'],
    ['delegate :name, to: :user, prefix: true, allow_nil: true', 'async userName() {\n    return (await this.user)?.name'],
    ['normalizes :title, with: ->(t) { t.strip.downcase }', "this.normalizes('title', { with: (t) => t.trim().toLowerCase() })"],
    ['STATES = %w[new old].freeze', "static readonly STATES = ['new', 'old']"],
    ['has_paper_trail on: [:update]', '// PORT: has_paper_trail on: [:update]'],
  ]

  for (const [ruby, typescript] of macros) {
    it(`ports ${ruby}`, async () => {
      expect((await ported(ruby)).text).to.include(typescript)
    })
  }

  const bodies: [ruby: string, typescript: string][] = [
    ['title.presence || "none"', "return presence(this.title) ?? 'none'"],
    ['hidden? ? 1 : 2', 'return this.hidden ? 1 : 2'],
    ['return if views.zero?', 'if (this.views === 0) {'],
    ['user.posts.where(hidden: true).count', 'return (await this.user).posts.where({ hidden: true }).count()'],
    ['user&.name', 'return (await this.user)?.name'],
    ['user.posts.map(&:title).compact.uniq', 'new Set((await (await this.user).posts).map((post) => post.title).filter('],
    ['user.posts.each { |post| post.update!(hidden: true) }', ').posts) {\n      await post.updateOrThrow({ hidden: true })'],
    ['errors.add(:title, :blank) if title.blank?', "if (isBlank(this.title)) {\n      return this.errors.add('title', 'blank')"],
    ['raise ActiveRecord::RecordNotFound, "gone" unless user', "throw new RecordNotFound('gone')"],
    ['title_changed? && will_save_change_to_views?', "this.attributeChanged('title') && this.willSaveChangeToAttribute('views')"],
    ['published_at < 2.days.ago', 'return this.published_at < days(2).ago()'],
    ['"#{title} by #{user.name}"', 'return `${this.title} by ${(await this.user).name}`'],
    ['@total ||= user.posts.sum(:views)', "(this._total ??= await (await this.user).posts.sum('views'))"],
    ['save!\nrescue ActiveRecord::StatementInvalid => e\n  e.message', 'if (e instanceof StatementInvalid) {'],
    ['save!\nrescue ActiveRecord::RangeError => e\n  e.message', 'if (e instanceof OutOfRange) {'],
    ['save!\nrescue ActiveRecord::RecordInvalid => e\n  e.message', 'if (e instanceof RecordInvalid) {'],
    ['case views\n when 0 then "none"\n when 1..9 then "few"\n else "many" end', 'if (this.views === 0) {'],
  ]

  for (const [ruby, typescript] of bodies) {
    it(`translates ${ruby.split('\n', 1)[0]}`, async () => {
      expect((await ported(`def answer\n${ruby}\nend`)).text.replace(/ +\n/g, '\n')).to.include(typescript)
    })
  }

  it('waits wherever a method of its own waits, through other methods', async () => {
    const { text } = await ported('def first = second.upcase\ndef second = third\ndef third = user.name')
    expect(text).to.include('async first() {\n    return (await this.second()).toUpperCase()').and.include('async second() {')
  })

  it('makes concerns functions that add to a class', async () => {
    const concern =
      'module Sluggable\n  extend ActiveSupport::Concern\n  included do\n    before_save :slug\n  end\n  def slug = title.parameterize\nend\n'
    const { text, files } = await ported('include Sluggable', { 'app/models/concerns/sluggable.rb': concern })
    expect(text).to.include("export class Post extends Sluggable(Model('Post')) {")
    expect(files.find(({ path }) => path.endsWith('sluggable.ts'))!.text)
      .to.include('export function Sluggable<')
      .and.include("this.beforeSave('slug')")
  })

  it('keeps what it does not understand as Ruby, throws there, and says so', async () => {
    const { text, rows } = await ported('def odd\n  eval("1")\nend\nacts_as_odd :very')
    expect(text)
      .to.include('// PORT: eval("1")\n    throw new Error(\'app/models/post.rb:4 is not ported\')')
      .and.include('// PORT: acts_as_odd :very')
    expect(rows.map(({ construct, status }) => `${construct} ${status}`)).to.deep.equal(['def odd left', 'acts_as_odd :very left'])
  })

  it('notes the names that nothing in the application explains', async () => {
    const { rows } = await ported('def pay = Stripe::Charge.create(amount: views)')
    expect(rows[0]).to.include({ status: 'note' }).and.have.property('reason').that.includes('Stripe::Charge')
  })

  it('speaks of macros only that the model layer has', () => {
    expect([...modelMacros].filter((name) => !(name in ModelRecord))).to.deep.equal([])
  })

  it('ports every macro and method of Conduit, next to what was written by hand', async () => {
    const { rows, files, counts } = await port({ from: join(conduit, 'rails'), to: folderOf({}), only: ['models'] })
    expect(counts).to.include({ left: 0 })
    expect(rows.filter(({ status }) => status === 'note')).to.deep.equal([])
    for (const { path } of files.filter(({ path }) => /comment|favorite|follow|tag/.test(path))) {
      const { text } = (await portModels(join(conduit, 'rails'))).files.find((file) => file.path === path)!
      expect(text.replace(/declare module [\s\S]*?\n\}\n\n/, '')).to.equal(readFileSync(join(conduit, 'api', path), 'utf8'))
    }
  })

  it('gives the same text each time', async () => {
    expect((await ported('def a = user.name')).text).to.equal((await ported('def a = user.name')).text)
  })
})
