import { expect } from 'chai'
import { abort } from '../../src/errors/index.ts'
import { aroundEveryEnqueue, DeserializationError, Job, recurringTasks, useRecordLocator } from '../../src/jobs/index.ts'
import { subscribe, unsubscribe } from '../../src/notifications/index.ts'
import { jobStage } from './job_stage.ts'

describe('a job that a schedule puts into the queue', () => {
  const { stage, ran } = jobStage()
  const { now } = Date
  afterEach(() => (Date.now = now))

  /** Lets a minute pass, after which each of the classes is due once. */
  async function comeDue(jobClass: typeof Due, more: object = {}): Promise<void> {
    const recurring = recurringTasks({ tick: { class: jobClass.name, schedule: '* * * * *', ...more } }, 'test', [jobClass])
    for (const time of ['2026-01-01T12:00:30Z', '2026-01-01T12:01:00Z']) {
      Date.now = () => Date.parse(time)
      await stage.backend.schedule(recurring)
    }
    Date.now = now
  }

  class Due extends Job {
    perform(..._args: unknown[]): unknown {
      return ran.push(['performed', this.context])
    }
  }

  it('goes through middleware, callbacks and events as others do that are enqueued', async () => {
    class Report extends Due {
      static {
        this.beforeEnqueue((job) => ran.push(['before', job.arguments]))
        this.afterEnqueue((job) => ran.push(['after', job.isSuccessfullyEnqueued]))
      }
    }
    const end = aroundEveryEnqueue((job, next) => {
      job.context['tenant'] = 'ann'
      return next()
    })
    const subscription = subscribe('enqueue.active_job', ({ payload }) => ran.push(['event', payload['aborted']]))
    try {
      await comeDue(Report, { args: ['weekly'] })
      await stage.runAll([Report])
    } finally {
      end()
      unsubscribe(subscription)
    }
    expect(ran).to.deep.equal([
      ['before', ['weekly']],
      ['after', true],
      ['event', undefined],
      ['performed', { tenant: 'ann' }],
    ])
  })

  it('is dropped when one of them stops it, and does not keep the next one from coming', async () => {
    class OnWorkdays extends Due {
      static isWorkday = false
      static {
        this.beforeEnqueue(() => OnWorkdays.isWorkday || abort())
      }
    }
    await comeDue(OnWorkdays, { overlap: false })
    await stage.runAll([OnWorkdays])
    expect(ran).to.deep.equal([])
    expect(Object.values(await stage.backend.counts()).every((count) => count === 0)).to.equal(true)
    OnWorkdays.isWorkday = true
    await stage.backend.schedule([])
    await comeDue(OnWorkdays, { overlap: false })
    await stage.runAll([OnWorkdays])
    expect(ran).to.deep.equal([['performed', {}]])
  })

  it('keeps its id when it is tried again, before which callbacks run as for any other', async () => {
    class Flaky extends Job {
      static {
        this.retryOn(TypeError, { wait: 0, attempts: 2 })
        this.beforeEnqueue(() => ran.push('before'))
      }
      perform() {
        ran.push(this.jobId)
        throw this.executions === 1 ? new TypeError('again') : new RangeError('no more')
      }
    }
    await comeDue(Flaky as unknown as typeof Due)
    await stage.runAll([Flaky])
    const [, id] = ran
    expect(id).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(ran).to.deep.equal(['before', id, 'before', id])
  })

  it('has the same id when it begins anew, as after the death of its process, and another one the next time', async () => {
    class Failing extends Job {
      perform() {
        ran.push(this.jobId)
        throw new Error('no')
      }
    }
    await comeDue(Failing as unknown as typeof Due)
    await stage.runAll([Failing])
    const [failed] = await stage.backend.list('failed')
    await stage.backend.retry([failed!.id])
    await stage.runAll([Failing])
    expect(ran[1]).to.equal(ran[0])
    await stage.backend.schedule([])
    await comeDue(Failing as unknown as typeof Due)
    await stage.runAll([Failing])
    expect(ran[2]).not.to.equal(ran[0])
  })

  it('is discarded for a record that is gone, if its class says so', async () => {
    class Account {
      readonly id = 1
    }
    class Closing extends Due {
      static {
        this.discardOn(DeserializationError, () => ran.push('discarded'))
        this.beforeEnqueue(() => ran.push('before'))
      }
    }
    const gone = () => Promise.reject(new Error('It is gone.'))
    useRecordLocator({ identify: (value) => (value instanceof Account ? 'gid://shop/Account/1' : undefined), locate: gone })
    try {
      const recurring = recurringTasks({ tick: { class: 'Closing', schedule: '* * * * *', args: [new Account()] } }, 'test', [Closing])
      for (const time of ['2026-01-01T12:00:30Z', '2026-01-01T12:01:00Z']) {
        Date.now = () => Date.parse(time)
        await stage.backend.schedule(recurring)
      }
      Date.now = now
      await stage.runAll([Closing])
    } finally {
      useRecordLocator(undefined)
    }
    expect(ran).to.deep.equal(['discarded'])
  })
})
