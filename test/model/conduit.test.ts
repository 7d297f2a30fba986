import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { bindModels, checkModels, RecordInvalid, RecordNotFound, RecordNotUnique, Rollback } from '../../src/model/index.ts'
import { Article, announced, Comment, conduitModels, Favorite, Follow, Tag, Tagging, User } from './conduit_models.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'
import { rejection } from './rejection.ts'
import { quickDigests } from '../quick_digests.ts'

const schema = readFileSync(path.join(import.meta.dirname, '../../guides/conduit/api/db/schema.prisma'), 'utf8')

describe("the sample application's models", () => {
  let test: TestDatabase
  let ann: User
  let bob: User

  before(async () => {
    test = await testDatabase(schema)
    bindModels(conduitModels, test.database, test.metadata)
    checkModels(conduitModels)
  })
  after(() => test.close())
  quickDigests()

  beforeEach(async () => {
    for (const model of [Tagging, Tag, Favorite, Follow, Comment, Article, User]) await model.deleteAll()
    announced.length = 0
    ann = await User.createOrThrow({ username: 'ann', email: 'ann@example.com', password: 'correct horse' })
    bob = await User.createOrThrow({ username: 'bob', email: 'bob@example.com', password: 'correct horse' })
  })

  const write = (title: string, author = ann) => Article.createOrThrow({ title, description: 'd', body: 'b', author })

  it('keeps a password as a digest and checks it', async () => {
    expect(ann.password_digest).to.match(/^\$2a\$/)
    const reloaded = await User.find(ann.id)
    expect(await reloaded.authenticate('correct horse')).to.equal(reloaded)
    expect(await reloaded.authenticate('wrong')).to.equal(false)
    expect((await User.authenticateBy({ email: 'ann@example.com', password: 'correct horse' }))?.id).to.equal(ann.id)
    expect(await User.authenticateBy({ email: 'ann@example.com', password: 'wrong' })).to.equal(null)
    expect(await User.authenticateBy({ email: 'nobody@example.com', password: 'correct horse' })).to.equal(null)
  })

  it('never shows a digest when a record is inspected', async () => {
    const { inspect } = await import('node:util')
    expect(inspect(ann)).to.contain("username: 'ann'").and.to.contain('password_digest: [FILTERED]')
  })

  it("collects what is wrong with a user, with Rails' messages", async () => {
    const error = await rejection(User.createOrThrow({ username: 'ann', password: 'short' }), RecordInvalid)
    expect(error.message).to.equal(
      "Validation failed: Email can't be blank, Username has already been taken, Password is too short (minimum is 8 characters)",
    )
    expect(error.record.errors.toJSON()).to.deep.equal({
      email: ["can't be blank"],
      username: ['has already been taken'],
      password: ['is too short (minimum is 8 characters)'],
    })
    expect(error.record.errors.details['username']).to.deep.equal([{ error: 'taken', value: 'ann' }])
    expect(error.status).to.equal(422)
  })

  it('normalizes what is assigned', async () => {
    const user = new User({ bio: '  ', image: 'x.png' })
    expect([user.bio, user.image]).to.deep.equal([null, 'x.png'])
  })

  it('gives an article its slug and announces it after the commit, once', async () => {
    await Article.transaction(async () => {
      const article = ann.articles.build({ title: 'Hello, World', description: 'd', body: 'b' })
      await article.saveOrThrow()
      await article.setTagList(['b', 'a', 'b'])
      await article.saveOrThrow()
      expect(announced).to.deep.equal([])
    })
    expect(announced).to.have.length(1)
    expect(announced[0]).to.match(/^hello-world-[0-9a-f]{6}$/)
  })

  it('announces nothing when the transaction rolls back, and the record is new again', async () => {
    const article = ann.articles.build({ title: 'x', description: 'd', body: 'b' })
    await Article.transaction(async () => {
      await article.saveOrThrow()
      throw new Rollback()
    })
    expect(announced).to.deep.equal([])
    expect(article.isNewRecord()).to.equal(true)
    expect(article.id).to.equal(null)
    expect(await Article.count()).to.equal(0)
  })

  it('replaces the tags of an article', async () => {
    const article = await write('x')
    await article.setTagList(['b', 'a'])
    const kept = (await article.taggings)[0]!.id
    await article.setTagList(['b', 'c'])
    expect(await article.tagList()).to.deep.equal(['b', 'c'])
    const again = await Article.includes({ taggings: 'tag' }).findByOrThrow({ slug: article.slug })
    expect([...again.taggings].map((tagging) => tagging.tag.name)).to.have.members(['b', 'c'])
    expect(again.taggings.some((tagging) => tagging.id === kept)).to.equal(true)
    expect((await article.tags).map((tag) => tag.name)).to.have.members(['b', 'c'])
  })

  it('finds articles through its scopes, chained', async () => {
    const [first, second] = [await write('one'), await write('two')]
    await write('three', bob)
    await first.setTagList(['x'])
    await second.setTagList(['x'])
    await bob.favorites.findOrCreateByOrThrow({ article: second })
    expect((await Article.tagged('x').by('ann').recent()).map((article) => article.title)).to.deep.equal(['two', 'one'])
    expect((await Article.favoritedBy('bob').recent()).map((article) => article.id)).to.deep.equal([second.id])
    expect(await Article.tagged('x').by('bob').count()).to.equal(0)
    expect(
      (
        await Article.where({ author_id: [bob.id] })
          .recent()
          .limit('20')
          .offset('0')
      ).length,
    ).to.equal(1)
  })

  it('loads a page of articles with one query an association', async () => {
    for (const title of ['one', 'two', 'three']) await (await write(title)).setTagList(['x', title])
    test.database.statements.length = 0
    const page = await Article.recent().includes('author', 'favorites', { taggings: 'tag' }).limit(20)
    expect(test.database.statements).to.have.length(5)
    const [newest] = page
    expect(newest!.author.username).to.equal('ann')
    expect(newest!.favorites.length).to.equal(0)
    expect(await newest!.tagList()).to.deep.equal(['three', 'x'])
    expect(test.database.statements).to.have.length(5)
  })

  it('finds what another made at the same time, instead of failing', async () => {
    const tags = await Promise.all(Array.from({ length: 5 }, () => Tag.findOrCreateByOrThrow({ name: 'raced' })))
    expect(new Set(tags.map((tag) => tag.id)).size).to.equal(1)
    expect(await Tag.where({ name: 'raced' }).count()).to.equal(1)
  })

  it('counts favorites in the database and in the loaded article', async () => {
    const article = await write('x')
    await bob.favorites.findOrCreateByOrThrow({ article })
    await bob.favorites.findOrCreateByOrThrow({ article })
    expect((await Article.find(article.id)).favorites_count).to.equal(1)
    expect((await bob.favorite_articles).map((each) => each.id)).to.deep.equal([article.id])
    await bob.favorites.where({ article }).destroyAll()
    expect((await article.reload()).favorites_count).to.equal(0)
  })

  it('follows and unfollows', async () => {
    await ann.follow(bob)
    await ann.follow(bob)
    expect(await ann.isFollowing(bob)).to.equal(true)
    expect((await ann.following).map((user) => user.username)).to.deep.equal(['bob'])
    const feed = Article.where({ author_id: ann.follows.select('followed_id') })
    await write('from bob', bob)
    expect((await feed).map((article) => article.title)).to.deep.equal(['from bob'])
    await ann.unfollow(bob)
    expect(await Follow.count()).to.equal(0)
    await ann.following.push(bob)
    expect(await ann.isFollowing(bob)).to.equal(true)
    await ann.following.delete(bob)
    expect(await ann.isFollowing(bob)).to.equal(false)
  })

  it('creates comments on an article and finds them there only', async () => {
    const [article, other] = [await write('one'), await write('two')]
    const comment = await article.comments.createOrThrow({ body: 'Nice', author: bob })
    expect([comment.article_id, comment.author_id]).to.deep.equal([article.id, bob.id])
    expect((await article.comments.find(String(comment.id))).body).to.equal('Nice')
    await rejection(other.comments.find(comment.id), RecordNotFound)
    const error = await rejection(article.comments.createOrThrow({ author: bob }), RecordInvalid)
    expect(error.message).to.equal("Validation failed: Body can't be blank")
  })

  it('touches the timestamp only when something changed', async () => {
    const article = await write('x')
    const before = article.updated_at
    await article.updateOrThrow({ title: 'x' })
    expect(article.hasSavedChanges()).to.equal(false)
    expect(article.updated_at).to.equal(before)
    await article.updateOrThrow({ title: 'y' })
    expect(article.savedChanges['title']).to.deep.equal(['x', 'y'])
    await article.touch()
    expect((await Article.find(article.id)).updated_at.getTime()).to.equal(article.updated_at.getTime())
  })

  it('destroys what depends on a user', async () => {
    const article = await write('x')
    await article.setTagList(['a'])
    await article.comments.createOrThrow({ body: 'c', author: bob })
    await bob.favorites.findOrCreateByOrThrow({ article })
    await bob.follow(ann)
    await ann.destroyOrThrow().catch(() => {})
    await Follow.deleteAll()
    await ann.destroyOrThrow()
    expect([await Article.count(), await Comment.count(), await Tagging.count(), await Favorite.count()]).to.deep.equal([0, 0, 0, 0])
    expect(await Tag.count()).to.equal(1)
  })

  it('says which record is missing', async () => {
    const error = await rejection(Article.findByOrThrow({ slug: 'nope' }), RecordNotFound)
    expect([error.model, error.status]).to.deep.equal(['Article', 404])
    const byId = await rejection(Article.find('99'), RecordNotFound)
    expect([byId.message, byId.id]).to.deep.equal(["Couldn't find Article with 'id'=99", '99'])
  })

  it('turns what a unique index refuses into RecordNotUnique', async () => {
    const copy = new User({ username: 'ann', email: 'other@example.com', password: 'correct horse' })
    const error = await rejection(copy.save({ validate: false }), RecordNotUnique)
    expect(error.status).to.equal(409)
  })
})
