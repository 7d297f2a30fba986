import { expect } from 'chai'
import { currentExecution, runExecution } from '../../src/context/index.ts'
import { aroundEveryEnqueue, aroundEveryPerform, Job, JobTimeout, minutes, useRecordLocator } from '../../src/jobs/index.ts'
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
})
