import { expect } from 'chai'
import { InvalidArgument, modelOf, RecordInvalid, RecordNotSaved } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Post {
  id       Int       @id @default(autoincrement())
  comments Comment[]
  taggings Tagging[]
}
model Comment {
  id      Int     @id @default(autoincrement())
  post_id Int?
  kind    String?
  body    String?
  post    Post?   @relation(fields: [post_id], references: [id])
}
model Tagging {
  id      Int  @id @default(autoincrement())
  post_id Int?
  tag_id  Int?
  post    Post? @relation(fields: [post_id], references: [id])
  tag     Tag?  @relation(fields: [tag_id], references: [id])
}
model Tag {
  id       Int       @id @default(autoincrement())
  name     String?
  lang     String?
  taggings Tagging[]
}
`
const Model = modelOf<{}>()

/** What the tests use of a collection and of what it is narrowed to. */
interface Many<T> extends PromiseLike<T[]> {
  readonly target: readonly T[]
  where(conditions: object): Many<T>
  order(name: string): Many<T>
  limit(count: number): Many<T>
  unscope(part: object): Many<T>
  new: (attributes?: object) => T
  build(attributes?: object): T
  build(attributes: readonly object[]): T[]
  create(attributes?: object): Promise<T>
  create(attributes: readonly object[]): Promise<T[]>
  createOrThrow(attributes?: object): Promise<T>
  findOrInitializeBy(attributes: object): Promise<T>
  findOrCreateBy(attributes: object): Promise<T>
  createOrFindBy(attributes: object): Promise<T>
  firstOrCreate(attributes: object): Promise<T>
  firstOrInitialize(attributes: object): Promise<T>
  insertAll(rows: readonly object[]): Promise<unknown>
  count(): Promise<number>
  size(): Promise<number>
  load(): Promise<void>
}
class Post extends Model('Post') {
  declare readonly comments: Many<Comment>
  declare readonly taggings: Many<Tagging>
  declare readonly tags: Many<Tag>
  static {
    this.hasMany('comments')
    this.hasMany('taggings')
    this.hasMany('tags', { through: 'taggings' })
  }
}
class Comment extends Model('Comment') {
  declare post_id: number | null
  declare kind: string | null
  declare readonly post: unknown
  static {
    this.belongsTo('post')
    this.validates('body', { presence: true })
  }
}
class Tagging extends Model('Tagging') {}
class Tag extends Model('Tag') {
  declare lang: string | null
}

describe('a collection that was narrowed', () => {
  boundDatabase([Post, Comment, Tagging, Tag], () => testDatabase(schema))
  let post: Post
  beforeEach(async () => {
    post = await Post.createOrThrow({})
  })

  it('has what is built on it, with what it was narrowed to', async () => {
    for (const owner of [new Post(), post]) {
      const comment = owner.comments.where({ kind: 'k' }).order('id').build({ body: 'b' })
      const other = owner.comments.where({ kind: 'l' }).new({ body: 'c' })
      expect([comment.kind, comment.post, owner.comments.target]).to.deep.equal(['k', owner, [comment, other]])
      await owner.saveOrThrow()
      expect(await owner.comments.where({ kind: ['k', 'l'] }).count()).to.equal(2)
    }
    expect(post.comments.where({ kind: 'k' }).build([{ body: 'b' }, { body: 'c' }])).to.deep.equal(post.comments.target.slice(2))
  })

  it('has what is created on it, valid or not', async () => {
    const kinds = () => post.comments.target.map(({ kind }) => kind)
    const comment = await post.comments.where({ kind: 'a' }).create({ body: 'b' })
    expect([comment.isPersisted(), comment.post, kinds()]).to.deep.equal([true, post, ['a']])
    expect((await post.comments.where({ kind: 'b' }).create()).isPersisted()).to.equal(false)
    await post.comments.where({ kind: 'c' }).createOrThrow({ body: 'b' })
    await rejection(post.comments.where({ kind: 'd' }).createOrThrow(), RecordInvalid)
    await post.comments.limit(1).create([
      { kind: 'e', body: 'x' },
      { kind: 'f', body: 'x' },
    ])
    expect(kinds()).to.deep.equal(['a', 'b', 'c', 'e', 'f'])
    await rejection(new Post().comments.where({ kind: 'a' }).create({ body: 'b' }), RecordNotSaved)
  })

  it('has what is made where nothing was found, loaded or not', async () => {
    await post.comments.load()
    const made = [
      await post.comments.where({ kind: 'a' }).findOrInitializeBy({ body: 'b' }),
      await post.comments.where({ kind: 'b' }).findOrCreateBy({ body: 'b' }),
      await post.comments.where({ kind: 'c' }).createOrFindBy({ body: 'b' }),
      await post.comments.where({ kind: 'd' }).firstOrCreate({ body: 'b' }),
      await post.comments.where({ kind: 'e' }).firstOrInitialize({ body: 'b' }),
    ]
    expect(post.comments.target).to.deep.equal(made)
    expect(made.map(({ kind }) => kind)).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
    expect(await post.comments.where({ kind: 'b' }).findOrCreateBy({ body: 'b' })).to.satisfy((found: Comment) => found.equals(made[1]!))
    expect(await post.comments.size()).to.equal(5)
  })

  it('has its owner’s key, whatever it was narrowed to or given', () => {
    const made = [
      post.comments.where({ post_id: 99 }).new(),
      post.comments.unscope({ where: 'post_id' }).new(),
      post.comments.build({ post_id: 99 }),
      post.comments.build({ post: new Post() }),
    ]
    expect(made.map(({ post_id }) => post_id)).to.deep.equal(Array(4).fill(post['id']))
    expect(post.comments.target).to.deep.equal(made)
  })

  it('has what is made through rows between, which are made with what is created', async () => {
    const built = post.tags.where({ lang: 'en' }).new({ name: 'a' })
    expect([post.tags.target, post.taggings.target]).to.deep.equal([[built], []])
    const created = await post.tags.where({ lang: 'fr' }).create({ name: 'b' })
    expect([built.lang, created.lang, post.tags.target]).to.deep.equal(['en', 'fr', [built, created]])
    await rejection(post.tags.where({ lang: 'fr' }).insertAll([{ name: 'c' }]), InvalidArgument)
    expect(await Tagging.where({ post } as never).pluck('tag_id' as never)).to.deep.equal([created['id']])
  })
})
