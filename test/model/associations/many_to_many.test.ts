import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Post {
  id      Int    @id @default(autoincrement())
  title   String
  tags    Tag[]
  related Post[] @relation("related")
  by      Post[] @relation("related")
  readers PostsReaders[]
}
model Tag {
  id    Int    @id @default(autoincrement())
  name  String
  posts Post[]
}
model Reader {
  id    Int    @id @default(autoincrement())
  name  String
  posts PostsReaders[]
  @@map("readers")
}
model PostsReaders {
  post_id   Int
  reader_id Int
  post      Post   @relation(fields: [post_id], references: [id])
  reader    Reader @relation(fields: [reader_id], references: [id])
  @@id([post_id, reader_id])
  @@map("posts_readers")
}
`

const Model = modelOf<{}>()
interface Many extends PromiseLike<{ name: string }[]> {
  push(...records: object[]): Promise<unknown>
  delete(...records: object[]): Promise<unknown>
  replace(records: object[]): Promise<unknown>
  create(attributes: object): Promise<unknown>
  pluck(name: string): Promise<string[]>
  map<T>(work: (record: never) => T): T[]
}
class Tag extends Model('Tag') {
  declare readonly posts: Many
}
class Reader extends Model('Reader') {}
class Post extends Model('Post') {
  declare readonly tags: Many
  declare readonly related: Many
  declare readonly by: Many
  declare readonly audience: Many
  static {
    this.hasAndBelongsToMany('tags')
    this.hasAndBelongsToMany('audience', { className: 'Reader', joinTable: 'posts_readers' })
  }
}

describe('an association to many on both sides', () => {
  const test = boundDatabase([Post, Tag, Reader], () => testDatabase(schema))
  beforeEach(() => Post.destroyAll())

  it('goes through the table that Prisma keeps for it', async () => {
    const [post, other] = await Post.createOrThrow([{ title: 'a' }, { title: 'b' }])
    const tag = await Tag.createOrThrow({ name: 'red' })
    await post!.tags.push(tag)
    await post!.tags.create({ name: 'blue' })
    await other!.tags.push(tag)
    expect(await post!.tags.pluck('name')).to.have.members(['red', 'blue'])
    expect(await tag.posts.pluck('title')).to.have.members(['a', 'b'])
    await post!.tags.delete(tag)
    expect(await tag.posts.pluck('title')).to.deep.equal(['b'])
    expect(await Tag.count({} as never)).to.be.greaterThan(1)
  })

  it('is loaded, joined and saved with new records', async () => {
    const [red, blue] = await Tag.createOrThrow([{ name: 'r' }, { name: 'b' }])
    await Post.createOrThrow({ title: 'tagged', tags: [red, blue] } as never)
    const [loaded] = await Post.includes('tags' as never)
    expect(loaded!.tags.map((tag: { name: string }) => tag.name)).to.deep.equal(['r', 'b'])
    expect(
      await Post.joins('tags' as never)
        .where({ tags: { name: 'b' } } as never)
        .pluck('title'),
    ).to.deep.equal(['tagged'])
  })

  it('leads from a model to itself, both ways', async () => {
    const [a, b] = await Post.createOrThrow([{ title: 'a' }, { title: 'b' }])
    await a!.related.push(b!)
    expect([await a!.related.pluck('title'), await a!.by.pluck('title'), await b!.by.pluck('title')]).to.deep.equal([['b'], [], ['a']])
  })

  it('goes through a table of the schema, whose rows go with their owner', async () => {
    const post = await Post.createOrThrow({ title: 'x' })
    const ann = await Reader.createOrThrow({ name: 'Ann' })
    await post.audience.push(ann)
    expect(await post.audience.pluck('name')).to.deep.equal(['Ann'])
    await post.destroyOrThrow()
    expect((await test().database.query('select count(*) from posts_readers', [])).rows[0]![0]).to.equal(0)
    expect(await Reader.count()).to.equal(1)
  })

  it('says when there is no such table', () => {
    class Lost extends Model('Reader') {
      static {
        this.hasAndBelongsToMany('tags')
      }
    }
    bindModels([Lost], test().database, test().metadata)
    expect(() => new Lost()).to.throw(InvalidArgument, "the table 'Tag_readers'")
  })
})
