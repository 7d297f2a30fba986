import { expect } from 'chai'
import { RecordNotUnique, Rollback } from '../../src/model/index.ts'
import { Author, blogModels, blogSchema, Post, Profile, Remark } from './blog_models.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, onPostgres } from './test_database.ts'

describe('models on PostgreSQL', () => {
  boundDatabase(blogModels, () => onPostgres(blogSchema))

  it('writes and reads values of every kind', async () => {
    const written = await Post.createOrThrow({
      title: 'x',
      hits: 9_007_199_254_740_993n,
      price: 9.9,
      score: 1.5,
      featured: true,
      settings: { theme: 'dark' },
      visibility: 'hidden',
      published_at: new Date('2026-01-02T03:04:05.678Z'),
    })
    expect(written.id).to.be.a('number')
    const read = await Post.find(written.id)
    expect([read.hits, String(read.price), read.score, read.featured, read.visibility]).to.deep.equal([
      9_007_199_254_740_993n,
      '9.9',
      1.5,
      true,
      'hidden',
    ])
    expect([read.settings, read.published_at?.toISOString()]).to.deep.equal([{ theme: 'dark' }, '2026-01-02T03:04:05.678Z'])
  })

  it('queries, joins, preloads and calculates', async () => {
    const ann = await Author.createOrThrow({ name: 'Ann' })
    const post = await Post.createOrThrow({ title: 'joined', views: 7, author: ann, published_at: new Date('2026-02-01') })
    await post.remarks.createOrThrow({ body: 'r' })
    const [found] = await Post.joins('author')
      .where({ author: { name: 'Ann' }, views: [7, 8] })
      .includes('author', 'remarks')
      .order({ id: 'desc' })
      .limit(1)
      .offset(0)
    expect([found!.author?.name, found!.remarks.length]).to.deep.equal(['Ann', 1])
    expect(await Post.where('views > ? and title = ?', 1, 'joined').count()).to.equal(1)
    expect(await Post.where({ published_at: { gt: new Date('2026-01-31') } }).pluck('title')).to.deep.equal(['joined'])
    expect(await Post.where({ id: Remark.select('post_id') }).sum('views')).to.equal(7)
    expect((await Post.group('status').count()).get('draft')).to.be.greaterThan(0)
    expect(await Post.where({ title: 'joined' }).updateAll({ views: 9 })).to.equal(1)
  })

  it('explains how the server runs a query, and how it ran it', async () => {
    expect(await Post.where({ title: 'x' }).explain()).to.match(/Seq Scan on posts/)
    expect(await Post.where({ id: 1 }).explain('analyze', 'verbose')).to.match(/actual (?:time|rows)/)
  })

  it('keeps transactions apart, nests them, and names what a unique index refuses', async () => {
    const before = await Author.count()
    await Author.transaction(async () => {
      await Author.createOrThrow({ name: 'kept' })
      await Author.transaction(
        async () => {
          await Author.createOrThrow({ name: 'gone' })
          throw new Rollback()
        },
        { requiresNew: true },
      )
    })
    expect(await Author.count()).to.equal(before + 1)
    const author = await Author.findByOrThrow({ name: 'kept' })
    await Profile.createOrThrow({ author })
    await rejection(Profile.createOrThrow({ author }), RecordNotUnique)
  })
})
