import { expect } from 'chai'
import { bindModels, IncompatibleRelations, InvalidArgument, sql } from '../../../src/model/index.ts'
import { Author, blogModels, blogSchema, Post, Remark } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

describe('words of relations', () => {
  let test: TestDatabase
  let ann: Author
  let posts: readonly Post[]

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels(blogModels, test.database, test.metadata)
    ann = await Author.createOrThrow({ name: 'Ann' })
    posts = await Post.createOrThrow([
      { title: 'one', views: 5, author: ann },
      { title: 'two', views: 15 },
      { title: 'three', views: 25, author: ann },
    ])
    await Remark.createOrThrow({ post: posts[0]!, body: 'x' })
    test.database.statements.length = 0
  })
  after(() => test.close())
  beforeEach(() => {
    test.database.statements.length = 0
  })

  const titles = async (found: PromiseLike<Post[]>): Promise<string[]> => (await found).map(({ title }) => title)
  const sorted = () => Post.order('id')

  it('loadAsync starts the query, and awaiting the relation later waits for it', async () => {
    const relation = sorted().loadAsync()
    expect([relation.isScheduled(), relation.isLoaded(), test.database.statements.length]).to.deep.equal([true, false, 1])
    expect(await titles(relation)).to.deep.equal(['one', 'two', 'three'])
    expect([relation.isScheduled(), relation.isLoaded(), test.database.statements.length]).to.deep.equal([false, true, 1])
    const remarks = posts[0]!.remarks.loadAsync()
    expect((await remarks).length).to.equal(1)
  })

  it('loadAsync keeps the error of its query for those who await it', async () => {
    const failing = Post.where(sql('nowhere = 1')).loadAsync()
    await Promise.resolve()
    expect(await rejection(failing, Error)).to.have.property('code', 'REGAUGE_DATABASE_ERROR')
  })

  it('asyncCount and its like are what is calculated', async () => {
    const some = Post.where({ author: ann })
    const calculated = [some.asyncCount(), some.asyncSum('views'), some.asyncAverage('views'), some.asyncMinimum('views')]
    expect(await Promise.all(calculated)).to.deep.equal([2, 30, 15, 5])
    expect([await some.asyncMaximum('title'), await some.asyncPluck('views'), await sorted().asyncPick('title')]).to.deep.equal([
      'three',
      [5, 25],
      'one',
    ])
    expect([await Post.asyncCount(), await sorted().asyncIds()]).to.deep.equal([3, posts.map(({ id }) => id)])
  })

  it('excluding and without leave records out, of lists and relations too', async () => {
    expect(await titles(sorted().excluding(posts[0]!))).to.deep.equal(['two', 'three'])
    expect(await titles(sorted().without([posts[0]!], posts[2]!))).to.deep.equal(['two'])
    expect(await titles(sorted().excluding(Post.where({ author: ann })))).to.deep.equal(['two'])
    expect(await titles(sorted().excluding(null))).to.deep.equal(['one', 'two', 'three'])
    expect(() => Post.excluding(ann as never)).to.throw(InvalidArgument, 'excluding() takes records of Post')
    expect(() => Post.without(Author.all())).to.throw(InvalidArgument, 'excluding() takes records of Post')
    expect(() => Post.without('1' as never)).to.throw(InvalidArgument)
  })

  it('inOrderOf sorts by a list, and leaves others out or at the end', async () => {
    expect(await titles(Post.inOrderOf('views', [25, 5]))).to.deep.equal(['three', 'one'])
    expect(await titles(Post.inOrderOf('title', ['two'], { filter: false }).order('id'))).to.deep.equal(['two', 'one', 'three'])
    expect(await titles(Post.inOrderOf('title', []))).to.deep.equal([])
    expect(await titles(sorted().inOrderOf('title', [], { filter: false }))).to.deep.equal(['one', 'two', 'three'])
    expect(await Post.inOrderOf('author_id', [null, ann.id]).pluck('author_id')).to.deep.equal([null, ann.id, ann.id])
  })

  it('invertWhere turns the conditions round', async () => {
    expect(await titles(sorted().where({ views: 15 }).invertWhere())).to.deep.equal(['one', 'three'])
    expect(await titles(sorted().where({ views: 5, title: 'one' }).invertWhere())).to.deep.equal(['two', 'three'])
    expect(await titles(sorted().not({ views: 15 }).invertWhere())).to.deep.equal(['two'])
    expect(await titles(sorted().where({ author: null }).invertWhere())).to.deep.equal(['one', 'three'])
    expect(await titles(sorted().invertWhere())).to.deep.equal(['one', 'two', 'three'])
  })

  it('regroup groups by something else', async () => {
    const counts = await Post.group('title').regroup('author_id').count()
    expect(counts).to.deep.equal(
      new Map([
        [null, 1],
        [ann.id, 2],
      ]),
    )
  })

  it('or and and take relations of the model that differ in their conditions alone', async () => {
    const [few, anns] = [sorted().where({ views: 5 }), sorted().where({ author: ann })]
    expect(await titles(few.or(sorted().where({ views: 15 })))).to.deep.equal(['one', 'two'])
    expect(await titles(few.and(anns))).to.deep.equal(['one'])
    expect(await titles(few.and(Post.none()))).to.deep.equal([])
    expect(await titles(Post.joins('remarks').or(Post.where({ views: 1 })))).to.deep.equal(['one'])
    for (const method of ['or', 'and'] as const) {
      const needs = `${method}() needs two relations that differ in their conditions alone`
      expect(() => Post.limit(1)[method](Post.limit(2))).to.throw(InvalidArgument, `${needs}; limit differ`)
      expect(() => Post.all()[method](Post.joins('remarks'))).to.throw(InvalidArgument, `${needs}; joins differ`)
      expect(() => Post.all()[method](Post.distinct().order('id'))).to.throw(InvalidArgument, `${needs}; distinct, orders differ`)
      expect(() => Post.all()[method](7 as never)).to.throw(InvalidArgument, `${method}() takes a relation; it was given number`)
      expect(() => Post.all()[method](Author.all())).to.throw(IncompatibleRelations)
    }
    expect([
      few.isStructurallyCompatible(anns),
      few.isStructurallyCompatible(Post.limit(1)),
      few.isStructurallyCompatible(Author.all()),
    ]).to.deep.equal([true, false, false])
  })

  it('optimizerHints and annotate are comments that end where they end', async () => {
    const hinted = sorted().optimizerHints('MAX_EXECUTION_TIME(500)', 'x */ y').annotate('why', 'a */ b')
    expect(hinted.toSql()).to.match(/^select \/\*\+ MAX_EXECUTION_TIME\(500\) x \* \/ y \*\/ /)
    expect(hinted.toSql()).to.match(/\/\* why \*\/ \/\* a \* \/ b \*\/$/)
    expect(await titles(hinted.distinct())).to.deep.equal(['one', 'two', 'three'])
    expect(hinted.unscope('optimizerHints').toSql()).not.to.include('/*+')
    expect(Post.all().merge(hinted).toSql()).to.include('/*+ MAX')
  })
})
