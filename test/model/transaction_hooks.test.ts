import { expect } from 'chai'
import { bindModels, InvalidArgument, Rollback, TransactionIsolation } from '../../src/model/index.ts'
import { afterCommit } from '../../src/context/index.ts'
import { BlogModel, blogModels, blogSchema, Remark } from './blog_models.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

describe('what waits for a transaction', () => {
  let test: TestDatabase
  const log: string[] = []
  const note = (line: string): void => void log.push(line)

  class Post extends BlogModel('Post') {
    static {
      this.beforeCommit(async (post) => {
        log.push(`before ${post.title}`)
        if (post.isPersisted()) await post.updateColumns({ views: 7 })
      })
      this.afterCommit((post) => log.push(`commit ${post.title}`))
      this.afterRollback((post) => log.push(`rollback ${post.title}`))
      this.afterSave((post) => {
        if (post.title === 'quiet') throw new Rollback()
      })
    }
  }

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels([...blogModels, Post], test.database, test.metadata)
  })
  after(() => test.close())
  beforeEach(async () => {
    await Post.deleteAll()
    log.length = 0
  })
  const quietly = () => {
    throw new Rollback()
  }

  it('is asked of the transaction that the work is given, and runs after the callbacks of its records', async () => {
    await Post.transaction(async (transaction) => {
      transaction.afterCommit(() => note('hook'))
      transaction.afterRollback(() => note('undone'))
      await Post.createOrThrow({ title: 'x' })
      await afterCommit(() => note('job'))
      expect([transaction.isOpen(), transaction.isClosed()]).to.deep.equal([true, false])
    })
    expect(log).to.deep.equal(['before x', 'commit x', 'hook', 'job'])
  })

  it('runs when it was rolled back instead', async () => {
    await Post.transaction(async (transaction) => {
      transaction.afterCommit(() => note('hook'))
      transaction.afterRollback(() => note('undone'))
      await Post.createOrThrow({ title: 'x' })
      quietly()
    })
    expect(log).to.deep.equal(['rollback x', 'undone'])
  })

  it('goes with its savepoint, and else waits for the outermost commit', async () => {
    const savepoint = (name: string, work: () => void) =>
      Post.transaction(
        (transaction) => {
          transaction.afterCommit(() => note(`${name} kept`))
          transaction.afterRollback(() => note(`${name} undone`))
          work()
        },
        { requiresNew: true },
      )
    await Post.transaction(async () => {
      await savepoint('first', quietly)
      await savepoint('second', () => {})
      await Post.transaction((joined) => joined.afterCommit(() => note('joined kept')))
      log.push('end')
    })
    expect(log).to.deep.equal(['first undone', 'end', 'second kept', 'joined kept'])
  })

  it('is asked of the current transaction too, and runs at once where there is none', async () => {
    Post.currentTransaction.afterCommit(() => note('now'))
    expect(Post.currentTransaction.isOpen()).to.equal(false)
    await Post.transaction(async () => {
      expect(Post.currentTransaction.isOpen()).to.equal(true)
      Post.currentTransaction.afterCommit(() => note('later'))
      log.push('inside')
    })
    expect(log).to.deep.equal(['now', 'inside', 'later'])
  })

  it('runs before the commit, and what it writes is committed with it', async () => {
    const post = await Post.createOrThrow({ title: 'x' })
    expect(await Post.pluck('views')).to.deep.equal([7])
    log.length = 0
    await post.touch()
    await post.destroyOrThrow()
    expect(log).to.deep.equal(['before x', 'commit x', 'before x', 'commit x'])
  })

  it('rolls back when it throws before the commit', async () => {
    class Checked extends BlogModel('Post') {
      static {
        this.beforeCommit(() => {
          throw new Error('No')
        })
      }
    }
    bindModels([Checked], test.database, test.metadata)
    const post = new Checked({ title: 'x' })
    expect((await rejection(post.save(), Error)).message).to.equal('No')
    expect([post.isNewRecord(), await Post.count()]).to.deep.equal([true, 0])
  })

  it('ends quietly for a Rollback in a callback: the record in a transaction of its own, nothing in a joined one', async () => {
    const quiet = new Post({ title: 'quiet' })
    expect([await quiet.save(), quiet.isNewRecord(), await Post.count()]).to.deep.equal([false, true, 0])
    expect(await new Post({ title: 'quiet' }).saveOrThrow()).to.be.instanceOf(Post)
    const answer = await Post.transaction(async () => {
      await Post.createOrThrow({ title: 'a' })
      await Post.create({ title: 'quiet' })
      return 7
    })
    expect([answer, await Post.order('id').pluck('title')]).to.deep.equal([7, ['a', 'quiet']])
  })

  it('forgets what a rolled back save changed', async () => {
    const post = await Post.createOrThrow({ title: 'a', updated_at: new Date(0) })
    await Post.transaction(async () => {
      await post.updateOrThrow({ title: 'b' })
      quietly()
    })
    expect([post.title, Object.keys(post.changes), post.savedChanges]).to.deep.equal(['b', ['title', 'updated_at'], {}])
  })

  it('runs callbacks once in a transaction that others do not join', async () => {
    await Post.transaction(
      async () => {
        await Remark.transaction(() => Post.createOrThrow({ title: 'x' }))
        log.push('inside')
      },
      { joinable: false },
    )
    expect(log).to.deep.equal(['before x', 'commit x', 'inside'])
  })

  it('takes an isolation where it begins only', async () => {
    const inner = (requiresNew: boolean) =>
      rejection(
        Post.transaction(() => Post.transaction(() => 1, { isolation: 'serializable', requiresNew })),
        TransactionIsolation,
      )
    expect((await inner(false)).message).to.equal('cannot set isolation when joining a transaction')
    expect((await inner(true)).message).to.equal('cannot set transaction isolation in a nested transaction')
    await rejection(
      Post.transaction(() => 1, { isolation: 'odd' as never }),
      InvalidArgument,
    )
  })
})
