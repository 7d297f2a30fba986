import { runInNewContext } from 'node:vm'
import { abort } from '../../src/errors/index.ts'
import { expect } from 'chai'
import { runExecution, withExecution } from '../../src/context/index.ts'
import {
  addJobSerializers,
  aroundEveryEnqueue,
  DeserializationError,
  days,
  hours,
  Job,
  minutes,
  type RecordLocator,
  useRecordLocator,
} from '../../src/jobs/index.ts'
import { jobStage } from './job_stage.ts'

class Gone extends Error {}
class Slow extends Error {}

describe('Job', () => {
  const { stage, ran } = jobStage()

  class Note extends Job {
    async perform(...args: unknown[]) {
      ran.push(...args)
    }
  }

  it('performs later with the arguments it was given', async () => {
    const options = { at: new Date('2026-01-01T00:00:00Z'), tags: ['a'], wait: minutes(5), big: 2n ** 70n, map: new Map([[1, 'one']]) }
    const job = await Note.performLater(42, 'é', null, options)
    expect(job).to.be.instanceOf(Note)
    await stage.runAll([Note])
    expect(ran).to.deep.equal([42, 'é', null, options])
  })

  it('takes arguments of another realm, such as those of a console', async () => {
    const options = runInNewContext(
      "({ at: new Date(0), sizes: new Map([['s', 1]]), name: new String('x'), lines: [{ id: 1 }] })",
    ) as object
    await Note.performLater(options)
    await Note.set({ waitUntil: runInNewContext('new Date(1e15)') as Date }).performLater('later')
    await Note.enqueue('later', runInNewContext('({ delay: 60 })') as object)
    await stage.runAll([Note])
    expect(ran).to.deep.equal([{ at: new Date(0), sizes: new Map([['s', 1]]), name: 'x', lines: [{ id: 1 }] }])
    expect(await stage.backend.counts()).to.include({ delayed: 2 })
  })

  it('waits for ever when no date is so late, or runs at once when none is so early', async () => {
    await Note.set({ wait: 1e300 }).performLater('never')
    await Note.set({ wait: -1e300 }).performLater('at once')
    await stage.runAll([Note])
    expect(ran).to.deep.equal(['at once'])
    expect((await stage.backend.list('delayed')).map(({ runAt }) => new Date(runAt!).toISOString())).to.deep.equal([
      '+275760-09-13T00:00:00.000Z',
    ])
  })

  it('performs now, and answers the result', async () => {
    class Sum extends Job {
      perform(a: number, b: number) {
        return a + b
      }
    }
    expect(await Sum.performNow(1, 2)).to.equal(3)
  })

  it('takes queue, priority and time from the class, from set, and from a function', async () => {
    class Low extends Note {
      static {
        this.queueAs('low')
        this.queueWithPriority(5)
      }
    }
    class ByArgument extends Note {
      static {
        this.queueAs((job) => (job.arguments[0] === 'big' ? 'heavy' : 'light'))
      }
    }
    await Low.performLater()
    await Low.set({ queue: 'urgent', priority: 1, wait: hours(1) }).performLater()
    await ByArgument.performLater('big')
    const { backend } = stage
    expect((await backend.list('prioritized')).map(({ queue, priority }) => [queue, priority])).to.deep.equal([['low', 5]])
    const [delayed] = await backend.list('delayed')
    expect(delayed).to.deep.include({ queue: 'urgent', priority: 1 })
    expect(delayed!.runAt! - delayed!.createdAt).to.be.within(3_599_000, 3_601_000)
    expect((await backend.list('waiting')).map(({ queue }) => queue)).to.deep.equal(['heavy'])
  })

  it('enqueues several jobs at once', async () => {
    await Job.performAllLater([new Note(1), new Note(2).set({ wait: days(1) })])
    expect(await stage.backend.counts()).to.include({ waiting: 1, delayed: 1 })
  })

  it('takes options that are null for not given', async () => {
    const nothing = { wait: null, waitUntil: null, queue: null, priority: null }
    const job = await Note.set({ priority: 3 }).performLater(1)
    expect((job as Note).set(nothing)).to.include({ priority: 3, queueName: 'default', scheduledAt: undefined })
    await Note.set(nothing).performLater(2)
    await Note.enqueue(3, { delay: null, delayUntil: null })
    await stage.runAll([Note])
    expect(ran).to.have.members([1, 2, 3])
  })

  it('refuses options that make no sense', async () => {
    const error = await Note.set({ waitUntil: new Date('nonsense') })
      .performLater()
      .catch((thrown: Error) => thrown)
    expect(error).to.have.property('message', 'Note: waitUntil must be a Date')
    expect(() => (Note as { retryOn: (error: unknown) => void }).retryOn(undefined)).to.throw(
      /can't take undefined: an error class is expected/,
    )
  })

  it('is refused when its class does not say what it does', async () => {
    class Idle extends Job {
      declare perform: () => void
    }
    const error = await Idle.performLater().catch((reason: Error) => reason)
    expect(error).to.have.property('message', 'Idle has no method perform.')
  })

  describe('with arguments that can not be carried', () => {
    const messageOf = (value: unknown) => Note.performLater(1, value).then(String, (error: Error) => error.message)

    it('refuses them at enqueue, naming the path', async () => {
      class Money {}
      expect(await messageOf({ order: { lines: [{ price: new Money() }] } })).to.equal(
        "Can't serialize the job argument arguments[1].order.lines[0].price: Unsupported argument type: Money.",
      )
      expect(await messageOf(() => {})).to.match(/arguments\[1\]: Unsupported argument type: function/)
      expect(await messageOf(Promise.resolve(1))).to.match(/arguments\[1\]: it is a promise, and not what that resolves to: await it/)
      expect(await messageOf(Number.NaN)).to.match(/NaN can't be written as JSON/)
      expect(await messageOf(new Date('nonsense'))).to.match(/Invalid time value/)
      expect(await messageOf({ _aj_globalid: 'gid://x/User/1' })).to.match(/reserved key "_aj_globalid"/)
      const loop: Record<string, unknown> = {}
      loop['self'] = loop
      expect(await messageOf(loop)).to.match(/arguments\[1\](\.self){7}\.s…: it is nested too deeply, or contains itself/)
    })

    it('names the line that enqueues, however deep the value is', async () => {
      const nested = [...'abcdefghijkl'].reduce<unknown>(
        (inner, key) => ({ [key]: inner }),
        () => {},
      )
      const error = await Note.performAsync(1, nested).catch((reason: Error) => reason)
      expect(error)
        .to.have.property('stack')
        .that.includes(import.meta.filename)
    })

    it('carries them when the application adds a serializer', async () => {
      class Temperature {
        readonly degrees: number
        constructor(degrees: number) {
          this.degrees = degrees
        }
      }
      addJobSerializers({
        name: 'TemperatureSerializer',
        matches: (value) => value instanceof Temperature,
        serialize: (value: Temperature) => ({ degrees: value.degrees }),
        deserialize: ({ degrees }) => new Temperature(degrees as number),
      })
      await Note.performLater(new Temperature(20))
      await stage.runAll([Note])
      expect(ran).to.deep.equal([new Temperature(20)])
    })

    it('never lets a key reach a prototype', async () => {
      await Note.performLater(JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}'))
      await stage.runAll([Note])
      expect(ran[0]).to.deep.equal({ a: 1 })
      expect((ran[0] as { isAdmin?: boolean }).isAdmin).to.equal(undefined)
    })

    it('takes nothing from a prototype that somebody has added to', async () => {
      await Note.performLater({ a: 1 })
      Object.defineProperty(Object.prototype, 'extra', { value: 1, enumerable: true, configurable: true })
      try {
        await stage.runAll([Note])
      } finally {
        Reflect.deleteProperty(Object.prototype, 'extra')
      }
      expect(Object.keys(ran[0] as object)).to.deep.equal(['a'])
      expect(Object.getPrototypeOf(ran[0])).to.equal(Object.prototype)
    })
  })

  describe('with records as arguments', () => {
    class User {
      readonly id: number | undefined
      constructor(id: number | undefined) {
        this.id = id
      }
    }
    const locator: RecordLocator = {
      identify: (value) => (value instanceof User ? (value.id === undefined ? null : `gid://app/User/${value.id}`) : undefined),
      async locate(id) {
        if (id.endsWith('/9')) throw new Gone("Couldn't find User with id 9")
        return new User(Number(id.split('/').at(-1)))
      },
    }
    beforeEach(() => useRecordLocator(locator))
    afterEach(() => useRecordLocator(undefined))

    it('stores their GlobalIDs and finds them again', async () => {
      await Note.performLater({ users: [new User(1), new User(2)] })
      expect((await stage.backend.list('waiting'))[0]!.data['arguments']).to.deep.equal([
        { users: [{ _aj_globalid: 'gid://app/User/1' }, { _aj_globalid: 'gid://app/User/2' }], _aj_symbol_keys: ['users'] },
      ])
      await stage.runAll([Note])
      expect(ran).to.deep.equal([{ users: [new User(1), new User(2)] }])
    })

    it('refuses one that was not saved', async () => {
      const error = await Note.performLater(new User(undefined)).catch((thrown: Error) => thrown)
      expect((error as Error).message).to.match(/Unable to serialize User without an id\. \(Maybe you forgot to call save\?\)/)
    })

    it('fails when one is gone, or is discarded by what caused it', async () => {
      class Careful extends Note {
        static {
          this.discardOn(Gone)
        }
      }
      await Note.performLater(new User(9))
      await Careful.performLater(new User(9))
      await stage.runAll([Note, Careful])
      const failed = await stage.backend.list('failed')
      expect(failed.map(({ name, error }) => [name, error!.name])).to.deep.equal([['Note', 'DeserializationError']])
      expect(failed[0]!.error!.message).to.equal("Error while trying to deserialize arguments: Couldn't find User with id 9")
      expect(DeserializationError.code).to.equal('REGAUGE_JOB_DESERIALIZATION')
    })
  })

  describe('that fails', () => {
    it('is retried after its wait, and gives up after its attempts', async () => {
      const gaveUp: string[] = []
      class Flaky extends Job {
        static override retryJitter = 0
        static {
          this.retryOn(Slow, { wait: 0, attempts: 3 }, (job, error) => gaveUp.push(`${job.executions} ${error.message}`))
        }
        perform() {
          ran.push(this.executions)
          throw new Slow('too slow')
        }
      }
      await Flaky.performLater()
      await stage.runAll([Flaky])
      expect(ran).to.deep.equal([1, 2, 3])
      expect(gaveUp).to.deep.equal(['3 too slow'])
      expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0, failed: 0 })
    })

    it('keeps its id and counters while it waits for the retry', async () => {
      class Flaky extends Job {
        static override retryJitter = 0
        static {
          this.retryOn(Slow, { wait: 'polynomially_longer', queue: 'retries', priority: 7 })
        }
        perform() {
          throw new Slow('too slow')
        }
      }
      const job = (await Flaky.performLater()) as Flaky
      await stage.runAll([Flaky])
      const [waiting] = await stage.backend.list('delayed')
      expect(waiting).to.deep.include({ queue: 'retries', priority: 7 })
      expect(waiting!.data).to.deep.equal({ job_id: job.jobId, arguments: [], executions: 1, exception_executions: { '[Slow]': 1 } })
    })

    it('is kept with its error when nothing handles it, and tells afterDiscard', async () => {
      class Broken extends Job {
        static {
          this.afterDiscard((job, error) => ran.push([job.constructor.name, error.message]))
        }
        perform() {
          throw new Error('no')
        }
      }
      await Broken.performLater()
      await stage.runAll([Broken])
      expect(ran).to.deep.equal([['Broken', 'no']])
      expect((await stage.backend.list('failed'))[0]!.error).to.include({ name: 'Error', message: 'no' })
    })

    it('goes to the handler declared last that fits, inherited ones included', async () => {
      abstract class ApplicationJob extends Job {
        static {
          this.rescueFrom(Error, () => ran.push('parent'))
        }
      }
      class Child extends ApplicationJob {
        static {
          this.rescueFrom('Slow', () => ran.push('child'))
        }
        perform(error: string) {
          throw error === 'slow' ? new Slow('') : new Gone('')
        }
      }
      await Child.performNow('slow')
      await Child.performNow('gone')
      expect(ran).to.deep.equal(['child', 'parent'])
    })
  })

  it('is not enqueued when a callback aborts', async () => {
    class Guarded extends Note {
      static {
        this.beforeEnqueue('refuse')
      }
      refuse() {
        abort()
      }
    }
    expect(await Guarded.performLater()).to.equal(false)
    expect(await stage.backend.counts()).to.include({ waiting: 0 })
  })

  describe('within a database transaction', () => {
    const inTransaction = async (work: () => Promise<void>) => {
      const waiting: (() => void | Promise<void>)[] = []
      await runExecution({ transaction: { afterAllCommits: (later) => void waiting.push(later) } }, work)
      return async () => {
        for (const later of waiting) await later()
      }
    }

    it('waits for the commit', async () => {
      const commit = await inTransaction(async () => {
        await Note.performLater(1)
        await Job.performAllLater([new Note(2)])
      })
      expect(await stage.backend.counts()).to.include({ waiting: 0 })
      await commit()
      expect(await stage.backend.counts()).to.include({ waiting: 2 })
    })

    it('takes the tags and fields of the log along from where it was enqueued, also when middleware sees it after the commit', async () => {
      const tagged = (tag: string, work: () => Promise<void>) => withExecution({ logTags: [tag], logFields: { tenant: tag } }, work)
      for (const begin of [() => () => {}, () => aroundEveryEnqueue((_, next) => next())]) {
        const end = begin()
        const commit = await inTransaction(async () => {
          await tagged('alone', async () => void (await Note.performLater(1)))
          await tagged('among', () => Job.performAllLater(new Note(2), new Note(3)))
        })
        await commit()
        end()
      }
      const stored = await stage.backend.list('waiting')
      const expected = ['alone', 'among', 'among'].map((tag) => [[tag], { tenant: tag }])
      expect(stored.map(({ data }) => [data['log_tags'], data['log_fields']])).to.deep.equal([...expected, ...expected])
    })

    it('refuses bad arguments before the commit', async () => {
      const errors: unknown[] = []
      await inTransaction(async () => {
        await Note.performLater(Symbol('x')).catch((error) => errors.push(error.code))
      })
      expect(errors).to.deep.equal(['REGAUGE_JOB_SERIALIZATION'])
    })

    it('does not wait when the class says so, neither alone nor among others that wait', async () => {
      class Immediate extends Note {
        static override enqueueAfterTransactionCommit = false
      }
      const waiting = async () => (await stage.backend.list('waiting')).map(({ data }) => (data['arguments'] as unknown[])[0])
      const commit = await inTransaction(async () => {
        await Immediate.performLater(1)
        await Job.performAllLater([new Note(2), new Immediate(3), new Note(4), new Immediate(5)])
      })
      expect(await waiting()).to.deep.equal([1, 3, 5])
      await commit()
      expect(await waiting()).to.deep.equal([1, 3, 5, 2, 4])
    })
  })

  it('needs a backend', async () => {
    stage.dispose()
    const error = await Note.performLater().catch((thrown: Error) => thrown)
    expect((error as Error).message).to.equal("Note can't be enqueued: no job backend is running.")
  })
})
