import { expect } from 'chai'
import {
  bindModels,
  ForbiddenAttributes,
  IncompatibleRelations,
  InvalidArgument,
  MissingJoin,
  range,
  RecordNotFound,
  SoleRecordExceeded,
  sql,
  UnknownAssociation,
  UnknownColumn,
} from '../../../src/model/index.ts'
import { Author, blogModels, blogSchema, Post, Profile, Remark } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

describe('relations', () => {
  let test: TestDatabase
  let ann: Author
  let bob: Author

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels(blogModels, test.database, test.metadata)
    ann = await Author.createOrThrow({ name: 'Ann' })
    bob = await Author.createOrThrow({ name: 'Bob', manager: ann })
    await Profile.createOrThrow({ author: ann, bio: 'writes' })
    const posts: [string, number, Author | null, 'draft' | 'published'][] = [
      ['one', 5, ann, 'draft'],
      ['two', 10, ann, 'published'],
      ['three', 20, bob, 'published'],
      ['four', 40, null, 'draft'],
    ]
    for (const [title, views, author, status] of posts) {
      const post = await Post.createOrThrow({
        title,
        views,
        author,
        status,
        published_at: status === 'draft' ? null : new Date('2026-01-02'),
      })
      if (views > 5) await post.remarks.createOrThrow({ body: `on ${title}` })
    }
  })
  after(() => test.close())

  const titles = async (relation: PromiseLike<Post[]>): Promise<string[]> => (await relation).map((post) => post.title)

  describe('conditions', () => {
    const cases: [string, () => PromiseLike<Post[]>, string[]][] = [
      ['a value', () => Post.where({ title: 'one' }), ['one']],
      ['several columns', () => Post.where({ status: 'published', views: 10 }), ['two']],
      ['null', () => Post.where({ author_id: null }), ['four']],
      ['a list', () => Post.where({ title: ['one', 'two'] }), ['one', 'two']],
      ['an empty list', () => Post.where({ title: [] }), []],
      ['a list with null', () => Post.where({ author_id: [2, null] }), ['three', 'four']],
      ['a closed range', () => Post.where({ views: range(5, 10) }), ['one', 'two']],
      ['a range without end', () => Post.where({ views: range(20, null) }), ['three', 'four']],
      ['a range that excludes its end', () => Post.where({ views: range(5, 20, { excludesEnd: true }) }), ['one', 'two']],
      ['a record', () => Post.where({ author: ann }), ['one', 'two']],
      ['a list of records', () => Post.where({ author: [ann, bob] }), ['one', 'two', 'three']],
      ['operators', () => Post.where({ views: { gt: 5, lt: 40 } }), ['two', 'three']],
      ['a pattern', () => Post.where({ title: { like: 't%' } }), ['two', 'three']],
      ['text that it contains, taken literally', () => Post.where({ title: { contains: '%' } }), []],
      ['not a value', () => Post.where({ title: { not: 'one' } }), ['two', 'three', 'four']],
      ['not null', () => Post.where({ author_id: { not: null } }), ['one', 'two', 'three']],
      ['not', () => Post.not({ status: 'draft', views: 5 }), ['two', 'three', 'four']],
      ['an enum of the schema', () => Post.where({ visibility: 'hidden' }), []],
      ['a date', () => Post.where({ published_at: new Date('2026-01-02') }), ['two', 'three']],
      ['SQL with values', () => Post.where('views > ? and title <> ?', 5, 'two'), ['three', 'four']],
      ['SQL with names', () => Post.where('views > :min', { min: 10 }), ['three', 'four']],
      ['a list in SQL', () => Post.where('title in (?)', ['one', 'two']), ['one', 'two']],
      ['a subquery', () => Post.where({ id: Remark.where({ body: 'on two' }).select('post_id') }), ['two']],
      ['a subquery by key', () => Post.where({ author_id: Author.where({ name: 'Bob' }) }), ['three']],
      ['a joined table', () => Post.joins('author').where({ author: { name: 'Ann' } }), ['one', 'two']],
      ['a table joined twice', () => Post.joins({ author: 'manager' }).where({ author: { manager: { name: 'Ann' } } }), ['three']],
      ['what is missing on the other side', () => Post.leftJoins('remarks').where({ remarks: { id: null } }), ['one']],
      ['what includes loads', () => Post.includes('author').where({ author: { name: 'Bob' } }), ['three']],
      ['or', () => Post.where({ views: 5 }).or(Post.where({ views: 40 })), ['one', 'four']],
      ['or with none', () => Post.none().or(Post.where({ views: 40 })), ['four']],
      ['merge of another model', () => Post.joins('author').merge(Author.where({ name: 'Bob' })), ['three']],
      ['merge of the same', () => Post.where({ views: 5 }).merge(Post.where({ views: 10 })), ['two']],
      ['rewhere', () => Post.where({ views: 5 }).rewhere({ views: 20 }), ['three']],
      ['unscope', () => Post.where({ views: 5, title: 'two' }).unscope({ where: 'views' }), ['two']],
      ['excluding', () => Post.excluding(Post.build({ title: 'x' }) && []), ['one', 'two', 'three', 'four']],
    ]
    for (const [name, relation, expected] of cases) {
      it(`takes ${name}`, async () => {
        expect(await titles(relation())).to.deep.equal(expected)
      })
    }

    it('casts values as Rails does', async () => {
      expect(await titles(Post.where({ views: '5' as unknown as number }))).to.deep.equal(['one'])
      expect(await Post.find('2 or so')).to.have.property('title', 'two')
    })

    it('refuses names that are no columns, with a suggestion', () => {
      const where = Post.where.bind(Post) as (conditions: object) => unknown
      expect(() => where({ titel: 'x' })).to.throw(UnknownColumn, "Post has no column 'titel'. Did you mean title?")
      expect(() => where({ 'title"; drop table posts; --': 'x' })).to.throw(UnknownColumn)
      const order = Post.order.bind(Post) as (item: string) => unknown
      expect(() => order('title; drop table posts')).to.throw(InvalidArgument)
      expect(() => order('titel desc')).to.throw(UnknownColumn)
      const joins = Post.joins.bind(Post) as (name: string) => unknown
      expect(() => joins('autor')).to.throw(UnknownAssociation, 'Did you mean author?')
    })

    it('takes no operators from outside, and no parameters that nobody permitted', () => {
      const where = Post.where.bind(Post) as (conditions: object) => unknown
      const sent = Object.assign(Object.create(Object.freeze(Object.create(null))) as object, { not: 'x' })
      expect(() => where({ title: sent })).to.throw(InvalidArgument, "'title' can't be compared with an object")
      expect(() => where({ title: Object.assign(Object.create(null) as object, { not: 'x' }) })).to.throw(InvalidArgument)
      expect(() => where({ title: 'x', [Symbol.for('regauge.permitted')]: false })).to.throw(ForbiddenAttributes)
    })

    it('says what has to be joined', async () => {
      await rejection(Post.where({ author: { name: 'Ann' } }), MissingJoin)
    })

    it('refuses or() of another model', () => {
      expect(() => Post.all().or(Author.all())).to.throw(IncompatibleRelations)
    })
  })

  describe('order, limits and selection', () => {
    it('orders, reorders and reverses', async () => {
      expect(await titles(Post.order({ views: 'desc' }))).to.deep.equal(['four', 'three', 'two', 'one'])
      expect(await titles(Post.order('title').reorder('id').reverseOrder().limit(2))).to.deep.equal(['four', 'three'])
      expect(await titles(Post.order(sql('length(title), title')))).to.deep.equal(['one', 'two', 'four', 'three'])
      expect(await titles(Post.joins('author').order({ author: { name: 'desc' } }, 'id'))).to.deep.equal(['three', 'one', 'two'])
    })

    it('limits and skips, also without a limit', async () => {
      expect(await titles(Post.order('id').limit(2).offset(1))).to.deep.equal(['two', 'three'])
      expect(await titles(Post.order('id').offset(3))).to.deep.equal(['four'])
      expect(await Post.limit(2).count()).to.equal(2)
      expect(() => Post.limit('x')).to.throw(InvalidArgument)
    })

    it('loads only what is selected, and says what is missing', async () => {
      const [post] = await Post.select('id', 'title').order('id')
      expect(post!.title).to.equal('one')
      expect(() => post!.views).to.throw("missing attribute 'views' for Post")
      const [counted] = await Post.select('title', sql('views * 2 as doubled')).order('id')
      expect(Reflect.get(counted!, 'doubled')).to.equal(10)
    })

    it('finds the first, the last and the only one', async () => {
      expect((await Post.first())?.title).to.equal('one')
      expect((await Post.last())?.title).to.equal('four')
      expect(await titles(Promise.resolve(await Post.last(2)))).to.deep.equal(['three', 'four'])
      expect((await Post.order('views').second())?.title).to.equal('two')
      expect((await Post.where({ views: 5 }).sole()).title).to.equal('one')
      await rejection(Post.where({ views: 6 }).sole(), RecordNotFound)
      await rejection(Post.all().sole(), SoleRecordExceeded)
    })

    it('finds several by key in the order of the keys', async () => {
      expect(await titles(Promise.resolve(await Post.find([3, 1])))).to.deep.equal(['three', 'one'])
      const error = await rejection(Post.find([1, 99]), RecordNotFound)
      expect(error.message).to.equal("Couldn't find all Post with 'id': (1, 99) (found 1 results, but was looking for 2)")
    })
  })

  describe('calculations', () => {
    it('counts, sums, averages and compares in the database', async () => {
      expect(await Post.count()).to.equal(4)
      expect(await Post.count('author_id')).to.equal(3)
      expect(await Post.select('author_id').distinct().count()).to.equal(2)
      expect(await Post.sum('views')).to.equal(75)
      expect(await Post.average('views')).to.equal(18.75)
      expect(await Post.maximum('title')).to.equal('two')
      expect((await Post.maximum('published_at'))?.toISOString()).to.equal('2026-01-02T00:00:00.000Z')
      expect(await Post.none().sum('views')).to.equal(0)
    })

    it('answers a Map for groups', async () => {
      expect([...(await Post.group('status').count())]).to.deep.equal([
        ['draft', 2],
        ['published', 2],
      ])
      expect([...(await Post.group('author_id').having('count(*) > ?', 1).sum('views'))]).to.deep.equal([[1, 15]])
      expect([...(await Post.group('author_id', 'status').count()).keys()]).to.deep.include([1, 'draft'])
    })

    it('plucks and picks values without making records', async () => {
      expect(await Post.order('id').pluck('title')).to.deep.equal(['one', 'two', 'three', 'four'])
      expect(await Post.where({ id: 1 }).pluck('id', 'status', 'published_at')).to.deep.equal([[1, 'draft', null]])
      expect(await Post.order({ id: 'desc' }).pick('title')).to.equal('four')
      expect(await Post.where({ id: 99 }).pick('title')).to.equal(null)
      expect(await Post.order('id').ids()).to.deep.equal([1, 2, 3, 4])
    })

    it('asks whether there are any', async () => {
      expect(await Post.exists()).to.equal(true)
      expect(await Post.exists({ title: 'five' })).to.equal(false)
      expect(await Post.exists(1)).to.equal(true)
      expect([await Post.isAny(), await Post.isEmpty(), await Post.where({ id: 9 }).isNone(), await Post.many()]).to.deep.equal([
        true,
        false,
        true,
        true,
      ])
    })

    it('takes a text given to exists for a key, and never for SQL', async () => {
      for (const text of ['0 or 1 = 1', '0) or (1 = 1', "0' or '1' = '1", '0\tor\t1=1', '0/**/or/**/1=1', 'id = id', '']) {
        expect(await Post.exists(text as never), text).to.equal(false)
      }
      expect(await Post.exists('1' as never)).to.equal(true)
      expect(await Post.exists(null as never)).to.equal(false)
    })
  })

  describe('running', () => {
    it('runs once, when it is awaited, and again with reload', async () => {
      const relation = Post.order('id')
      test.database.statements.length = 0
      expect(relation.isLoaded()).to.equal(false)
      await relation
      await relation
      expect(test.database.statements).to.have.length(1)
      await relation.reload()
      expect(test.database.statements).to.have.length(2)
      const seen: string[] = []
      for await (const post of relation) seen.push(post.title)
      expect(seen).to.have.length(4)
    })

    it('walks records in batches by key', async () => {
      const seen: string[] = []
      await Post.findEach((post) => seen.push(post.title), { batchSize: 3 })
      expect(seen).to.deep.equal(['one', 'two', 'three', 'four'])
      const sizes: number[] = []
      await Post.inBatches(async (batch) => sizes.push(await batch.count()), { of: 3 })
      expect(sizes).to.deep.equal([3, 1])
      const backwards: string[] = []
      await Post.limit(3).findEach((post) => backwards.push(post.title), { batchSize: 2, order: 'desc' })
      expect(backwards).to.deep.equal(['four', 'three', 'two'])
    })

    it('writes its SQL with the values in it', () => {
      expect(
        Post.where({ title: "it's", views: [1, 2] })
          .reselect('id')
          .order('id')
          .limit(1)
          .toSql(),
      ).to.equal(
        `select "posts"."id" from "posts" where "posts"."title" = 'it''s' and "posts"."views" in (1, 2) order by "posts"."id" asc limit 1`,
      )
    })

    it('remembers a bounded number of shapes', async () => {
      const { Statements } = await import('../../../src/model/sql/statements.ts')
      const statements = new Statements('sqlite')
      const { SelectQueryNode, TableNode } = await import('kysely')
      for (let shape = 0; shape < 5000; shape++) statements.of(String(shape), () => SelectQueryNode.createFrom([TableNode.create('posts')]))
      expect(statements.size).to.be.at.most(2000)
    })

    it('updates and deletes all rows of a relation, also of a joined one', async () => {
      expect(await Post.where({ title: 'four' }).updateAll({ views: 41 })).to.equal(1)
      expect(
        await Post.joins('author')
          .where({ author: { name: 'Bob' } })
          .updateAll({ views: 21 }),
      ).to.equal(1)
      expect(await Post.order('id').pluck('views')).to.deep.equal([5, 10, 21, 41])
      await Post.where({ title: 'four' }).updateCounters({ views: -1 })
      expect(await Post.where({ title: 'four' }).pick('views')).to.equal(40)
      expect(await Post.none().deleteAll()).to.equal(0)
      await Post.createOrThrow({ title: 'gone' })
      expect(await Post.where({ title: 'gone' }).deleteAll()).to.equal(1)
    })
  })

  describe('what an association of them leads to', () => {
    it('is a record or null for each, as often as they lead there', async () => {
      const authors = await Post.order('id').limit(4).extractAssociated('author')
      expect(authors.map((author) => author?.name)).to.deep.equal(['Ann', 'Ann', 'Bob', undefined])
      expect(authors[3]).to.equal(null)
      expect(authors[0]).to.equal(authors[1])
      expect(await Author.order('id').extractAssociated('profile')).to.have.property('length', 2)
    })

    it('is a loaded collection for each where there may be many', async () => {
      const remarks = await Post.where({ title: ['one', 'two'] })
        .order('id')
        .extractAssociated('remarks')
      expect(remarks.map((each) => each.map(({ body }) => body))).to.deep.equal([[], ['on two']])
    })
  })
})
