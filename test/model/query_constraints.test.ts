import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf, RecordNotFound, StaleObject, UnknownColumn } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Blog {
  id    Int    @id @default(autoincrement())
  posts Post[]
}
model Post {
  id           Int     @id @default(autoincrement())
  blog_id      Int?
  title        String  @default("")
  views        Int     @default(0)
  lock_version Int     @default(0)
  blog         Blog?   @relation(fields: [blog_id], references: [id])
  comments     Comment[]
  notes        Note[]
}
model Comment {
  id      Int    @id @default(autoincrement())
  blog_id Int?
  post_id Int?
  body    String @default("")
  post    Post?  @relation(fields: [post_id], references: [id])
}
model Note {
  id      Int    @id @default(autoincrement())
  post_id Int?
  post    Post?  @relation(fields: [post_id], references: [id])
}
`

interface Many<T> extends PromiseLike<T[]>, Iterable<T> {
  create(attributes?: object): Promise<T>
  deleteAll(): Promise<number>
}
const Model = modelOf<{}>()

class Blog extends Model('Blog') {
  static {
    this.hasMany('posts')
  }
}
class Post extends Model('Post') {
  declare id: number
  declare blog_id: number | null
  declare title: string
  declare readonly comments: Many<Comment>
  declare readonly notes: Many<Note>
  static {
    this.queryConstraints('blog_id', 'id')
    this.belongsTo('blog', { optional: true })
    this.hasMany('comments', { dependent: 'destroy' })
    this.hasMany('notes')
  }
}
class Comment extends Model('Comment') {
  declare blog_id: number | null
  declare post_id: number | null
  declare post: PromiseLike<Post | null>
  static {
    this.queryConstraints('blog_id', 'id')
    this.belongsTo('post', { optional: true })
  }
}
class Note extends Model('Note') {
  declare post_id: number | null
  declare post: PromiseLike<Post | null>
}

describe('rows that are written by other columns than their key', () => {
  const test = boundDatabase([Blog, Post, Comment, Note], () => testDatabase(schema))
  let post: Post
  beforeEach(async () => {
    for (const model of [Note, Comment, Post, Blog]) await model.deleteAll()
    await Blog.insertAll([{ id: 1 }, { id: 2 }])
    post = await Post.createOrThrow({ blog_id: 1, title: 'a' })
    test().database.statements.length = 0
  })
  const ran = (word: string) => test().database.statements.filter((sql) => sql.startsWith(word))
  const byBoth = /where "Post"."blog_id" = .+ and "Post"."id" = |where "blog_id" = .+ and "id" = /

  it('are found by the key alone, and sorted by all of them', async () => {
    expect((await Post.find(post.id)).title).to.equal('a')
    expect(ran('select')[0]).not.to.include('"blog_id" =')
    await Post.createOrThrow({ blog_id: 2 })
    const last = await Post.createOrThrow({ blog_id: 1 })
    expect([(await Post.first())!.id, (await Post.where({ blog_id: 1 }).last())!.id]).to.deep.equal([post.id, last.id])
    expect((await Post.last())!.blog_id).to.equal(2)
    expect(Post.primaryKey).to.equal('id')
  })

  it('are updated, touched, read anew and deleted by all of them', async () => {
    await post.updateOrThrow({ title: 'b' })
    await post.updateColumns({ title: 'c' })
    await post.reload()
    await post.lock()
    expect(post.title).to.equal('c')
    await post.destroy()
    await (await Post.createOrThrow({ blog_id: 1 })).delete()
    const statements = [...ran('update'), ...ran('select "Post"').slice(0, 2), ...ran('delete')]
    expect(statements.length).to.equal(6)
    for (const sql of statements) expect(sql).to.match(byBoth)
    expect(await Post.count()).to.equal(0)
  })

  it('are meant as they were when they were read', async () => {
    await post.updateOrThrow({ blog_id: 2 })
    expect((await post.reload()).blog_id).to.equal(2)
    await Post.where({ id: post.id }).updateAll({ blog_id: 1 })
    await rejection(post.reload(), RecordNotFound)
    await rejection(post.updateOrThrow({ title: 'lost' }), StaleObject)
  })

  it('are written where one of the columns is null', async () => {
    const lone = await Post.createOrThrow({ title: 'x' })
    await lone.updateOrThrow({ title: 'y' })
    expect((await lone.reload()).title).to.equal('y')
    await lone.destroy()
    expect(await Post.pluck('id')).to.deep.equal([post.id])
  })

  it('have associations by all of them', async () => {
    const comment = await post.comments.create({ body: 'x' })
    expect([comment.blog_id, comment.post_id]).to.deep.equal([1, post.id])
    await Comment.insertAll([{ blog_id: 2, post_id: post.id }])
    const found = await Post.preload('comments').first()
    expect([...found!.comments].map(({ blog_id }) => blog_id)).to.deep.equal([1])
    expect((await Comment.find(comment['id'] as number)).post).to.have.property('then')
    expect((await (await Comment.find(comment['id'] as number)).post)?.id).to.equal(post.id)
    expect(await Post.joins('comments').count()).to.equal(1)
    expect(await Comment.where({ post } as never).count()).to.equal(1)
    expect(await Comment.where({ post: Post.where({ title: 'a' }) } as never).count()).to.equal(1)
    await post.destroy()
    expect(await Comment.pluck('blog_id')).to.deep.equal([2])
  })

  it('have those by the key alone where the other table has no such column', async () => {
    const note = await post.notes.create()
    expect([note.post_id, (await (await Note.find(note['id'] as number)).post)?.id]).to.deep.equal([post.id, post.id])
  })

  it('are those of classes below', async () => {
    class Essay extends Post {}
    bindModels([Essay], test().database, test().metadata)
    const essay = await Essay.createOrThrow({ blog_id: 1 })
    test().database.statements.length = 0
    await essay.updateOrThrow({ title: 'z' })
    expect(ran('update')[0]).to.match(byBoth)
  })

  it('need a column, and one that is there', () => {
    class Without extends Model('Post') {}
    expect(() => Without.queryConstraints()).to.throw(InvalidArgument, 'at least one column')
    class Mistyped extends Model('Post') {
      static {
        this.queryConstraints('blog_idd' as never)
      }
    }
    bindModels([Mistyped], test().database, test().metadata)
    expect(() => Mistyped.all()).to.throw(UnknownColumn, 'blog_id')
  })
})
