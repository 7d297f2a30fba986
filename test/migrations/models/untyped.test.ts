import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title", null: false
t.integer "views", null: false
t.integer "state", null: false
t.bigint "user_id", null: false
t.jsonb "extra", null: false
end
create_table "users" do |t|
t.string "name", null: false
t.bigint "account_id"
end
create_table "accounts" do |t|
t.string "plan", null: false
end`)
const others = {
  'app/models/user.rb':
    'class User < ApplicationRecord\n  belongs_to :account, optional: true\n  has_many :posts\n  def greet(name, loud: false) = "#{name} #{loud}"\n  def plain = name\nend\n',
  'app/models/account.rb': 'class Account < ApplicationRecord\nend\n',
}

async function post(body: string, files: Record<string, string> = {}) {
  const model = modelRb('Post', `  belongs_to :user\n${body}`)
  const result = await portedModels({ 'db/schema.rb': schema, ...others, 'app/models/post.rb': model, ...files })
  return { ...result, text: result.textOf('app/models/post.ts') }
}

describe('the types of what Ruby says none of', () => {
  afterEach(removeFolders)

  const cases: [name: string, ruby: string, typescript: string][] = [
    ['an instance variable by what it is given', 'def a = @name ||= title.strip', 'declare _name: string | null | undefined'],
    ['a record in an instance variable', 'def a = @post ||= Post.new', 'declare _post: Post | null | undefined'],
    ['an instance variable that is given different things', 'def a = @a = 1\ndef b = @a = "x"', 'declare _a: Untyped'],
    ['a key of 64 bits', 'def a = @key = user_id', 'declare _key: number | null | undefined'],
    ['a parameter by what the models pass', 'def a = b(title)\ndef b(text) = text.upcase', 'b(text: string) {'],
    ['a parameter that may be null', 'def a = b(title)\ndef c = b(nil)\ndef b(text) = text&.upcase', 'b(text: string | null) {'],
    ['a keyword by what the models pass', 'def a = b(text: title)\ndef b(text:) = text.upcase', 'b({ text }: { text: string }) {'],
    ['a parameter that is assigned anew', 'def a = b(title)\ndef b(text)\n  text = text.to_sym\n  text\nend', 'b(text: Untyped) {'],
    ['a parameter that is only looked at', 'def a(x) = "#{x}"', 'a(x: unknown) {'],
    ['a parameter of which nobody knows', 'def a(x) = x.frob', 'a(x: Untyped) {'],
    [
      'a member of an enum',
      'enum :state, { draft: 0 }\nscope :of, ->(state) { where(state: state) }',
      "of(state: Post['state'] | Post['state'][])",
    ],
    [
      'the members of a list of names',
      'enum :state, %w[a b].index_by(&:itself)\nscope :of, -> { a }',
      "declare static a: () => RelationTo<typeof Post, 'Post'>",
    ],
    ['a block that a method calls', 'def a\n  yield title\nend', 'async a(block: (...args: Untyped[]) => Untyped) {'],
    ['a block that it may lack', 'def a\n  yield if block_given?\nend', 'async a(block?: (...args: Untyped[]) => Untyped) {'],
    ['JSON', 'def a = extra["b"]', 'return (this.extra as Record<string, Untyped>).b'],
    ['a list without nil', 'def a = [title, nil].compact.map(&:upcase)', '.filter((item) => item != null)'],
    ['a hash that is filled in', 'def a\n  all = { x: 1 }\n  all[:y] = title\n  all\nend', 'const all: Record<string, Untyped> = { x: 1 }'],
    ['a method that only throws', 'def a = raise(NotImplementedError)', 'a(): Untyped {'],
  ]
  for (const [name, ruby, typescript] of cases) {
    it(`finds ${name}`, async () => {
      expect((await post(ruby)).text).to.include(typescript)
    })
  }

  it('declares the members of enums that anything in the application asks for', async () => {
    const { text } = await post('enum :state, { draft: 0, published: 1 }', {
      'app/services/announcement.rb': 'class Announcement\n  def call(posts) = posts.draft.select(&:fresh?)\nend\n',
      'app/controllers/posts_controller.rb': 'class PostsController\n  def update = post.published!\n  def index = Post.states.keys\nend\n',
    })
    expect(text).to.include("declare static draft: () => RelationTo<typeof Post, 'Post'>")
    expect(text).to.include('declare publishedOrThrow: () => Promise<unknown>')
    expect(text).to.include('static readonly states: Record<string, number> = { draft: 0, published: 1 }')
    expect(text).to.not.include('isDraft')
  })

  it('declares the alias once, and the class that a module is mixed into', async () => {
    const { files } = await post('include Marked', {
      'app/models/concerns/marked.rb': 'module Marked\n  extend ActiveSupport::Concern\n  def mark(x) = x.y\nend\n',
    })
    expect(files.find(({ path }) => path === 'app/untyped.ts')!.text)
      .to.include('export type Untyped = any')
      .and.include('export type Mixable =')
    expect(files.find(({ path }) => path.endsWith('marked.ts'))!.text)
      .to.include("import type { Mixable, Untyped } from '../../untyped.ts'")
      .and.include('export function Marked<T extends Mixable>(Base: T)')
  })

  it('writes no file of types where all are known', async () => {
    expect((await post('def a = title.upcase')).files.map(({ path }) => path)).not.to.include('app/untyped.ts')
  })

  describe('of delegated methods', () => {
    const delegated: [ruby: string, typescript: string][] = [
      ['delegate :name, to: :user', 'async name() {\n    return (await this.user).name\n  }'],
      ['delegate :plain, to: :user', 'async plain() {\n    return (await this.user).plain()\n  }'],
      ['delegate :greet, to: :user', "async greet(...args: Parameters<User['greet']>) {\n    return (await this.user).greet(...args)\n  }"],
      ['delegate :frob, to: :user', 'async frob(...args: Untyped[]) {\n    return ((await this.user) as Untyped).frob(...args)\n  }'],
      ['delegate :name, to: :user\ndef a = name.upcase', 'return (await this.name()).toUpperCase()'],
    ]
    for (const [ruby, typescript] of delegated) {
      it(`knows ${ruby.replace('\n', '; ')}`, async () => {
        expect((await post(ruby)).text).to.include(typescript)
      })
    }

    it('asks a record that may be missing as Ruby would', async () => {
      const user = 'class User < ApplicationRecord\n  belongs_to :account, optional: true\n  delegate :plan, to: :account\nend\n'
      const { files } = await post('', { 'app/models/user.rb': user })
      expect(files.find(({ path }) => path.endsWith('user.ts'))!.text).to.include('return (await this.account)!.plan')
    })
  })

  it('knows what was rescued as an error', async () => {
    const { text } = await post('def a\n  save!\nrescue ActiveRecord::RecordInvalid => e\n  e.message\nrescue => e\n  e.backtrace\nend')
    expect(text)
      .to.include('} catch (e) {')
      .and.include('if (e instanceof RecordInvalid) {\n        return e.message')
      .and.include("return ((e as Error).stack ?? '').split('\\n').slice(1)")
  })

  it('keeps what a class above lets everybody call', async () => {
    const models = 'class Special < Post\n  private\n  def mark = 2\nend\n'
    const { files } = await post('def mark = 1', { 'app/models/special.rb': models })
    expect(files.find(({ path }) => path.endsWith('special.ts'))!.text)
      .to.include('\n  mark() {')
      .and.not.include('protected')
  })

  it('has a constructor that throws where it was left', async () => {
    const { files } = await post('', {
      'app/models/plain.rb': 'class Plain\n  def initialize(post)\n    @user = post.user.name\n  end\nend\n',
    })
    expect(files.find(({ path }) => path.endsWith('plain.ts'))!.text).to.include('constructor(..._given: Untyped[]) {')
  })

  it('asks a query for what no list has without running it', async () => {
    expect((await post('def a = user.posts.frobbed')).text).to.include('((await this.user).posts as Untyped).frobbed()')
  })

  it('marks associations and attributes that nothing here declares', async () => {
    const { text, rows } = await post('def a = Post.includes(:cover)\ndef b = Post.new(body: 1)')
    expect(text).to.include("Post.includes('cover' as Untyped)").and.include('new Post({ body: 1 } as Untyped)')
    expect(rows.filter(({ status }) => status === 'note').map(({ reason }) => reason)).to.deep.equal([
      'nothing in the application defines cover',
      'nothing in the application defines body',
    ])
  })

  it('declares a class of a gem that a class extends', async () => {
    const { files } = await post('', { 'app/models/agent.rb': 'class Agent < PlatformAgent\nend\n' })
    expect(files.find(({ path }) => path.endsWith('agent.ts'))!.text).to.include('const PlatformAgent: Untyped = class {')
  })

  it('imports a namespace of the same file', async () => {
    const { text } = await post('module Levels\n  GOLD = 3\nend\ndef a = Levels::GOLD')
    expect(text).to.include("import * as PostLevels from './post.ts'").and.include('return PostLevels.GOLD')
  })
})
