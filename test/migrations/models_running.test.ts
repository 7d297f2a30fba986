import { expect } from 'chai'
import { removeFolders as removeApplications } from '../application/folder.ts'
import { removeFolders, schemaRb } from './rails_app.ts'
import { type RunningPort, runPorted } from './running.ts'

describe('ported models, run on a database,', () => {
  let port: RunningPort | undefined

  const run = async (tables: string, ruby: Record<string, string>): Promise<RunningPort['models']> => {
    port = await runPorted({ 'db/schema.rb': schemaRb(tables), ...ruby })
    return port.models
  }

  afterEach(async () => {
    await port?.application.stop()
    port = undefined
    removeFolders()
    removeApplications()
  })

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
})
