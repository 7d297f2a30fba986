import { expect } from 'chai'
import { portModels, portSchema } from '../../../migrations/index.ts'
import { parses } from '../../../migrations/typescript/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.bigint "application_id"
end
create_table "users" do |t|
t.string "name"
end
create_table "roles" do |t|
t.string "name"
t.string "resource_type"
t.bigint "resource_id"
end
create_table "users_roles" do |t|
t.bigint "user_id"
t.bigint "role_id"
end
create_table "oauth_applications" do |t|
t.string "name", null: false
end
create_table "oauth_access_tokens" do |t|
t.bigint "application_id"
end
create_table "active_storage_attachments" do |t|
t.string "name", null: false
t.string "record_type", null: false
t.bigint "record_id", null: false
t.bigint "blob_id", null: false
end
create_table "active_storage_blobs" do |t|
t.string "key", null: false
end
create_table "action_text_rich_texts" do |t|
t.string "name", null: false
t.text "body"
t.string "record_type", null: false
t.bigint "record_id", null: false
end`)

function application(files: Record<string, string>): string {
  return folderOf({ 'db/schema.rb': schema, ...files })
}

async function ported(files: Record<string, string>) {
  const result = await portModels(application(files))
  const textOf = (path: string) => result.files.find((file) => file.path === path)?.text ?? ''
  for (const { path, text } of result.files) expect(parses(text), path).to.equal(true)
  return { textOf, paths: result.files.map(({ path }) => path), looks: result.rows.filter(({ status }) => status !== 'ported') }
}

const post = (body: string) => ({ 'app/models/post.rb': `class Post < ApplicationRecord\n${body}\nend\n` })

describe('models and macros of gems', () => {
  afterEach(removeFolders)

  it("writes a plain model of a gem's class that the application speaks of, where its table is there", async () => {
    const { textOf, looks } = await ported(post("belongs_to :application, class_name: 'Doorkeeper::Application'"))
    expect(textOf('app/models/post.ts')).to.include("this.belongsTo('application', { className: 'DoorkeeperApplication' })")
    expect(textOf('app/models/doorkeeper/application.ts'))
      .to.include("export class DoorkeeperApplication extends Model('DoorkeeperApplication') {")
      .and.include("this.hasMany('access_tokens', { className: 'DoorkeeperAccessToken', foreignKey: 'application_id'")
    expect(looks.map(({ file, construct, status }) => [file, construct, status])).to.include.deep.members([
      ['db/schema.rb', 'class Doorkeeper::Application', 'note'],
      ['db/schema.rb', 'class Doorkeeper::AccessToken', 'note'],
    ])
    expect(looks.every(({ construct }) => /Doorkeeper|access_grants/.test(construct))).to.equal(true)
  })

  it('calls the table in the schema after it, and lets a class stand below it', async () => {
    const files = {
      'app/models/client.rb': 'class Client < Doorkeeper::Application\n  scope :loud, -> { where(name: "A") }\nend\n',
    }
    expect(portSchema(application(files)).files[0]!.text).to.include('model DoorkeeperApplication {')
    expect((await ported(files)).textOf('app/models/client.ts'))
      .to.include('export class Client extends DoorkeeperApplication {')
      .and.include("return this.where({ name: 'A' })")
  })

  it("leaves an association to a gem's class without a table", async () => {
    const { textOf, paths } = await ported(post("belongs_to :slug, class_name: 'FriendlyId::Slug'"))
    expect(textOf('app/models/post.ts')).to.include("// PORT: belongs_to :slug, class_name: 'FriendlyId::Slug'")
    expect(paths).not.to.include('app/models/friendly_id/slug.ts')
  })

  it('reads the rows of attached files, and keeps the macro for the rest', async () => {
    const { textOf, looks } = await ported(post('has_one_attached :photo\nscope :listed, -> { with_attached_photo }'))
    expect(textOf('app/models/post.ts'))
      .to.include('// PORT: has_one_attached :photo')
      .and.include("this.hasOne('photo_attachment', {")
      .and.include("scope: (relation) => relation.where({ name: 'photo' })")
      .and.include("this.hasOne('photo_blob', { through: 'photo_attachment', className: 'ActiveStorageBlob', source: 'blob' })")
      .and.include('return this.withAttachedPhoto()')
    expect(looks.map(({ construct, status }) => `${status} ${construct}`)).to.have.members([
      'note has_one_attached :photo',
      'note class ActiveStorage::Attachment',
      'note class ActiveStorage::Blob',
    ])
  })

  it('reads the rows of rich texts, and leaves what validates the text', async () => {
    const { textOf, looks } = await ported(post('has_rich_text :body\nvalidates :body, presence: true\nvalidates :title, presence: true'))
    expect(textOf('app/models/post.ts'))
      .to.include("this.hasOne('rich_text_body', {")
      .and.include('static withRichTextBody() {')
      .and.include('// PORT: validates :body, presence: true')
    expect(looks.find(({ construct }) => construct.startsWith('validates'))!.reason).to.equal('body is left as Ruby')
  })

  it('declares the roles of rolify, so that others go through them', async () => {
    const files = {
      'app/models/user.rb':
        "class User < ApplicationRecord\n  rolify\n  has_many :posts, through: :roles, source: :resource, source_type: 'Post'\nend\n",
      'app/models/role.rb': 'class Role < ApplicationRecord\n  belongs_to :resource, polymorphic: true\nend\n',
      ...post('resourcify'),
    }
    const { textOf, looks } = await ported(files)
    expect(textOf('app/models/user.ts'))
      .to.include("this.hasAndBelongsToMany('roles', { className: 'Role', joinTable: 'users_roles' })")
      .and.include("this.hasMany('posts', { through: 'roles'")
    expect(textOf('app/models/post.ts')).to.include("this.hasMany('roles', { className: 'Role', as: 'resource', dependent: 'destroy' })")
    expect(looks.map(({ construct }) => construct)).to.have.members(['rolify', 'resourcify'])
  })

  it('mixes in what discard gives models, with the column that they name', async () => {
    const body = 'include Discard::Model\nself.discard_column = :deleted_at\nscope :listed, -> { kept.order(:title) }'
    const { textOf, looks } = await ported(post(body))
    expect(textOf('app/models/post.ts'))
      .to.include("export class Post extends DiscardModel(Model('Post')) {")
      .and.include("this.discard_column = 'deleted_at'")
      .and.include("return this.kept().order('title')")
    expect(textOf('app/models/discard/model.ts'))
      .to.include("static discard_column: Untyped = 'discarded_at'")
      .and.include('return this.where({ [this.discard_column]: null })')
    expect(looks.map(({ file, line, construct, status }) => [file, line, construct, status])).to.deep.equal([
      ['app/models/post.rb', 2, 'module Discard::Model', 'note'],
    ])
  })
})
