import { expect } from 'chai'
import {
  AssociationNotLoaded,
  bindModels,
  InvalidArgument,
  Preloader,
  RecordNotFound,
  sql,
  SubclassNotFound,
} from '../../../src/model/index.ts'
import { Author, blogModels, BlogModel, blogSchema, Poll, Post, Remark } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

describe('relations as Rails has them', () => {
  const test = boundDatabase(blogModels, () => testDatabase(blogSchema))
  let ann: Author

  before(async () => {
    ann = await Author.createOrThrow({ name: 'Ann' })
    await Author.createOrThrow({ name: 'Bob' })
  })

  beforeEach(async () => {
    await Remark.deleteAll()
    await Post.unscoped().deleteAll()
    const [one, two] = await Post.createOrThrow([
      { title: 'one', views: 5, author: ann },
      { title: 'two', views: 15 },
      { title: 'three', views: 25, author: ann },
    ])
    await Remark.createOrThrow([
      { post: one!, body: 'x' },
      { post: one!, body: 'y' },
      { post: two!, body: 'z' },
    ])
  })

  const titles = async (posts: PromiseLike<Post[]>): Promise<string[]> => (await posts).map(({ title }) => title)

  it('have the methods of objects, and so have those made of them', async () => {
    const paged = Post.order('id').extending({
      page(number: number) {
        return this.limit(1).offset(number - 1)
      },
    })
    expect(await titles(paged.where({ author: ann }).page(2))).to.deep.equal(['three'])
    expect(await titles(Post.order('id').merge(paged).limit(3))).to.have.length(3)
    expect(() => Post.extending(3 as never)).to.throw(InvalidArgument)
  })

  it('hold for all queries of the class while work runs, and no longer', async () => {
    const inside = await Post.where({ views: 15 }).scoping(async () => {
      await Promise.resolve()
      const hidden = await Post.find((await Author.first())!.id).catch((error: unknown) => error)
      return [await Post.count(), await Post.unscoped(() => Post.count()), hidden, (await Post.createOrThrow({ title: 'new' })).views]
    })
    expect(inside.slice(0, 2)).to.deep.equal([1, 3])
    expect(inside[2]).to.be.an.instanceOf(RecordNotFound)
    expect(inside[3]).to.equal(15)
    expect(await Post.count()).to.equal(4)
    await rejection(
      Post.where({ views: 15 }).scoping(() => Promise.reject(new RecordNotFound('gone'))),
      RecordNotFound,
    )
    expect(await Post.count()).to.equal(4)
  })

  it('make records of the class that the type says, and refuse one that is none', async () => {
    expect(new Post({ title: 'a', type: 'Poll' })).to.be.an.instanceOf(Poll)
    expect(() => new Post({ title: 'a', type: 'Bogus' })).to.throw(SubclassNotFound)
    expect(() => new Poll({ title: 'a', type: 'Post' })).to.throw(SubclassNotFound)
    expect(() => Post.build({ title: 'a', type: 'Author' })).to.throw(SubclassNotFound)
    await rejection(Post.create({ title: 'a', type: 'Bogus' }), SubclassNotFound)
  })

  it('join what is included for values that are read without records', async () => {
    expect(await Post.includes('author').order('id').pluck(sql('authors.name'), 'title')).to.deep.equal([
      ['Ann', 'one'],
      [null, 'two'],
      ['Ann', 'three'],
    ])
    const [one, two] = await Post.order('id').ids()
    expect(await Post.includes('remarks').order('id').limit(2).pluck('id')).to.deep.equal([one, one, two])
    expect(await Post.includes('remarks').sum('views')).to.equal(5 + 5 + 15 + 25)
    expect(await Post.eagerLoad('remarks').order('id').ids()).to.have.length(3)
    expect(await Post.includes('remarks').count()).to.equal(3)
  })

  it('are part of JSON when they are loaded, or there is nothing to load', async () => {
    const [one, two] = await Post.order('id').limit(2)
    expect(() => one!.asJson({ include: 'author' })).to.throw(AssociationNotLoaded, "Post's 'author' is not loaded")
    expect(() => one!.asJson({ include: { remarks: { only: 'body' } } })).to.throw(AssociationNotLoaded, "Post's 'remarks' is not loaded")
    expect(two!.asJson({ only: 'title', include: 'author' })).to.deep.equal({ title: 'two' }) // it has none
    expect(new Post({ title: 'new' }).asJson({ only: 'title', include: ['author', 'remarks'] })).to.deep.equal({
      title: 'new',
      remarks: [],
    })
    const [loaded] = await Post.includes('author', 'remarks').order('id').limit(1)
    expect(loaded!.asJson({ only: 'title', include: { author: { only: 'name' }, remarks: { only: 'id' } } })).to.have.nested.property(
      'author.name',
      'Ann',
    )
  })

  it('pluck as many values as SQL names', async () => {
    expect(await Post.order('id').limit(2).pluck(sql('title, views + 1'))).to.deep.equal([
      ['one', 6],
      ['two', 16],
    ])
    expect(await Post.order('id').limit(1).pluck('views', sql('title as a, views as b'), 'title')).to.deep.equal([[5, 'one', 5, 'one']])
    expect(await Post.order('id').pick(sql('title, views'))).to.deep.equal(['one', 5])
    await Post.updateAll({ published_at: new Date('2026-01-02') })
    const [read] = await Post.limit(1).pluck(sql('visibility, published_at, status'))
    expect(read).to.deep.equal(await Post.limit(1).pick('visibility', 'published_at', 'status'))
  })

  it('know how many records and batches they walk', async () => {
    expect(await Post.findEach({ batchSize: 2 }).size()).to.equal(3)
    expect(await Post.findInBatches({ batchSize: 2 }).size()).to.equal(2)
    const seen: string[] = []
    for await (const { title } of Post.findEach({ batchSize: 2 })) seen.push(title)
    expect(seen).to.deep.equal(['one', 'two', 'three'])
    const refused = await rejection(
      Post.findEach(() => {}, { batchSize: 0 }),
      InvalidArgument,
    )
    expect(refused.message).to.include('at least one record')
  })

  it('fill in what they make, before it is saved', async () => {
    const made = await Post.findOrCreateBy({ title: 'four' }, (post) => {
      post.views = 7
    })
    expect([made.views, await Post.where({ title: 'four' }).pick('views')]).to.deep.equal([7, 7])
    expect((await Post.where({ title: 'five' }).firstOrCreate({ views: 8 })).views).to.equal(8)
    expect((await Post.where({ title: 'five' }).firstOrCreate({ views: 9 })).views).to.equal(8)
    expect((await Post.where({ title: 'six' }).firstOrInitialize({ views: 9 })).isNewRecord()).to.equal(true)
    const created = await Post.create({ title: 'seven' }, async (post) => {
      post.views = await Promise.resolve(3)
    })
    expect(created.views).to.equal(3)
  })

  it('are sorted by harmless functions and with nulls where they are wanted, and by no other SQL', async () => {
    const order = (text: string) => Post.order(text as never)
    expect(await titles(order('length(title) desc, id'))).to.deep.equal(['three', 'one', 'two'])
    expect(await titles(order('author_id asc nulls last, posts.id desc'))).to.deep.equal(['three', 'one', 'two'])
    expect(await titles(order('author_id asc nulls last, posts.id desc').reverseOrder())).to.deep.equal(['two', 'one', 'three'])
    expect(await order('RANDOM()')).to.have.length(3)
    for (const text of ['pg_sleep(id)', 'lower(title', 'lower)', '(select 1)', 'title nulls', 'title desc; drop table posts'])
      expect(() => order(text), text).to.throw(InvalidArgument)
    expect(await titles(Post.order(sql('views desc, id')).reverseOrder())).to.deep.equal(['one', 'two', 'three'])
    expect(() => Post.order(sql('coalesce(views, 0)')).reverseOrder()).to.throw(InvalidArgument)
  })

  it('name subqueries of several queries, and those that read from themselves', async () => {
    const both = Post.with({ some: [Post.where({ views: 5 }), sql('select * from posts where views > ?', 20)] }, { materialized: true })
    expect(await titles(both.from('some', 'posts').order('id'))).to.deep.equal(['one', 'three'])
    const [first] = await Post.order('id').ids()
    const chain = [Post.where({ id: Number(first) }), Post.joins(sql('join chain on posts.id = chain.id + 1'))]
    expect(await titles(Post.withRecursive({ chain }).from('chain', 'posts').order('id'))).to.deep.equal(['one', 'two', 'three'])
    const named = Post.with({ some: Post.where({ views: 5 }).select('id') }).where('id in (select id from some)')
    expect(await named.updateAll({ views: 6 })).to.equal(1)
  })

  it('of nothing say so where they are part of another query', async () => {
    expect(await Post.where({ id: Post.none() })).to.deep.equal([])
    expect(await Post.not({ id: Post.none() })).to.have.length(3)
    expect(Post.none().toSql()).to.match(/where 1 = 0$/)
    test().database.statements.length = 0
    expect(await Post.limit(0).count()).to.equal(0)
    expect(test().database.statements).to.deep.equal([])
  })

  it('keep values apart from question marks that the text has', async () => {
    expect(await titles(Post.where("title = :title and '?' = '?'", { title: 'one' }))).to.deep.equal(['one'])
    expect(await titles(Post.where('title = ? and ? = ?', 'one', 1, 1))).to.deep.equal(['one'])
  })

  it('are conditions on an association by the column that it refers to', async () => {
    class Echo extends BlogModel('Remark') {
      static {
        this.belongsTo('post', { foreignKey: 'body', primaryKey: 'title' })
      }
    }
    bindModels([Echo], test().database, test().metadata)
    await Echo.insertAll([{ post_id: (await Post.firstOrThrow()).id, body: 'two' }])
    expect(await Echo.where({ post: Post.where({ views: 15 }) }).pluck('body')).to.deep.equal(['two'])
    expect(await Echo.where({ post: Post.where({ views: 5 }) }).count()).to.equal(0)
  })

  it('merge all that another says, also one of a joined model', async () => {
    expect(await titles(Post.order('id').merge(Post.reorder({ views: 'desc' })))).to.deep.equal(['three', 'two', 'one'])
    expect(
      Post.all()
        .merge(Post.createWith({ views: 9 }))
        .build().views,
    ).to.equal(9)
    expect(Post.all().merge(Post.annotate('why')).toSql()).to.include('/* why */')
    const commented = Author.joins('posts').merge(Post.joins('remarks').where({ remarks: { body: 'x' } }))
    expect(await commented.pluck('name')).to.deep.equal(['Ann'])
    expect(await Author.joins('posts').merge(Post.joins('remarks').where({ remarks: { body: 'z' } }))).to.deep.equal([])
  })

  it('take times, keys and functions where Rails does', async () => {
    const time = new Date('2020-01-01T00:00:00Z')
    expect(await Post.where({ title: 'one' }).touchAll('published_at', { time })).to.equal(1)
    const one = await Post.findByOrThrow({ title: 'one' })
    expect([one.updated_at, one.published_at]).to.deep.equal([time, time])
    expect(await Post.updateCounters([one.id], { views: 2 })).to.equal(1)
    expect((await one.reload()).views).to.equal(7)
    expect(await titles(Post.select((post) => post.views > 10))).to.have.members(['two', 'three'])
    expect(await Post.count((post) => post.views > 10)).to.equal(2)
    expect(await Post.sum((post) => post.views)).to.equal(47)
    const { columns, rows } = await Post.insertAll([{ title: 'nine' }], { returning: sql('title as name') })
    expect([columns, rows]).to.deep.equal([['name'], [['nine']]])
  })

  it('load associations of records that are there', async () => {
    const posts = await Post.order('id')
    await new Preloader({ records: posts, associations: ['author', 'remarks'] }).call()
    test().database.statements.length = 0
    expect(posts.map((post) => post.remarks.length)).to.deep.equal([2, 1, 0])
    expect(test().database.statements).to.deep.equal([])
  })
})
