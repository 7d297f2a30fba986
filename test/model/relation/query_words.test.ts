import { expect } from 'chai'
import { bindModels, InvalidArgument, RecordNotFound, SoleRecordExceeded, sql } from '../../../src/model/index.ts'
import { Author, BlogModel, blogModels, blogSchema, Post, Remark } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

describe('words of queries', () => {
  const test = boundDatabase(blogModels, () => testDatabase(blogSchema))
  before(async () => {
    const ann = await Author.createOrThrow({ name: 'Ann' })
    await Author.createOrThrow({ name: 'Bob' })
    const posts = await Post.createOrThrow([
      { title: 'one', views: 5, author: ann },
      { title: 'two', views: 15 },
      { title: 'three', views: 25, author: ann },
    ])
    await Remark.createOrThrow([
      { post: posts[0]!, body: 'x' },
      { post: posts[0]!, body: 'y' },
    ])
  })
  const titles = async (posts: PromiseLike<Post[]>): Promise<string[]> => (await posts).map(({ title }) => title)

  it('associated and missing ask for a record at the other end, or for none', async () => {
    expect(await Author.associated('posts').pluck('name')).to.deep.equal(['Ann', 'Ann'])
    expect(await Author.missing('posts').pluck('name')).to.deep.equal(['Bob'])
    expect(await titles(Post.missing('author', 'remarks'))).to.deep.equal(['two'])
    expect(await titles(Post.associated('author').missing('remarks'))).to.deep.equal(['three'])
  })

  it('take gives any record, and so many', async () => {
    expect((await Post.where({ views: 15 }).take())?.title).to.equal('two')
    expect((await Post.take(2)).length).to.equal(2)
    expect(await Post.where({ views: 0 }).take()).to.equal(null)
    await rejection(Post.where({ views: 0 }).takeOrThrow(), RecordNotFound)
  })

  it('findSoleBy gives the only one, and nothing else', async () => {
    expect((await Post.findSoleBy({ views: 15 })).title).to.equal('two')
    await rejection(Post.findSoleBy({ views: 1 }), RecordNotFound)
    await rejection(Post.findSoleBy('views > ?', 5), SoleRecordExceeded)
  })

  it('any, many and one ask how many there are, or pass', async () => {
    expect([await Post.any(), await Post.where({ views: 0 }).any(), await Post.any(({ views }) => views > 20)]).to.deep.equal([
      true,
      false,
      true,
    ])
    expect([await Post.many(), await Post.where({ views: 5 }).one(), await Post.isNone(({ views }) => views > 30)]).to.deep.equal([
      true,
      true,
      true,
    ])
  })

  it('calculate, minimum, maximum, average and sum say the same by either name', async () => {
    expect([await Post.minimum('views'), await Post.maximum('title'), await Post.average('views')]).to.deep.equal([5, 'two', 15])
    for (const [operation, value] of [
      ['count', 3],
      ['sum', 45],
      ['average', 15],
      ['minimum', 5],
      ['maximum', 25],
    ] as const)
      expect(await Post.calculate(operation as 'sum', 'views'), operation).to.equal(value)
    expect(await Post.group('author_id').minimum('views')).to.have.lengthOf(2)
    await rejection(Post.calculate('median' as 'sum', 'views'), InvalidArgument)
  })

  it('defaultScope holds for every query but those that are unscoped', async () => {
    class Seen extends BlogModel('Post') {
      static {
        this.defaultScope((posts) => posts.where({ views: { gte: 15 } }).order({ views: 'desc' }))
      }
    }
    bindModels([Seen], test().database, test().metadata)
    expect((await Seen.all()).map(({ title }) => title)).to.deep.equal(['three', 'two'])
    expect([await Seen.count(), await Seen.unscoped().count(), await Seen.unscope('where').count()]).to.deep.equal([2, 3, 3])
    expect(await Seen.findBy({ title: 'one' })).to.equal(null)
  })

  it('explain says how the database would run it', async () => {
    expect(await Post.where({ id: 1 }).explain()).to.match(/SEARCH posts USING INTEGER PRIMARY KEY/)
    expect(await Post.where({ title: 'x' }).explain()).to.match(/SCAN posts/)
    await rejection(Post.all().explain('loudly' as 'analyze'), InvalidArgument)
  })

  it('from, fromSql and with read from other rows: unions, subqueries, and those by hand', async () => {
    const [few, many] = [Post.where({ views: 5 }), Post.where({ views: 25 })]
    const union = Post.with({ both: [few, many] }).from('both', 'posts')
    expect(await titles(union.order('id'))).to.deep.equal(['one', 'three'])
    expect(
      await titles(
        Post.where({ id: few.select('id') })
          .or(Post.where({ id: many.select('id') }))
          .order('id'),
      ),
    ).to.deep.equal(['one', 'three'])
    expect(await titles(Post.from(Post.where('views > ?', 5), 'posts').where('views < ?', 20))).to.deep.equal(['two'])
    const byHand = Post.fromSql('select * from posts where views = ? union select * from posts where title = ?', 5, 'two')
    expect(await titles(byHand.where({ views: [5, 15, 25] }).order({ id: 'desc' }))).to.deep.equal(['two', 'one'])
    expect([await byHand.count(), await byHand.where({ views: 15 }).exists(), await byHand.sum('views')]).to.deep.equal([2, true, 20])
    expect(await Post.fromSql(sql('select * from posts where views = :views', { views: 25 })).pluck('title')).to.deep.equal(['three'])
    expect(await Author.where({ id: byHand.select('author_id') }).pluck('name')).to.deep.equal(['Ann'])
  })

  it('relations are walked with for await, one after the other', async () => {
    const seen: string[] = []
    for await (const { title } of Post.order({ id: 'desc' })) seen.push(title)
    for await (const { title } of Post.findEach({ batchSize: 1, order: 'desc' })) seen.push(title)
    expect(seen).to.deep.equal(['three', 'two', 'one', 'three', 'two', 'one'])
  })
})
