import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.integer "state", null: false
t.bigint "user_id"
t.string "place_type"
t.bigint "place_id"
end
create_table "users" do |t|
t.string "name", null: false
end
create_table "photos" do |t|
end
create_table "tags" do |t|
t.bigint "post_id", null: false
t.bigint "user_id", null: false
end`)
const others = {
  'app/models/user.rb': 'class User < ApplicationRecord\nend\n',
  'app/models/photo.rb': 'class Photo < ApplicationRecord\n  has_many :posts, as: :place\nend\n',
  'app/models/tag.rb': 'class Tag < ApplicationRecord\n  belongs_to :post\n  belongs_to :user\nend\n',
}

async function post(body: string, files: Record<string, string> = {}) {
  const model = modelRb('Post', body)
  const result = await portedModels({ 'db/schema.rb': schema, ...others, 'app/models/post.rb': model, ...files })
  return { ...result, text: result.textOf('app/models/post.ts') }
}

describe('what ported models tell the compiler', () => {
  afterEach(removeFolders)

  it('names the associations that the schema does not know', async () => {
    const { text } = await post('has_many :tags\nhas_many :users, through: :tags\nbelongs_to :place, polymorphic: true')
    expect(text).to.include("interface Associations {\n    Post: { users: 'User'[]; place: 'Photo' | null }\n  }")
  })

  it('names the members of an enum', async () => {
    expect((await post('enum :state, { draft: 0, in_print: 1 }')).text)
      .to.include("interface AttributeTypes {\n    Post: { state: 'draft' | 'in_print' }\n  }")
      .and.include("this.enum('state', { draft: 0, in_print: 1 })")
  })

  it('asks a column that may be null, and a record that may be missing, as Ruby would', async () => {
    const { text } = await post(
      'belongs_to :user, optional: true\ndef a = title.upcase\ndef b = user.name\ndef c = user&.name\ndef d = title.nil?',
    )
    expect(text)
      .to.include('return this.title!.toUpperCase()')
      .and.include('return (await this.user)!.name')
      .and.include('return (await this.user)?.name')
      .and.include('return this.title == null')
  })

  it('declares constants that nothing here defines', async () => {
    expect((await post('def a = Stripe::Charge.create')).text).to.include(
      '// PORT: nothing here defines Stripe\ndeclare const Stripe: Untyped\n',
    )
  })

  it('names the files that models import and nothing has written', async () => {
    const { files } = await post('def a = PingJob.perform_later', { 'app/jobs/ping_job.rb': 'class PingJob < ApplicationJob\nend\n' })
    expect(files.find(({ path }) => path === 'app/unported.d.ts')!.text).to.include("declare module '*/jobs/ping_job.ts'")
  })

  it('asks for what nothing explains past the types', async () => {
    expect((await post('def a = frobnicate(1)')).text).to.include('return (this as Untyped).frobnicate(1)')
  })

  it('says of a method that asks itself what it answers', async () => {
    expect((await post('def a(n) = n.zero? ? 0 : a(n - 1)')).text).to.include('a(n: Untyped): Untyped {')
  })

  it('keeps a model without a table of the schema, abstract and untyped, and says so', async () => {
    const { files, rows } = await post('', { 'app/models/report.rb': 'class Report < ApplicationRecord\nend\n' })
    expect(files.find(({ path }) => path === 'app/models/report.ts')!.text).to.include('extends (AbstractModel as Untyped) {')
    expect(rows.find(({ construct }) => construct === 'class Report')).to.include({ status: 'left' })
  })

  it('keeps functions and constants of a module on the module', async () => {
    const mark = 'module Marked\n  extend ActiveSupport::Concern\n  KINDS = %w[a b]\n  def self.kind(n) = KINDS[n]\nend\n'
    const { files } = await post('include Marked\ndef a = Marked.kind(0)\ndef b = Marked::KINDS', { 'app/models/concerns/marked.rb': mark })
    expect(files.find(({ path }) => path.endsWith('marked.ts'))!.text)
      .to.include("Marked.KINDS = ['a', 'b']")
      .and.include('Marked.kind = (n: number) => {')
      .and.include('static readonly KINDS = Marked.KINDS')
  })

  it('leaves what Ruby calls by itself', async () => {
    const { rows } = await post('def method_missing(name) = super')
    expect(rows.find(({ construct }) => construct === 'def method_missing')).to.include({ status: 'left' })
  })

  it('reads on where a method of lists is called with keywords', async () => {
    const { rows } = await post('def a = [1].count(key: 1)')
    expect(rows.find(({ construct }) => construct === 'def a')).to.include({ status: 'note' })
  })
})
