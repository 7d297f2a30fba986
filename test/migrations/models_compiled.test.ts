import { expect } from 'chai'
import { portModels } from '../../migrations/index.ts'
import { parses } from '../../migrations/typescript/index.ts'
import { folderOf, removeFolders, schemaRb } from './rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.string "summary"
t.integer "views"
t.bigint "user_id", null: false
end
create_table "users" do |t|
t.string "name", null: false
end`)
const user = 'class User < ApplicationRecord\n  has_many :posts\nend\n'

async function ported(files: Record<string, string>, path: string) {
  const { files: all } = await portModels(folderOf({ 'db/schema.rb': schema, 'app/models/user.rb': user, ...files }))
  const { text } = all.find((file) => file.path === path)!
  expect(parses(text), text).to.equal(true)
  return text
}

const post = (body: string) =>
  ported({ 'app/models/post.rb': `class Post < ApplicationRecord\n  belongs_to :user\n${body}\nend\n` }, 'app/models/post.ts')

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
})
