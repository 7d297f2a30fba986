import { getDMMF } from '@prisma/get-dmmf'
import { expect } from 'chai'
import { type Provider, portSchema } from '../../../migrations/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

function ported(tables: Record<string, string>, rest: string, models: Record<string, string> = {}, provider: Provider = 'sqlite') {
  const body = Object.entries(tables).map(([name, columns]) => `create_table "${name}", force: :cascade do |t|\n${columns}\nend`)
  const files = Object.fromEntries(Object.entries(models).map(([name, text]) => [`app/models/${name}.rb`, text]))
  const result = portSchema(folderOf({ 'db/schema.rb': schemaRb([...body, rest].join('\n')), ...files }), provider)
  const schema = result.files[0]!.text
  const valid = getDMMF({ datamodel: schema })
  if (!('datamodel' in valid)) throw new Error(`${valid.error.message}\n${schema}`)
  const fields = (model: string) =>
    Object.fromEntries(
      valid.datamodel.models
        .find(({ name }) => name === model)!
        .fields.filter(({ kind }) => kind === 'object')
        .map((field) => [field.name, `${field.type}${field.isList ? '[]' : field.isRequired ? '' : '?'}`]),
    )
  return { ...result, schema, fields }
}

describe('porting foreign keys', () => {
  afterEach(removeFolders)

  it('names relations after columns and tables when there are no models', () => {
    const { fields } = ported({ users: '', posts: 't.bigint "user_id", null: false' }, 'add_foreign_key "posts", "users"')
    expect(fields('Post')).to.deep.equal({ user: 'User' })
    expect(fields('User')).to.deep.equal({ posts: 'Post[]' })
  })

  it('names relations as the models call them', () => {
    const { fields } = ported({ users: '', posts: 't.bigint "author_id"' }, 'add_foreign_key "posts", "users", column: "author_id"', {
      post: 'class Post < ApplicationRecord\n  belongs_to :writer, class_name: "User", foreign_key: :author_id, inverse_of: :essays\nend',
      user: 'class User < ApplicationRecord\n  has_many :drafts, -> { where(draft: true) }, class_name: "Post", foreign_key: :author_id\n  has_many :essays, class_name: "Post", foreign_key: :author_id, inverse_of: :writer\nend',
    })
    expect(fields('Post')).to.deep.equal({ writer: 'User?' })
    expect(fields('User')).to.deep.equal({ essays: 'Post[]' })
  })

  it('tells several relations of two models apart by name', () => {
    const { schema, fields } = ported(
      { users: '', follows: 't.integer "follower_id", null: false\nt.integer "followed_id", null: false' },
      'add_foreign_key "follows", "users", column: "follower_id"\nadd_foreign_key "follows", "users", column: "followed_id"',
    )
    expect(fields('User')).to.deep.equal({ follows_as_follower: 'Follow[]', follows_as_followed: 'Follow[]' })
    expect(schema).to.include('@relation("follows_follower", fields: [follower_id]').and.include('@relation("follows_followed")')
  })

  it('relates the rows between of has_and_belongs_to_many, where the database has no foreign keys', () => {
    const { schema, fields, rows } = ported(
      { posts: '', tags: '', posts_tags: 't.bigint "post_id", null: false\nt.bigint "tag_id", null: false' },
      '',
      {
        post: 'class Post < ApplicationRecord\n  has_and_belongs_to_many :labels, class_name: "Tag"\nend',
        tag: 'class Tag < ApplicationRecord\n  has_and_belongs_to_many :posts\nend',
      },
    )
    expect(fields('PostsTag')).to.deep.equal({ post: 'Post', tag: 'Tag' })
    expect(schema.match(/@noForeignKey/g)).to.have.length(2)
    expect(
      rows.filter(({ construct }) => construct.includes('has_and_belongs_to_many')).map(({ construct, status }) => [construct, status]),
    ).to.deep.equal([
      ['posts_tags.post_id has_and_belongs_to_many :labels', 'note'],
      ['posts_tags.tag_id has_and_belongs_to_many :labels', 'note'],
    ])
  })

  it('names a relation of a table with itself', () => {
    const { fields } = ported({ nodes: 't.integer "parent_id"' }, 'add_foreign_key "nodes", "nodes", column: "parent_id"', {
      node: 'class Node < ApplicationRecord\n  belongs_to :parent, class_name: "Node"\n  has_many :children, class_name: "Node", foreign_key: :parent_id\nend',
    })
    expect(fields('Node')).to.deep.equal({ parent: 'Node?', children: 'Node[]' })
  })

  it('makes a has_one of a unique column', () => {
    const { fields } = ported(
      { users: '', profiles: 't.integer "user_id", null: false\nt.index ["user_id"], name: "i", unique: true' },
      'add_foreign_key "profiles", "users"',
    )
    expect(fields('User')).to.deep.equal({ profile: 'Profile?' })
  })

  it('notes a has_one that the database does not hold to', () => {
    const { fields, rows } = ported({ users: '', profiles: 't.integer "user_id"' }, 'add_foreign_key "profiles", "users"', {
      user: 'class User < ApplicationRecord\n  has_one :profile\nend',
    })
    expect(fields('User')).to.deep.equal({ profile: 'Profile[]' })
    expect(rows.find(({ construct }) => construct === 'users has_one :profile')?.status).to.equal('note')
  })

  it('takes belongs_to for a relation where the database has no foreign key, and notes it', () => {
    const { fields, rows, schema } = ported(
      { users: '', posts: 't.integer "user_id"\nt.integer "subject_id"\nt.string "subject_type"' },
      '',
      {
        post: 'class Post < ApplicationRecord\n  belongs_to :user\n  belongs_to :subject, polymorphic: true\nend',
        user: 'class User < ApplicationRecord\nend',
      },
    )
    expect(fields('Post')).to.deep.equal({ user: 'User?' })
    expect(rows.find(({ status }) => status === 'note')?.reason).to.match(
      /^app\/models\/post\.rb:2 declares it, and the database has no foreign key/,
    )
    expect(schema).to.match(/\/\/\/ @noForeignKey\n +user +User\? +@relation/)
  })

  it("keeps the foreign key's own actions, and does nothing where it has none", () => {
    const { schema } = ported(
      { users: '', posts: 't.integer "user_id"\nt.integer "editor_id"' },
      'add_foreign_key "posts", "users", on_delete: :cascade\nadd_foreign_key "posts", "users", column: "editor_id", on_delete: :nullify, on_update: :restrict',
    )
    expect(schema).to.include('onDelete: Cascade, onUpdate: NoAction').and.include('onDelete: SetNull, onUpdate: Restrict')
  })

  it('gives a foreign key the name it has in a Rails database', () => {
    const { schema } = ported({ users: '', posts: 't.bigint "user_id"' }, 'add_foreign_key "posts", "users"', {}, 'postgresql')
    expect(schema).to.include('map: "fk_rails_5b5ddfd518"')
  })

  it('gives a column the type of the key it points at', () => {
    const { schema, rows } = ported({ users: '', posts: 't.integer "user_id"' }, 'add_foreign_key "posts", "users"', {}, 'postgresql')
    expect(schema)
      .to.match(/\/\/\/ @column\(Int\)\n +user_id BigInt\?/)
      .and.match(/\/\/\/ @noForeignKey\n +user +User\?/)
    expect(rows.find(({ status }) => status === 'note')?.reason).to.equal(
      "its columns are Int and the key they point at BigInt, which Prisma doesn't allow; in db/schema_extras.sql",
    )
  })

  it('keeps actions, deferral and missing validation of a foreign key that only SQL can make', () => {
    const options = 'on_delete: :nullify, deferrable: :deferred, validate: false'
    const { files, schema } = ported(
      { users: '', posts: 't.bigint "user_id", null: false' },
      `add_foreign_key "posts", "users", ${options}`,
      {},
      'postgresql',
    )
    expect(files[1]!.text).to.include('REFERENCES "users" ("id") ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID;')
    expect(schema).to.include('@noForeignKey')
  })

  it('leaves a foreign key as SQL when its column cannot have the type', () => {
    const { files, rows } = ported({ users: '', posts: 't.string "user_id"' }, 'add_foreign_key "posts", "users"', {}, 'postgresql')
    expect(files[1]!.text).to.include(
      'ALTER TABLE "posts" ADD CONSTRAINT "fk_rails_5b5ddfd518" FOREIGN KEY ("user_id") REFERENCES "users" ("id");',
    )
    expect(rows.some(({ reason }) => reason.startsWith('its columns have another type'))).to.equal(true)
  })

  it('does not let a relation hide a column', () => {
    const { fields } = ported({ users: '', posts: 't.string "user"\nt.integer "user_id"' }, 'add_foreign_key "posts", "users"')
    expect(fields('Post')).to.deep.equal({ user_record: 'User?' })
  })

  it('finds classes in namespaces, concerns, with table names of their own, and those that share a table', () => {
    const { fields } = ported(
      { admin_users: '', logs: 't.integer "user_id"', sessions: 't.integer "owner_id"' },
      'add_foreign_key "logs", "admin_users", column: "user_id"\nadd_foreign_key "sessions", "admin_users", column: "owner_id"',
      {
        'admin/user':
          'module Admin\n  class User < ApplicationRecord\n    include Sessioned\n    has_many :entries, class_name: "LogEntry", foreign_key: :user_id\n  end\nend',
        'admin/root': 'class Admin::Root < Admin::User\nend',
        log_entry: 'class LogEntry < ApplicationRecord\n  self.table_name = "logs"\n  belongs_to :user, class_name: "Admin::User"\nend',
        session: 'class Session < ApplicationRecord\n  belongs_to :owner, class_name: "Admin::User"\nend',
        'concerns/sessioned':
          'module Sessioned\n  extend ActiveSupport::Concern\n  included do\n    has_many :logins, class_name: "Session", foreign_key: :owner_id\n  end\nend',
      },
    )
    expect(fields('AdminUser')).to.deep.equal({ entries: 'LogEntry[]', logins: 'Session[]' })
    expect(fields('LogEntry')).to.deep.equal({ user: 'AdminUser?' })
  })

  it('gives a table to the class that is a record, not to one of the same name in a namespace', () => {
    const { schema, fields } = ported({ entropies: 't.bigint "card_id"', cards: '' }, '', {
      card: 'class Card < ApplicationRecord\n  has_one :entropy\nend',
      'card/entropy': 'class Card::Entropy\n  attr_reader :card\nend',
      entropy: 'class Entropy < ApplicationRecord\n  belongs_to :card\nend',
    })
    expect(schema).to.include('model Entropy {').and.not.include('CardEntropy')
    expect(fields('Entropy')).to.deep.equal({ card: 'Card?' })
  })
})
