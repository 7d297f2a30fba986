import { expect } from 'chai'
import { currentExecution, runExecution, withExecution } from '../../src/context/index.ts'
import { aroundEveryEnqueue, aroundEveryPerform, Job, JobTimeout, minutes, useRecordLocator } from '../../src/jobs/index.ts'
import { subscribed } from '../../src/notifications/index.ts'
import { jobStage } from './job_stage.ts'

describe('Job', () => {
  const { stage, ran } = jobStage()

  class Note extends Job {
    perform(...args: unknown[]) {
      ran.push(...args)
    }
  }

  it('is enqueued in the ways of Sidekiq', async () => {
    const id = await Note.performAsync(1)
    expect(id).to.be.a('string')
    await Note.performIn(minutes(5), 2)
    await Note.performIn(1_900_000_000, 3)
    await Note.performAt(new Date('2040-01-01T00:00:00Z'), 4)
    expect(await Note.performBulk([[5], [6]])).to.have.length(2)
    const delayed = await stage.backend.list('delayed')
    const times = new Map(delayed.map(({ data, runAt }) => [(data['arguments'] as unknown[])[0], runAt]))
    expect(times.get(2)).to.be.closeTo(Date.now() + 300_000, 5000)
    expect([times.get(3), times.get(4)]).to.deep.equal([1_900_000_000_000, Date.parse('2040-01-01T00:00:00Z')])
    await stage.runAll([Note])
    expect(ran).to.deep.equal([1, 5, 6])
  })

  it('is enqueued in the ways of Sidekiq with options set, and performed inline', async () => {
    const low = Note.set({ queue: 'low', priority: 3 })
    expect(await low.performAsync(1)).to.be.a('string')
    expect(await low.performBulk([[2], [3]])).to.have.length(2)
    await low.performIn(minutes(5), 4)
    await low.performAt(new Date('2040-01-01T00:00:00Z'), 5)
    const stored = [...(await stage.backend.list('prioritized')), ...(await stage.backend.list('delayed'))]
    expect(stored.map(({ data, queue, priority }) => [(data['arguments'] as unknown[])[0], queue, priority])).to.have.deep.members(
      [1, 2, 3, 4, 5].map((number) => [number, 'low', 3]),
    )
    await Note.performInline(6)
    await low.performInline(7)
    expect(ran).to.deep.equal([6, 7])
  })

  it('takes counters and ids of a stored job that are none for none', () => {
    const data = { job_id: { toString: 1 }, arguments: [], executions: '7', resumptions: [3] }
    const job = Note.restore({ data, queue: 'default', priority: 0, runAt: undefined })
    expect([typeof job.jobId, job.executions, job.resumptions]).to.deep.equal(['string', 0, 0])
  })

  it('refuses milliseconds for a time since the epoch', async () => {
    const milliseconds = Date.now() + 60_000
    const ways: [string, () => Promise<unknown>][] = [
      ['performAt', () => Note.performAt(milliseconds)],
      ['performAt', () => Note.set({ queue: 'low' }).performIn(milliseconds)],
      ['delayUntil', async () => Note.enqueue({ delayUntil: milliseconds })],
    ]
    for (const [option, enqueue] of ways) {
      const error = await enqueue().catch((reason: unknown) => reason)
      expect(error).to.include({ code: 'REGAUGE_INVALID_JOB_OPTION', message: `Note: ${option} can't have ${milliseconds} as the time` })
      expect(error)
        .to.have.property('hint')
        .that.matches(/^Seconds since the epoch, or a Date/)
    }
    expect(await stage.backend.counts()).to.include({ delayed: 0 })
  })

  it('takes the time of performIn and performAt before one that was set', async () => {
    await Note.set({ waitUntil: new Date('2040-01-01T00:00:00Z') }).performIn(minutes(5))
    const [delayed] = await stage.backend.list('delayed')
    expect(delayed!.runAt).to.be.closeTo(Date.now() + 300_000, 5000)
  })

  describe('performed inline, as in Sidekiq,', () => {
    class Charge extends Job {
      static {
        this.retryOn(TypeError, { wait: 60 })
        this.discardOn(RangeError)
        this.rescueFrom(SyntaxError, () => {})
        this.afterDiscard(() => ran.push('given up'))
        this.beforePerform(() => ran.push('before'))
      }
      static override retryInterval() {
        return 60
      }
      perform(error?: new (message: string) => Error) {
        if (error !== undefined) throw new error('declined')
        return 'done'
      }
    }

    it('answers its result, and throws its errors, whatever the class declares about them', async () => {
      expect(await Charge.performInline()).to.equal('done')
      for (const error of [TypeError, RangeError, SyntaxError, Error]) {
        for (const way of [Charge.performInline(error), Charge.set({ queue: 'low' }).performInline(error)])
          expect(await way.catch((thrown: unknown) => thrown))
            .to.be.instanceOf(error)
            .with.property('message', 'declined')
      }
      expect(ran).to.deep.equal(Array(9).fill('before'))
      expect(await stage.backend.counts()).to.include({ delayed: 0, waiting: 0, failed: 0 })
    })

    it('goes through what is around all enqueuing and performing, which may keep it from running', async () => {
      const removals = [
        aroundEveryEnqueue(async (job, next) => {
          job.context['tenant'] = 'acme'
          if (job.arguments[0] !== 'dropped') await next()
        }),
        aroundEveryPerform((job, next) => {
          ran.push(job.context['tenant'])
          return next()
        }),
      ]
      try {
        for (const argument of ['kept', 'dropped']) await Note.performInline(argument)
      } finally {
        for (const remove of removals) remove()
      }
      expect(ran).to.deep.equal(['acme', 'kept'])
    })
  })

  describe('enqueued in bulk, as in Sidekiq,', () => {
    const timesOf = async () => {
      const delayed = await stage.backend.list('delayed')
      return new Map(delayed.map(({ data, runAt }) => [(data['arguments'] as unknown[])[0], (runAt! - Date.now()) / 1000]))
    }

    it('runs at one time, or each at its own', async () => {
      await Note.performBulk([[1], [2]], { at: 60 })
      await Note.set({ waitUntil: new Date('2040-01-01T00:00:00Z') }).performBulk([[3], [4]], {
        at: [minutes(5), new Date(Date.now() + 600_000)],
      })
      const times = await timesOf()
      const expected = { 1: 60, 2: 60, 3: 300, 4: 600 }
      for (const [argument, seconds] of Object.entries(expected)) expect(times.get(Number(argument))).to.be.closeTo(seconds, 5)
    })

    it('is spread over a time', async () => {
      await Note.performBulk(
        Array.from({ length: 100 }, (_, index) => [index]),
        { spreadInterval: minutes(10) },
      )
      const seconds = [...(await timesOf()).values()]
      expect(seconds).to.have.length(100)
      expect([Math.min(...seconds), Math.max(...seconds)]).to.satisfy(([first, last]: [number, number]) => first < 300 && last > 300)
      expect(Math.min(...seconds)).to.be.within(-5, 600)
      expect(Math.max(...seconds)).to.be.within(-5, 600)
    })

    it('is spread over a time from now, whatever was set before', async () => {
      await Note.set({ waitUntil: new Date('2040-01-01T00:00:00Z') }).performBulk([[1]], { spreadInterval: minutes(10) })
      expect((await timesOf()).get(1)).to.be.within(-5, 600)
    })

    it('is stored in batches, all of them together without', async () => {
      const stored: unknown[] = []
      const inBatches = () =>
        subscribed(
          'enqueue_all.active_job',
          ({ payload }) => stored.push(payload['enqueued_count']),
          async () => {
            expect(await Note.performBulk([[1], [2], [3]], { batchSize: 2 })).to.have.length(3)
            await Note.performBulk([[4], [5], [6]])
            await Note.performBulk([], { batchSize: 2 })
          },
        )
      await inBatches()
      expect(stored).to.deep.equal([2, 1, 3])
      await stage.runAll([Note])
      expect(ran).to.deep.equal([1, 2, 3, 4, 5, 6])
    })

    it('refuses options that make no sense', async () => {
      const refused: [object, string][] = [
        [{ batch_size: 2 }, "has no option 'batch_size'. Did you mean batchSize?"],
        [{ batchSize: 0 }, "can't have 0 as `batchSize`"],
        [{ at: [1] }, 'has 1 times for 2 jobs'],
        [{ at: 60, spreadInterval: 60 }, 'takes `at` or `spreadInterval`, not both'],
        [{ spreadInterval: 0 }, "can't have 0 as `spreadInterval`"],
      ]
      for (const [options, message] of refused) {
        const error = await Note.performBulk([[1], [2]], options).catch((reason: unknown) => reason)
        expect(error).to.include({ code: 'REGAUGE_INVALID_JOB_OPTION', message: `Note: performBulk ${message}` })
      }
      const late = await Note.performBulk([[1]], { at: Date.now() }).catch((reason: unknown) => reason)
      expect(late).to.have.property('hint').that.includes('Seconds since the epoch')
      expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0 })
    })
  })

  it('is enqueued in the way of Rage', async () => {
    await Note.enqueue(1, 2)
    await Note.enqueue(3, { delay: minutes(5) })
    await Note.enqueue(4, { delayUntil: new Date('2040-01-01T00:00:00Z') })
    await Note.enqueue(5, { delay: -1 })
    const delayed = await stage.backend.list('delayed')
    expect(delayed.map(({ data }) => data['arguments'])).to.have.deep.members([[3], [4]])
    await stage.runAll([Note])
    expect(ran).to.deep.equal([1, 2, 5])
  })

  it('goes through middleware, which may give it something to take along', async () => {
    const steps: string[] = []
    const remove = [
      aroundEveryEnqueue(async (job, next) => {
        job.context['tenant'] = 'acme'
        steps.push('enqueue')
        await next()
      }),
      aroundEveryPerform(async (job, next) => {
        steps.push(`perform for ${job.context['tenant']}`)
        await next()
        steps.push('done')
      }),
    ]
    try {
      await Note.performLater(1)
      await stage.runAll([Note])
    } finally {
      for (const one of remove) one()
    }
    expect(steps).to.deep.equal(['enqueue', 'perform for acme', 'done'])
    expect(ran).to.deep.equal([1])
  })

  it('is dropped by middleware that does not go on, before it is stored or before it is performed', async () => {
    const atEnqueue = aroundEveryEnqueue(() => {})
    expect(await Note.performLater(1)).to.equal(false)
    atEnqueue()
    await Note.performLater(2)
    const atPerform = aroundEveryPerform(() => {})
    await stage.runAll([Note])
    atPerform()
    expect(ran).to.deep.equal([])
    expect(await stage.backend.counts()).to.include({ waiting: 0, failed: 0 })
  })

  it('is done when what nobody in middleware waited for is done, and fails by what that throws', async () => {
    class Slow extends Job {
      async perform(isBroken: boolean) {
        await new Promise(setImmediate)
        ran.push('performed')
        if (isBroken) throw new Error('no stock')
      }
    }
    const careless: ((next: () => Promise<unknown>) => unknown)[] = [
      (next) => void next(),
      (next) => void next().finally(() => ran.push('cleaned up')),
      async (next) => {
        void next()
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
      },
    ]
    for (const around of careless) {
      const remove = [aroundEveryEnqueue((_job, next) => around(next)), aroundEveryPerform((_job, next) => around(next))]
      try {
        ran.splice(0)
        expect(await Slow.performLater(false)).to.be.instanceOf(Slow)
        await Slow.performLater(true)
        await stage.runAll([Slow])
      } finally {
        for (const one of remove) one()
      }
      expect(ran.filter((step) => step === 'performed')).to.have.length(2)
      const failed = await stage.backend.list('failed')
      expect(failed.map(({ error }) => error?.message)).to.deep.equal(['no stock'])
      await stage.backend.remove(failed.map(({ id }) => id))
    }
    const catching = aroundEveryPerform((_job, next) => void next().catch(() => ran.push('caught')))
    await Slow.performLater(true)
    await stage.runAll([Slow])
    catching()
    expect(ran.at(-1)).to.equal('caught')
    expect(await stage.backend.counts()).to.include({ failed: 0 })
  })

  it('has its records loaded inside of what is around all jobs, which sees its arguments as they are stored', async () => {
    let tenant = 'none'
    useRecordLocator({
      identify: (value) => (value instanceof Map ? 'gid://shop/Order/7' : undefined),
      locate: async (id) => ({ id, tenant }),
    })
    const remove = aroundEveryPerform(async (job, next) => {
      ran.push([...job.arguments])
      tenant = 'acme'
      await next()
    })
    try {
      await Note.performLater(1, new Map())
      await stage.runAll([Note])
    } finally {
      remove()
      useRecordLocator(undefined)
    }
    expect(ran).to.deep.equal([[1, { _aj_globalid: 'gid://shop/Order/7' }], 1, { id: 'gid://shop/Order/7', tenant: 'acme' }])
  })

  it('fails when it runs longer than its class allows, and tells its signal', async () => {
    let signal: AbortSignal | undefined
    class Endless extends Job {
      static {
        this.timeoutAfter(0.01)
        this.discardOn(JobTimeout, (_job, error) => ran.push(error.message))
      }
      async perform() {
        signal = this.signal
        await new Promise(() => {})
      }
    }
    await Endless.performLater()
    await stage.runAll([Endless])
    expect(ran).to.deep.equal(['Endless did not finish within 0.01 seconds.'])
    expect(signal!.aborted).to.equal(true)
  })

  it('knows its attempt, and whether another one follows', async () => {
    class Flaky extends Job {
      static {
        this.retryOn(RangeError, { wait: 0, attempts: 3 })
      }
      perform() {
        const { attempt, retries, isRetrying, willRetry, id } = this.meta
        ran.push([attempt, retries, isRetrying, willRetry, id === this.jobId])
        throw new RangeError('again')
      }
    }
    await Flaky.performLater()
    await stage.runAll([Flaky])
    expect(ran).to.deep.equal([
      [1, 0, false, true, true],
      [2, 1, true, true, true],
      [3, 2, true, false, true],
    ])
  })

  it('knows that no other attempt follows where its caller is given the error, and that one does where performNow enqueues it', async () => {
    class Flaky extends Job {
      static {
        this.retryOn(RangeError, { wait: 0 })
      }
      perform() {
        ran.push(this.meta.willRetry)
        throw new RangeError('again')
      }
    }
    class Interval extends Flaky {
      static override retryInterval() {
        return 0
      }
    }
    for (const jobClass of [Flaky, Interval]) {
      ran.splice(0)
      expect(await jobClass.performInline().catch((error: Error) => error)).to.be.instanceOf(RangeError)
      expect(await stage.backend.counts()).to.include({ waiting: 0, delayed: 0 })
      expect(await jobClass.performNow()).to.be.instanceOf(RangeError)
      expect(ran).to.deep.equal([false, true])
      const [next] = await stage.backend.list('waiting')
      expect(next).to.deep.include({ name: jobClass.name })
      expect(await stage.backend.remove([next!.id])).to.equal(1)
    }
  })

  it('takes the tags and fields of the log along', async () => {
    class Look extends Job {
      perform() {
        const { logTags, logFields } = currentExecution()!
        ran.push(logTags, logFields!['tenant'], logFields!['job'])
      }
    }
    await runExecution({ logTags: ['web'], logFields: { tenant: 'acme', secret: { no: 1 } } }, () => Look.performLater())
    await stage.runAll([Look])
    expect(ran).to.deep.equal([['web'], 'acme', 'Look'])
  })

  it('takes those along that are there when it is enqueued, also where they change', async () => {
    const enqueue = () => Note.performLater(1)
    await runExecution({ logTags: ['web'], logFields: { tenant: 'acme' } }, async () => {
      await enqueue()
      await withExecution({ logFields: { tenant: 'other' } }, enqueue)
      await withExecution({ logTags: undefined }, enqueue)
      await withExecution({ logTags: ['deep'], logFields: undefined }, enqueue)
      await enqueue()
    })
    const data = (await stage.backend.list('waiting')).map((job) => [job.data['log_tags'], job.data['log_fields']])
    expect(data).to.deep.equal([
      [['web'], { tenant: 'acme' }],
      [['web'], { tenant: 'other' }],
      [undefined, { tenant: 'acme' }],
      [['deep'], undefined],
      [['web'], { tenant: 'acme' }],
    ])
  })
})
