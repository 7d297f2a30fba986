import { expect } from 'chai'
import {
  connectToOwner,
  EmbeddedBackend,
  exportPrometheusMetrics,
  type JobBackend,
  type NewJob,
  NoJobBackend,
  type Outcome,
  type SharedBackend,
} from '../../src/jobs/index.ts'
import { parsePrometheus } from './prometheus_text.ts'
import { QueueDirectory } from './queue_directory.ts'

const minute = 60_000
const day = 24 * 60 * minute

describe('the metrics of embedded queues', () => {
  const { now } = Date
  let backend: EmbeddedBackend
  beforeEach(() => {
    backend = new EmbeddedBackend({ durability: 'memory' })
    Date.now = () => new Date('2026-03-01T12:00:30Z').getTime()
  })
  afterEach(async () => {
    Date.now = now
    await backend.close()
  })

  const goOn = (milliseconds: number): void => {
    const then = Date.now() + milliseconds
    Date.now = () => then
  }
  const job = (more: Partial<NewJob> = {}): NewJob => ({ queue: 'default', name: 'Example', data: {}, ...more })

  /** What every backend has. */
  const unmeasured = (all: JobBackend): JobBackend => ({
    add: (entries) => all.add(entries),
    process: (handler, options) => all.process(handler, options),
    counts: () => all.counts(),
    list: (state, page) => all.list(state, page),
    retry: (ids) => all.retry(ids),
    remove: (ids) => all.remove(ids),
    close: () => all.close(),
  })

  /** Lets jobs come to something. */
  async function end(entries: readonly NewJob[], outcome: Outcome = { kind: 'completed' }): Promise<void> {
    let left = entries.length
    let done = () => {}
    const all = new Promise<void>((resolve) => (done = resolve))
    const handler = async (): Promise<Outcome> => {
      if (--left === 0) done()
      return outcome
    }
    const worker = await backend.process(handler, { queues: ['*'], concurrency: 1 })
    await backend.add(entries)
    await all
    await worker.stop()
  }

  it('are told minute by minute, the newest first, without the minute that is not over', async () => {
    await end([job(), job()])
    goOn(minute)
    await end([job()])
    await end([job()], { kind: 'failed', error: { name: 'Error', message: 'no' } })
    const { completed, failed } = (await backend.metrics({ minutes: 3 }))['default']!
    expect(completed).to.deep.equal({ count: 3, data: [2, 0, 0] })
    expect(failed).to.deep.equal({ count: 1, data: [0, 0, 0] })
    goOn(2 * minute)
    const later = (await backend.metrics({ minutes: 4 }))['default']!
    expect([later.completed.data, later.failed.data]).to.deep.equal([
      [0, 1, 2, 0],
      [0, 1, 0, 0],
    ])
  })

  it('go back two weeks', async () => {
    await end([job()])
    goOn(14 * day)
    expect((await backend.metrics({ minutes: 1e6 }))['default']!.completed.data.at(-1)).to.equal(1)
    goOn(minute)
    await end([job()])
    const { count, data } = (await backend.metrics({ minutes: 1e6 }))['default']!.completed
    expect([count, data.length, data.includes(1)]).to.deep.equal([2, 14 * 24 * 60, false])
  })

  it('go on when the clock is set back', async () => {
    await end([job()])
    goOn(-5 * minute)
    await end([job()])
    goOn(6 * minute)
    expect((await backend.metrics({ minutes: 2 }))['default']!.completed).to.deep.equal({ count: 2, data: [2, 0] })
  })

  it('let go of queues that no job ended in for two weeks, when there are many', async () => {
    await end(Array.from({ length: 150 }, (_, index) => job({ queue: `customer-${index}` })))
    expect(Object.keys(await backend.metrics({ minutes: 0 }))).to.have.lengthOf(150)
    goOn(15 * day)
    await end(Array.from({ length: 200 }, (_, index) => job({ queue: `other-${index}` })))
    expect(Object.keys(await backend.metrics({ minutes: 0 }))).to.have.lengthOf(200)
  })

  it('measure how long a job that was delayed waits from when it could run', async () => {
    Date.now = now
    await backend.add([job({ runAt: Date.now() + 30 })])
    while ((await backend.counts()).waiting === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    goOn(0)
    const { runAt } = (await backend.list('waiting'))[0]!
    expect((await backend.metrics())['default']!.latency).to.equal(Date.now() - runAt!)
  })

  it('refuse what makes no sense in the mouth of another process', async () => {
    Date.now = now
    const directory = await QueueDirectory.make()
    const owned = new EmbeddedBackend({ directory: directory.path, isShared: true })
    let joined: SharedBackend | undefined
    while (joined === undefined) {
      await new Promise(setImmediate)
      joined = await connectToOwner(directory.path)
    }
    for (const [options, reason] of [
      [{ minutes: -1 }, 'minutes must be a whole number'],
      [{ minutes: '5' }, 'minutes must be a whole number'],
      [{ queue: 5 }, 'the name of a queue must be a text'],
    ] as const) {
      const refusal = await joined.metrics(options as never).then(
        () => 'nothing',
        (error: Error) => error.message,
      )
      expect(refusal).to.include(reason)
    }
    await joined.close()
    await owned.close()
    await directory.dispose()
  })

  it("write each sample once in Prometheus' format, also of names that it can't tell apart", async () => {
    await backend.add([job({ queue: '\ud800' }), job({ queue: '\ud801' })])
    const [jobs] = parsePrometheus(await exportPrometheusMetrics(backend))
    expect(new Set(jobs!.samples.map(({ labels }) => labels['queue']))).to.deep.equal(new Set(['\ufffd']))
  })

  it('are left out of what a backend without them tells Prometheus', async () => {
    await backend.add([job()])
    const plain = { ...unmeasured(backend), countsByQueue: () => backend.countsByQueue() }
    const samples = parsePrometheus(await exportPrometheusMetrics(plain)).map(({ name, samples }) => [name, samples.length > 0])
    expect(Object.fromEntries(samples)).to.deep.equal({
      regauge_jobs: true,
      regauge_jobs_completed_total: false,
      regauge_jobs_failed_total: false,
      regauge_queue_latency_seconds: false,
      regauge_queue_paused: true,
    })
  })

  it('say that there is no queue to measure', async () => {
    const refusal = await exportPrometheusMetrics().catch((error: unknown) => error)
    expect(refusal).to.be.instanceOf(NoJobBackend)
    expect((refusal as NoJobBackend).message).to.equal('There is nothing to measure: no job backend is running.')
  })
})
