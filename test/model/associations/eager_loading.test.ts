import { expect } from 'chai'
import { Author, BlogModel, blogModels, blogSchema, Post, Remark } from '../blog_models.ts'
import { bindModels, StrictLoadingViolation } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

describe('associations that are loaded with the records', () => {
  const test = boundDatabase(blogModels, () => testDatabase(blogSchema))
  const statements = () => test().database.statements.filter((text) => text.startsWith('select'))

  before(async () => {
    for (const name of ['Ann', 'Bo']) {
      const author = await Author.createOrThrow({ name })
      for (const title of ['one', 'two']) {
        const post = await Post.createOrThrow({ title: `${name} ${title}`, author })
        await Remark.createOrThrow({ body: `on ${post.title}`, post })
        await Remark.createOrThrow({ body: `again on ${post.title}`, post })
      }
    }
  })
  beforeEach(() => {
    test().database.statements.length = 0
  })

  it('take a query each with preload, and one for all with eagerLoad', async () => {
    const preloaded = await Post.preload('author', 'remarks').order('id')
    expect(statements()).to.have.length(3)
    test().database.statements.length = 0
    const joined = await Post.eagerLoad('author', 'remarks').order('id')
    expect(statements()).to.have.length(1)
    const seen = (posts: typeof joined) =>
      posts.map((post) => [post.title, post.author?.name, post.remarks.map((remark) => remark.body).sort()])
    expect(seen(joined)).to.deep.equal(seen(preloaded))
    expect(joined).to.have.length(4)
  })

  it('are joined by includes when a condition names them', async () => {
    const posts = await Post.includes('author')
      .where({ author: { name: 'Bo' } })
      .order('id')
    expect(statements()).to.have.length(1)
    expect(posts.map((post) => post.author?.name)).to.deep.equal(['Bo', 'Bo'])
    const referenced = await Post.includes('author').where('authors.name = ?', 'Ann').references('authors')
    expect(referenced.map((post) => post.author?.name)).to.deep.equal(['Ann', 'Ann'])
  })

  it('count records, not joined rows, with a limit', async () => {
    const posts = await Post.eagerLoad('remarks').order('id').limit(2).offset(1)
    expect(posts.map((post) => [post.title, post.remarks.length])).to.deep.equal([
      ['Ann two', 2],
      ['Bo one', 2],
    ])
    expect(await Post.eagerLoad('remarks').count()).to.equal(4)
  })

  it('go down a tree, one object for a row', async () => {
    const authors = await Author.eagerLoad({ posts: 'remarks' }).order('id')
    expect(authors.map((author) => author.posts.map((post) => post.remarks.length))).to.deep.equal([
      [2, 2],
      [2, 2],
    ])
    const posts = await Post.eagerLoad('author').order('id')
    expect(posts[0]!.author).to.equal(posts[1]!.author)
  })

  it('are the only ones that strict records have', async () => {
    const [post] = await Post.strictLoading().includes('author').order('id')
    expect(post!.author?.name).to.equal('Ann')
    await rejection(Promise.resolve(post!.remarks), StrictLoadingViolation)
    expect(await post!.remarks.count()).to.equal(2)
  })

  it('are none for no records', async () => {
    class Nothing extends BlogModel('Post') {}
    bindModels([Nothing], test().database, test().metadata)
    expect(await Nothing.where({ id: [] }).includes('author')).to.deep.equal([])
    expect(statements()).to.deep.equal([])
  })
})
