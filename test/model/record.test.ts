import { expect } from 'chai'
import {
  bindModels,
  checkModels,
  ForbiddenAttributes,
  globalIdOf,
  InvalidArgument,
  InvalidEnumValue,
  listCallbacks,
  locateRecord,
  MissingModelMethod,
  ReadOnlyRecord,
  RecordInvalid,
  RecordNotDestroyed,
  UnknownAssociation,
  UnknownAttribute,
  UnknownColumn,
  UnknownModel,
  useDatabase,
  useGlobalIdApplication,
} from '../../src/model/index.ts'
import { Author, BlogModel, blogModels, blogSchema, Poll, Post, Profile, Remark } from './blog_models.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

describe('records', () => {
  const test = boundDatabase(blogModels, () => testDatabase(blogSchema))

  beforeEach(async () => {
    for (const model of [Remark, Post, Profile]) await model.deleteAll()
    await Author.updateAll({ manager_id: null })
    await Author.deleteAll()
  })

  describe('attributes', () => {
    it('starts with the defaults of the schema', () => {
      const post = new Post()
      expect([post.status, post.visibility, post.views, post.hits, post.featured, post.title]).to.deep.equal([
        'draft',
        'visible',
        0,
        0n,
        false,
        null,
      ])
      expect(post.isChanged()).to.equal(false)
    })

    it('casts what is assigned, and reads back what it wrote', async () => {
      const written = await Post.createOrThrow({
        title: 'x',
        views: '12 apples' as unknown as number,
        price: '9.90' as unknown as number,
        hits: 9_007_199_254_740_993n,
        settings: { theme: 'dark', tags: ['a'] },
        featured: 'on' as unknown as boolean,
        visibility: 'hidden',
        published_at: '2026-01-02 03:04:05' as unknown as Date,
      })
      const read = await Post.find(written.id)
      expect([read.views, String(read.price), read.hits, read.featured, read.visibility]).to.deep.equal([
        12,
        '9.9',
        9_007_199_254_740_993n,
        true,
        'hidden',
      ])
      expect(read.settings).to.deep.equal({ theme: 'dark', tags: ['a'] })
      expect(read.published_at?.toISOString()).to.equal('2026-01-02T03:04:05.000Z')
      expect((await test().database.query('select visibility from posts', [])).rows[0]![0]).to.equal('h')
    })

    it('refuses attributes that the model does not have, with a suggestion', () => {
      expect(() => new Post({ titel: 'x' } as object)).to.throw(UnknownAttribute, "unknown attribute 'titel' for Post. Did you mean title?")
      expect(() => new Post({ errors: [] } as object)).to.throw(UnknownAttribute)
      expect(() => new Post(JSON.parse('{"__proto__": {"admin": true}}') as object)).to.throw(UnknownAttribute)
    })

    it('refuses parameters that nobody permitted', () => {
      const parameters = { title: 'x', [Symbol.for('regauge.permitted')]: false }
      expect(() => new Post(parameters)).to.throw(ForbiddenAttributes)
    })

    it('refuses what is no member of an enum', () => {
      expect(() => new Post({ status: 'publishd' as 'published' })).to.throw(
        InvalidEnumValue,
        "'publishd' is not a valid status. Did you mean published?",
      )
    })

    it('tells what changed, and what the last save changed', async () => {
      const post = await Post.createOrThrow({ title: 'a' })
      expect(Object.keys(post.savedChanges)).to.include.members(['id', 'title', 'created_at'])
      post.title = 'b'
      post.views = 0
      expect([post.changed, post.attributeWas('title'), post.willSaveChangeTo('title', { from: 'a', to: 'b' })]).to.deep.equal([
        ['title'],
        'a',
        true,
      ])
      await post.save()
      expect(post.savedChanges['title']).to.deep.equal(['a', 'b'])
      expect([post.isChanged(), post.hasSavedChanges(), post.attributeBeforeLastSave('title')]).to.deep.equal([false, true, 'a'])
      await post.save()
      expect(post.hasSavedChanges()).to.equal(false)
    })

    it('sees changes inside of a JSON value', async () => {
      const post = await Post.createOrThrow({ title: 'a', settings: { tags: ['x'] } })
      const read = await Post.find(post.id)
      read.settings!.tags!.push('y')
      expect(read.changed).to.deep.equal(['settings'])
      await read.saveOrThrow()
      expect((await Post.find(post.id)).settings).to.deep.equal({ tags: ['x', 'y'] })
    })

    it('serialises as Rails does', async () => {
      const post = await Post.createOrThrow({ title: 'a', published_at: new Date('2026-01-02T03:04:05Z') })
      expect(JSON.parse(JSON.stringify(post))).to.include({ id: post.id, status: 'draft', published_at: '2026-01-02T03:04:05.000Z' })
      await post.remarks.createOrThrow({ body: 'r' })
      await post.remarks.reload()
      expect(post.asJson({ only: ['title'], include: { remarks: { only: 'body' } } })).to.deep.equal({
        title: 'a',
        remarks: [{ body: 'r' }],
      })
      expect(post.slice('title', 'isPublished')).to.deep.equal({ title: 'a', isPublished: false })
    })

    it('compares rows, not objects', async () => {
      const post = await Post.createOrThrow({ title: 'a' })
      expect(post.equals(await Post.find(post.id))).to.equal(true)
      expect(post.equals(new Post())).to.equal(false)
    })

    it('has them for the enums of the schema that the class asks for', async () => {
      class Story extends BlogModel('Post', { enums: ['visibility'] }) {}
      bindModels([Story], test().database, test().metadata)
      const story = await Story.createOrThrow({ title: 'x' })
      await story.hiddenOrThrow()
      expect([story.isHidden(), story.isVisible(), await Story.hidden().count(), await Story.visible().count()]).to.deep.equal([
        true,
        false,
        1,
        0,
      ])
    })

    it('has methods and scopes for the members of an enum', async () => {
      const post = await Post.createOrThrow({ title: 'a' })
      await post.publishedOrThrow()
      expect(post.isPublished()).to.equal(true)
      const { published } = Post as unknown as { published(): PromiseLike<Post[]> }
      expect((await published.call(Post)).map((each) => each.id)).to.deep.equal([post.id])
    })
  })

  describe('saving', () => {
    it('writes what changed, and the timestamps', async () => {
      const post = await Post.createOrThrow({ title: 'a' })
      await post.updateColumns({ updated_at: new Date(0) })
      test().database.statements.length = 0
      await post.updateOrThrow({ views: 3 })
      expect(test().database.statements).to.deep.equal(['update "posts" set "views" = ?, "updated_at" = ? where "id" = ?'])
      await post.updateColumns({ views: 4 })
      await post.incrementOrThrow('views', 2)
      post.increment('views').toggle('featured')
      expect([post.views, post.featured]).to.deep.equal([7, true])
      await post.reload()
      expect([post.views, post.featured]).to.deep.equal([6, false])
    })

    it('answers false for an invalid record, and throws when asked to', async () => {
      const post = new Post()
      expect(await post.save()).to.equal(false)
      expect(post.errors.fullMessages).to.deep.equal(["Title can't be blank"])
      await rejection(post.saveOrThrow(), RecordInvalid)
      expect(await post.save({ validate: false }).catch(() => 'refused by the database')).to.equal('refused by the database')
    })

    it('refuses to write destroyed and readonly records', async () => {
      const post = await Post.createOrThrow({ title: 'a' })
      await rejection((await Post.all().readonly().firstOrThrow()).save(), ReadOnlyRecord)
      await post.destroyOrThrow()
      expect([post.isDestroyed(), post.isPersisted(), await post.save()]).to.deep.equal([true, false, false])
      expect(() => (post.title = 'b')).to.throw(ReadOnlyRecord)
    })

    it('uses one transaction only where there is more than one statement', async () => {
      let begun = 0
      const counting = new Proxy(test().database, {
        get: (target, name) => {
          if (name === 'begin') begun++
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
      bindModels(blogModels, counting, test().metadata)
      await Post.createOrThrow({ title: 'a' })
      expect(begun).to.equal(0)
      await Post.createOrThrow({ title: 'b', remarks: [new Remark({ body: 'r' })] })
      expect(begun).to.equal(1)
      bindModels(blogModels, test().database, test().metadata)
    })
  })

  describe('associations', () => {
    it('requires the owner of a belongsTo unless it is optional', async () => {
      const remark = new Remark({ body: 'x' })
      expect(await remark.isValid()).to.equal(false)
      expect(remark.errors.details).to.deep.equal({ post: [{ error: 'blank' }] })
      expect(remark.errors.fullMessages).to.deep.equal(['Post must exist'])
      remark.post_id = 99
      expect(await remark.isValid()).to.equal(false)
      expect(await new Post({ title: 'x' }).isValid()).to.equal(true)
    })

    it('saves new owners before a record and new children after it', async () => {
      const post = new Post({ title: 'x', author: new Author({ name: 'Ann' }), remarks: [new Remark({ body: 'one' })] })
      post.remarks.build({ body: 'two' })
      await post.saveOrThrow()
      expect(await Author.pluck('name')).to.deep.equal(['Ann'])
      expect(await post.remarks.order('id').pluck('body')).to.deep.equal(['one', 'two'])
      expect([...(await Post.includes('remarks', 'author').find(post.id)).remarks]).to.have.length(2)
    })

    it('loads a belongsTo and a hasOne when they are awaited, once', async () => {
      const ann = await Author.createOrThrow({ name: 'Ann' })
      await Profile.createOrThrow({ author: ann, bio: 'b' })
      const read = await Author.find(ann.id)
      test().database.statements.length = 0
      expect((await read.profile)?.bio).to.equal('b')
      expect((await (await read.profile)!.author).id).to.equal(ann.id)
      expect(test().database.statements).to.have.length(1)
      expect(await read.manager).to.equal(null)
    })

    it('forgets a loaded owner when the key changes', async () => {
      const [ann, bob] = [await Author.createOrThrow({ name: 'Ann' }), await Author.createOrThrow({ name: 'Bob' })]
      const post = await Post.createOrThrow({ title: 'x', author: ann })
      post.author_id = bob.id
      expect((await post.author)?.name).to.equal('Bob')
    })

    it('needs await for a collection that is not loaded', async () => {
      const post = await Post.find((await Post.createOrThrow({ title: 'x' })).id)
      expect(() => post.remarks.map((remark) => remark.body)).to.throw("Post's 'remarks' is not loaded")
      await post.remarks.load()
      expect(post.remarks.map((remark) => remark.body)).to.deep.equal([])
    })

    it('loads trees of associations, empty ones too', async () => {
      const ann = await Author.createOrThrow({ name: 'Ann' })
      await Author.createOrThrow({ name: 'Bob', manager: ann })
      const [first, second] = await Author.includes('profile', { reports: 'manager' }).order('id')
      expect([first!.profile, [...first!.reports].map((report) => report.manager?.name)]).to.deep.equal([null, ['Ann']])
      expect([...second!.reports]).to.deep.equal([])
    })

    it('adds, removes and counts', async () => {
      const [ann, bob] = [await Author.createOrThrow({ name: 'Ann' }), await Author.createOrThrow({ name: 'Bob' })]
      await ann.reports.push(bob)
      expect([await ann.reports.size(), await ann.reports.include(bob), (await bob.reload()).manager_id]).to.deep.equal([1, true, ann.id])
      await ann.reports.delete(bob)
      expect([await ann.reports.count(), (await bob.reload()).manager_id]).to.deep.equal([0, null])
    })

    it('refuses records of another class and arrays for a saved owner', async () => {
      const post = await Post.createOrThrow({ title: 'x' })
      expect(() => post.assign({ author: post } as object)).to.throw(InvalidArgument, "Author expected for 'author', got Post.")
      expect(() => post.assign({ remarks: [] })).to.throw(InvalidArgument, 'await record.remarks.replace([…])')
    })

    it('makes the record of a hasOne or belongsTo', async () => {
      const ann = await Author.createOrThrow({ name: 'Ann' })
      const profile = await ann.createProfileOrThrow({ bio: 'b' })
      expect([profile.author_id, (await ann.profile)?.id]).to.deep.equal([ann.id, profile.id])
      const post = new Post({ title: 'x' })
      post.buildAuthor({ name: 'Bob' })
      await post.saveOrThrow()
      expect((await Author.find(post.author_id!)).name).to.equal('Bob')
    })

    it('treats dependents as declared', async () => {
      const ann = await Author.createOrThrow({ name: 'Ann' })
      const bob = await Author.createOrThrow({ name: 'Bob', manager: ann })
      await Profile.createOrThrow({ author: ann })
      const post = await Post.createOrThrow({ title: 'x', author: ann })
      await post.remarks.createOrThrow({ body: 'r' })
      expect(await ann.destroy()).to.equal(false)
      expect(ann.errors.fullMessages).to.deep.equal(['Cannot delete record because dependent posts exist'])
      await rejection(ann.destroyOrThrow(), RecordNotDestroyed)
      expect((await bob.reload()).manager_id).to.equal(ann.id)
      await post.destroyOrThrow()
      expect(await Remark.count()).to.equal(0)
      await ann.destroyOrThrow()
      expect([await Profile.count(), (await bob.reload()).manager_id]).to.deep.equal([0, null])
    })

    it('touches the owner', async () => {
      const post = await Post.createOrThrow({ title: 'x' })
      await post.updateColumns({ updated_at: new Date(0) })
      await post.remarks.createOrThrow({ body: 'r' })
      expect((await Post.find(post.id)).updated_at.getTime()).to.be.greaterThan(0)
    })
  })

  describe('subclasses', () => {
    it('share the table, and are told apart by the type column', async () => {
      await Post.createOrThrow({ title: 'post' })
      const poll = await Poll.createOrThrow({ title: 'poll', views: 20 })
      expect(poll.type).to.equal('Poll')
      expect(await Poll.find(poll.id)).to.be.instanceOf(Poll)
      expect((await Post.order('id')).map((each) => each.constructor.name)).to.deep.equal(['Post', 'Poll'])
      expect((await Poll.open().popular()).map((each) => each.title)).to.deep.equal(['poll'])
    })
  })

  describe('names and checks', () => {
    it('names a record by its GlobalID and finds it again', async () => {
      useDatabase(test().database, test().metadata, blogModels)
      useGlobalIdApplication('blog')
      const post = await Post.createOrThrow({ title: 'x' })
      expect(post.toGlobalId()).to.equal(`gid://blog/Post/${post.id}`)
      expect(post.equals(await locateRecord(post.toGlobalId()))).to.equal(true)
      expect([globalIdOf(new Post()), globalIdOf({}), await locateRecord('nonsense')]).to.deep.equal([null, undefined, null])
      await rejection(locateRecord('gid://x/Pst/1'), UnknownModel)
    })

    it('lists the callbacks of a class', () => {
      class Listed extends BlogModel('Post') {
        prepare() {}
      }
      Listed.beforeSave('prepare', { if: 'featured' })
      Listed.afterCreateCommit(function announce() {})
      bindModels([Listed], test().database, test().metadata)
      expect(listCallbacks(Listed)).to.deep.equal([
        { event: 'save', position: 'before', callback: 'author (autosave)', on: [], isConditional: false },
        { event: 'create', position: 'after', callback: 'remarks (autosave)', on: [], isConditional: false },
        { event: 'update', position: 'after', callback: 'remarks (autosave)', on: [], isConditional: false },
        { event: 'save', position: 'before', callback: 'prepare', on: [], isConditional: true },
        { event: 'commit', position: 'after', callback: 'announce', on: ['create'], isConditional: false },
      ])
    })

    it('refuses unknown dependent options', () => {
      expect(() => Author.hasMany('posts', { dependent: 'destory' as 'destroy' })).to.throw(
        InvalidArgument,
        "'destory' is no dependent option",
      )
    })

    it('finds what classes declare wrongly, at boot', () => {
      const check = (model: Function): void => {
        bindModels([model, ...blogModels], test().database, test().metadata)
        checkModels([model])
      }
      class WrongCallback extends BlogModel('Post') {
        static {
          this.beforeSave('prepair')
        }
        prepare() {}
      }
      expect(() => check(WrongCallback)).to.throw(
        MissingModelMethod,
        "WrongCallback has no method 'prepair', named by beforeSave. Did you mean prepare?",
      )
      class WrongAttribute extends BlogModel('Post') {
        static {
          this.validates('titel', { presence: true })
        }
      }
      expect(() => check(WrongAttribute)).to.throw(MissingModelMethod, 'Did you mean title?')
      class WrongClass extends BlogModel('Post') {
        static {
          this.belongsTo('author', { className: 'Autor' })
        }
      }
      expect(() => check(WrongClass)).to.throw(UnknownModel, 'The schema has no model Autor. Did you mean Author?')
      class WrongKey extends BlogModel('Post') {
        static {
          this.belongsTo('author', { foreignKey: 'autor_id' })
        }
      }
      expect(() => check(WrongKey)).to.throw(UnknownColumn, 'Did you mean author_id?')
      class WrongThrough extends BlogModel('Author') {
        static {
          this.hasMany('remarks', { through: 'post' })
        }
      }
      expect(() => check(WrongThrough)).to.throw(UnknownAssociation, "WrongThrough has no association 'post'. Did you mean posts?")
      expect(() => check(class Pst extends BlogModel('Pst' as 'Post') {})).to.throw(UnknownModel, 'Did you mean Post?')
      bindModels(blogModels, test().database, test().metadata)
    })
  })
})
