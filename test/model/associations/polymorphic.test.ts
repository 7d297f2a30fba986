import { expect } from 'chai'
import { modelOf, PolymorphicAssociation, UnknownModel } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Article {
  id             Int    @id @default(autoincrement())
  title          String
  comments_count Int    @default(0)
  updated_at     DateTime
}
model Photo {
  id   Int     @id @default(autoincrement())
  kind String?
  type String?
}
model Comment {
  id               Int     @id @default(autoincrement())
  text             String
  commentable_type String?
  commentable_id   Int?
}
`
const Model = modelOf<{}>()
interface Comments extends PromiseLike<Comment[]> {
  create(attributes: object): Promise<Comment>
  pluck(name: string): Promise<unknown[]>
}
class Article extends Model('Article') {
  declare readonly comments: Comments
  static {
    this.hasMany('comments', { as: 'commentable', dependent: 'destroy' })
  }
}
class Photo extends Model('Photo') {
  declare readonly comments: Comments
  static {
    this.hasMany('comments', { as: 'commentable', dependent: 'nullify' })
  }
}
class Portrait extends Photo {}
class Comment extends Model('Comment') {
  declare commentable: PromiseLike<Article | Photo | null> | Article | Photo | null
  declare readonly isArticle: () => boolean
  declare readonly article: PromiseLike<Article | null>
  static {
    this.delegatedType('commentable', { types: ['Article', 'Photo'], optional: true })
  }
}

describe('a belongsTo to records of several models', () => {
  const test = boundDatabase([Article, Photo, Portrait, Comment], () => testDatabase(schema))
  beforeEach(async () => {
    for (const model of [Comment, Article, Photo]) await model.deleteAll()
  })

  it('keeps the class and the key of what was assigned, the table’s class for one below it', async () => {
    const article = await Article.createOrThrow({ title: 'a' })
    const comment = await Comment.createOrThrow({ text: 'x', commentable: article })
    expect([comment['commentable_type'], comment['commentable_id']]).to.deep.equal(['Article', article['id']])
    const portrait = await Portrait.createOrThrow({})
    comment.commentable = portrait
    await comment.saveOrThrow()
    expect(comment['commentable_type']).to.equal('Photo')
    expect(await (await Comment.find(comment['id'] as number)).commentable).to.be.instanceOf(Portrait)
  })

  it('is loaded with a query for each class', async () => {
    const article = await Article.createOrThrow({ title: 'a' })
    const photo = await Photo.createOrThrow({})
    for (const owner of [article, photo, article]) await owner.comments.create({ text: 'x' })
    await Comment.createOrThrow({ text: 'nobody’s' })
    test().database.statements.length = 0
    const comments = await Comment.order('id').includes('commentable' as never)
    expect(comments.map((comment) => (comment.commentable as object | null)?.constructor.name)).to.deep.equal([
      'Article',
      'Photo',
      'Article',
      undefined,
    ])
    expect(test().database.statements).to.have.length(3)
  })

  it('is asked for in conditions by record', async () => {
    const [article, photo] = [await Article.createOrThrow({ title: 'a' }), await Photo.createOrThrow({})]
    await article.comments.create({ text: 'on article' })
    await photo.comments.create({ text: 'on photo' })
    expect(await Comment.where({ commentable: photo } as never).pluck('text')).to.deep.equal(['on photo'])
    expect(await article.comments.pluck('text')).to.deep.equal(['on article'])
  })

  it('is asked for in conditions by relations, which have one class each', async () => {
    const [article, photo] = [await Article.createOrThrow({ title: 'a' }), await Photo.createOrThrow({ kind: 'a' })]
    await article.comments.create({ text: 'on article' })
    await photo.comments.create({ text: 'on photo' })
    const texts = (commentable: unknown): Promise<unknown[]> =>
      Comment.where({ commentable } as never)
        .order('text')
        .pluck('text')
    expect(await texts(Article.where({ title: 'a' }))).to.deep.equal(['on article'])
    expect(await texts(Portrait.unscoped())).to.deep.equal([])
    expect(await texts(Photo.where({ kind: 'none' }))).to.deep.equal([])
    expect(await texts([Article.all(), photo])).to.deep.equal(['on article', 'on photo'])
  })

  it('loses the class with the key, or goes, when its owner goes', async () => {
    const [article, photo] = [await Article.createOrThrow({ title: 'a' }), await Photo.createOrThrow({})]
    await article.comments.create({ text: 'goes' })
    await photo.comments.create({ text: 'stays' })
    await article.destroy()
    await photo.destroy()
    expect(await Comment.pluck('text', 'commentable_type', 'commentable_id')).to.deep.equal([['stays', null, null]])
  })

  it('can’t be joined, and names classes that don’t exist', async () => {
    expect(() => Comment.joins('commentable' as never).toSql()).to.throw(PolymorphicAssociation)
    const comment = await Comment.createOrThrow({ text: 'x', commentable_type: 'Vanished', commentable_id: 1 })
    await rejection(Promise.resolve(comment.commentable), UnknownModel)
  })

  it('has questions and scopes for its types', async () => {
    const article = await Article.createOrThrow({ title: 'a' })
    const comment = await article.comments.create({ text: 'x' })
    await Comment.createOrThrow({ text: 'y' })
    const found = await Comment.find(comment['id'] as number)
    expect([found.isArticle(), (await found.article)?.equals(article)]).to.deep.equal([true, true])
    expect(
      await (Comment as unknown as { articles(): { pluck(name: string): Promise<unknown[]> } }).articles().pluck('text'),
    ).to.deep.equal(['x'])
  })
})
