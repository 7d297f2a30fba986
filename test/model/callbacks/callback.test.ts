import { expect } from 'chai'
import { abort } from '../../../src/errors/index.ts'
import { bindModels, RecordNotSaved, Rollback } from '../../../src/model/index.ts'
import { afterCommit } from '../../../src/context/index.ts'
import { BlogModel, blogModels, blogSchema, Post as PlainPost } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

describe('callbacks and transactions', () => {
  let test: TestDatabase
  const log: string[] = []

  class Post extends BlogModel('Post') {
    static {
      for (const event of ['Validation', 'Save', 'Create', 'Update', 'Destroy'] as const) {
        const name = event.toLowerCase()
        this[`before${event}`](() => log.push(`before ${name}`))
        this[`after${event}`](() => log.push(`after ${name}`))
        if (event !== 'Validation') {
          this[`around${event}`](async (_post, proceed) => {
            log.push(`around ${name} in`)
            await proceed()
            log.push(`around ${name} out`)
          })
        }
      }
      this.afterCommit(() => log.push('after commit'))
      this.afterRollback(() => log.push('after rollback'))
      this.afterCreateCommit(() => log.push('created'))
      this.afterUpdateCommit(() => log.push('updated'))
      this.afterDestroyCommit(() => log.push('destroyed'))
    }
  }

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels([Post, ...blogModels], test.database, test.metadata)
  })
  after(() => test.close())
  beforeEach(async () => {
    await PlainPost.deleteAll()
    log.length = 0
  })

  /** Binds a class that a test declares. */
  const bound = <T extends Function>(model: T): T => {
    bindModels([model], test.database, test.metadata)
    return model
  }

  it("run in Rails' order when a record is created", async () => {
    await Post.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal([
      'before validation',
      'after validation',
      'before save',
      'around save in',
      'before create',
      'around create in',
      'around create out',
      'after create',
      'around save out',
      'after save',
      'after commit',
      'created',
    ])
  })

  it("run in Rails' order when a record is changed and destroyed", async () => {
    const post = await Post.createOrThrow({ title: 'x' })
    log.length = 0
    await post.updateOrThrow({ title: 'y' })
    expect(log.filter((line) => line.includes('update') || line.includes('save'))).to.deep.equal([
      'before save',
      'around save in',
      'before update',
      'around update in',
      'around update out',
      'after update',
      'around save out',
      'after save',
      'updated',
    ])
    log.length = 0
    await post.destroyOrThrow()
    expect(log).to.deep.equal(['before destroy', 'around destroy in', 'around destroy out', 'after destroy', 'after commit', 'destroyed'])
  })

  it('stop a save that one aborts, and roll back what was done', async () => {
    class Guarded extends BlogModel('Post') {
      static {
        this.beforeSave(async () => {
          await PlainPost.createOrThrow({ title: 'by the callback' })
        })
        this.beforeSave((post) => {
          if (post.title === 'no') abort()
        })
        this.afterSave(() => log.push('saved'))
      }
    }
    bound(Guarded)
    expect(await new Guarded({ title: 'no' }).save()).to.equal(false)
    expect(await PlainPost.count()).to.equal(0)
    await rejection(new Guarded({ title: 'no' }).saveOrThrow(), RecordNotSaved)
    expect(await new Guarded({ title: 'yes' }).save()).to.equal(true)
    expect([log, await PlainPost.count()]).to.deep.equal([['saved'], 2])
  })

  it('run under their conditions', async () => {
    class Conditional extends BlogModel('Post') {
      static {
        this.beforeSave('note', { if: 'featured' })
        this.beforeSave(() => log.push('unless'), { unless: (post) => post.featured })
        this.beforeValidation(() => log.push('on update'), { on: 'update' })
        this.beforeSave(() => log.push('both'), { if: ['featured', async (post) => post.views > 1] })
      }
      note() {
        log.push('if')
      }
    }
    bound(Conditional)
    const record = await Conditional.createOrThrow({ title: 'x' })
    await record.updateOrThrow({ featured: true })
    await record.updateOrThrow({ views: 2 })
    expect(log).to.deep.equal(['unless', 'on update', 'if', 'on update', 'if', 'both'])
  })

  it('run when a record is made and when it is read', async () => {
    class Watched extends BlogModel('Post') {
      static {
        this.afterInitialize((post) => log.push(`initialize ${String(post.isNewRecord())}`))
        this.afterFind(() => log.push('find'))
      }
    }
    bound(Watched)
    const record = await Watched.createOrThrow({ title: 'x' })
    await Watched.find(record.id)
    expect(log).to.deep.equal(['initialize true', 'find', 'initialize false'])
  })

  describe('transactions', () => {
    it('hold commit callbacks back until the outermost commit', async () => {
      await Post.transaction(async () => {
        await Post.createOrThrow({ title: 'x' })
        await Post.transaction(async () => {
          await Post.createOrThrow({ title: 'y' })
        })
        void afterCommit(() => void log.push('job'))
        expect(log).not.to.include('after commit')
      })
      expect(log.filter((line) => line === 'created' || line === 'job')).to.deep.equal(['created', 'created', 'job'])
    })

    it('roll everything back when something throws', async () => {
      const failing = Post.transaction(async () => {
        await Post.createOrThrow({ title: 'x' })
        void afterCommit(() => void log.push('job'))
        throw new TypeError('no')
      })
      await rejection(failing, TypeError)
      expect(await Post.count()).to.equal(0)
      expect(log).to.include('after rollback').and.not.to.include('job')
    })

    it('end quietly with a Rollback', async () => {
      const result = await Post.transaction(async () => {
        await Post.createOrThrow({ title: 'x' })
        throw new Rollback()
      })
      expect([result, await Post.count()]).to.deep.equal([undefined, 0])
    })

    it('roll back to a savepoint with requiresNew, and keep what was before', async () => {
      await Post.transaction(async () => {
        await Post.createOrThrow({ title: 'kept' })
        await Post.transaction(
          async () => {
            await Post.createOrThrow({ title: 'gone' })
            throw new Rollback()
          },
          { requiresNew: true },
        )
        expect(await Post.pluck('title')).to.deep.equal(['kept'])
      })
      expect(await Post.pluck('title')).to.deep.equal(['kept'])
      expect(log.filter((line) => line === 'created' || line === 'after rollback')).to.deep.equal(['after rollback', 'created'])
    })

    it('do not show others what is not committed', async () => {
      let open: () => void = () => {}
      const opened = new Promise<void>((resolve) => (open = resolve))
      let finish: () => void = () => {}
      const finished = new Promise<void>((resolve) => (finish = resolve))
      const inside = PlainPost.transaction(async () => {
        await PlainPost.createOrThrow({ title: 'inside' })
        open()
        await finished
        return PlainPost.count()
      })
      await opened
      expect(await PlainPost.count()).to.equal(0)
      const outside = PlainPost.createOrThrow({ title: 'outside' })
      finish()
      expect(await inside).to.equal(1)
      await outside
      expect(await PlainPost.count()).to.equal(2)
    })

    it('leave statements of a finished transaction to the database', async () => {
      let later: (() => Promise<number>) | undefined
      await PlainPost.transaction(async () => {
        const { AsyncResource } = await import('node:async_hooks')
        later = AsyncResource.bind(() => PlainPost.count())
      })
      expect(await later!()).to.equal(0)
    })
  })
})
