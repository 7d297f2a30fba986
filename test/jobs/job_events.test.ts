import { expect } from 'chai'
import { abort } from '../../src/errors/index.ts'
import { Job, type JobBackend, useJobBackend } from '../../src/jobs/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'

class Reminder extends Job {
  static {
    this.retryOn(TypeError, { wait: 2, attempts: 2, jitter: 0 })
    this.discardOn(RangeError)
    this.beforePerform((job) => (job.arguments[0] === 'abort' ? abort() : undefined))
    this.beforeEnqueue((job) => (job.arguments[0] === 'refuse' ? abort() : undefined))
  }
  perform(what?: string): string {
    if (what === 'retry') throw new TypeError('again')
    if (what === 'discard') throw new RangeError('never')
    if (what === 'fail') throw new Error('broken')
    return 'done'
  }
}

class Sending extends Job {
  static override maxRetries = 1
  static override retryInterval(error: Error) {
    return error.message !== 'never' && 2
  }
  perform(message: string): void {
    throw new Error(message)
  }
}

describe('the events of jobs', () => {
  const backend = { add: async (entries: readonly unknown[]) => entries.map((_, index) => String(index)) } as unknown as JobBackend

  before(() => useJobBackend(backend))
  after(() => useJobBackend(undefined))

  async function eventsOf(work: () => Promise<unknown>): Promise<NotificationEvent[]> {
    const events: NotificationEvent[] = []
    await subscribed(/active_job$/, (event) => events.push(event), work)
    return events
  }
  const names = (events: readonly NotificationEvent[]) => events.map(({ name }) => name.replace('.active_job', ''))

  it('tell that a job was enqueued, later or with others, or that a callback stopped it', async () => {
    const events = await eventsOf(async () => {
      await Reminder.performLater()
      await Reminder.set({ wait: 5 }).performLater()
      await Job.performAllLater([new Reminder(), new Reminder()])
      await Reminder.performLater('refuse')
    })
    expect(names(events)).to.deep.equal(['enqueue', 'enqueue_at', 'enqueue_all', 'enqueue'])
    expect(events[0]!.payload).to.include({ adapter: backend }).and.not.have.property('aborted')
    expect(events[0]!.payload['job']).to.be.instanceOf(Reminder)
    expect(events[2]!.payload).to.include({ enqueued_count: 2 })
    expect(events[3]!.payload).to.include({ aborted: true })
  })

  it('tell that a job is performed, and what came of it', async () => {
    const events = await eventsOf(async () => {
      await Reminder.performNow()
      await Reminder.performNow('abort')
      await Reminder.performNow('discard')
      await Reminder.performNow('fail').catch(() => undefined)
    })
    expect(names(events)).to.deep.equal([
      ...['perform_start', 'perform', 'perform_start', 'perform'],
      ...['perform_start', 'discard', 'perform', 'perform_start', 'perform'],
    ])
    expect([1, 3, 6].map((index) => events[index]!.payload['aborted'])).to.deep.equal([null, true, null])
    expect(events[8]!.payload['exception']).to.deep.equal(['Error', 'broken'])
  })

  it('tell of retries, and of giving up', async () => {
    const events = await eventsOf(async () => {
      const job = new Reminder('retry')
      await job.performNow()
      await job.performNow().catch(() => undefined)
    })
    expect(names(events)).to.deep.equal([
      ...['perform_start', 'enqueue_at', 'enqueue_retry', 'perform'],
      ...['perform_start', 'retry_stopped', 'perform'],
    ])
    expect(events[2]!.payload).to.include({ wait: 2 }).and.to.have.property('error').that.is.instanceOf(TypeError)
  })

  it('tell of retries, and of giving up, where retryInterval decides', async () => {
    const events = await eventsOf(async () => {
      const job = new Sending('again')
      await job.performNow()
      await job.performNow().catch(() => undefined)
      await Sending.performNow('never').catch(() => undefined)
    })
    expect(names(events)).to.deep.equal([
      ...['perform_start', 'enqueue_at', 'enqueue_retry', 'perform'],
      ...['perform_start', 'retry_stopped', 'perform', 'perform_start', 'retry_stopped', 'perform'],
    ])
    expect([5, 8].map((index) => String(events[index]!.payload['error']))).to.deep.equal(['Error: again', 'Error: never'])
  })
})
