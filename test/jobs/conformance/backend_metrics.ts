import { expect } from 'chai'
import { exportPrometheusMetrics, type JobBackend, type NewJob, type Outcome } from '../../../src/jobs/index.ts'
import { timePasses } from '../../clock.ts'
import { parsePrometheus } from '../prometheus_text.ts'

/** What every job backend must count, as tests: one list for all of them.
 *
 * @param open makes a backend with an empty queue, and what removes it
 */
export function behavesLikeMeasuredBackend(open: () => Promise<{ backend: JobBackend; dispose: () => Promise<void> }>): void {
  let backend: JobBackend
  let dispose: () => Promise<void>

  beforeEach(async () => ({ backend, dispose } = await open()))
  afterEach(() => dispose())

  const job = (number: number, more: Partial<NewJob> = {}): NewJob => ({ queue: 'default', name: 'Example', data: { number }, ...more })
  const failed: Outcome = { kind: 'failed', error: { name: 'RangeError', message: 'too far' } }
  const hour = 3_600_000

  /** Works until so many jobs have ended. */
  async function work(count: number, outcomeOf: (number: unknown, attempt: number) => Outcome = () => ({ kind: 'completed' })) {
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = await backend.process(
      async ({ data, attempt }) => {
        if (--count === 0) done()
        return outcomeOf(data['number'], attempt)
      },
      { queues: ['default', 'mailers'], concurrency: 1 },
    )
    await finished
    await worker.stop()
  }

  it('counts the jobs of each queue that completed and that failed, each once, whatever its attempts', async () => {
    await backend.add([job(1), job(2), job(3), job(4, { queue: 'mailers' })])
    await work(5, (number, attempt) => {
      if (number === 1) return failed
      if (number === 2 && attempt === 1) return { kind: 'retry', data: { number }, queue: 'default', priority: 0, runAt: 0 }
      return number === 3 ? { kind: 'discarded' } : { kind: 'completed' }
    })
    const metrics = await backend.metrics!()
    expect(Object.keys(metrics).toSorted()).to.deep.equal(['default', 'mailers'])
    const counts = Object.entries(metrics).map(([queue, { completed, failed }]) => [queue, completed.count, failed.count])
    expect(counts.toSorted()).to.deep.equal([
      ['default', 2, 1],
      ['mailers', 1, 0],
    ])
  })

  it('tells them by the minute, of the last minutes that are asked for', async () => {
    await backend.add([job(1)])
    await work(1)
    const { completed, failed } = (await backend.metrics!({ queue: 'default', minutes: 5 }))['default']!
    expect([completed.data.length, failed.data.length]).to.deep.equal([5, 5])
    // The minute in which the job ended may be over by now.
    expect(completed.data.slice(2)).to.deep.equal([0, 0, 0])
    const [last, all] = [await backend.metrics!({ queue: 'default' }), await backend.metrics!({ queue: 'default', minutes: 1e9 })]
    expect([last, all].map((found) => found['default']!.completed.data.length)).to.deep.equal([60, 14 * 24 * 60])
  })

  it('knows nothing of a queue that never was', async () => {
    expect(await backend.metrics!({ queue: 'nowhere', minutes: 2 })).to.deep.equal({
      nowhere: { completed: { count: 0, data: [0, 0] }, failed: { count: 0, data: [0, 0] }, latency: 0 },
    })
    expect(await backend.metrics!()).to.deep.equal({})
  })

  it('says how long the oldest job waits, of those that could run', async () => {
    await backend.add([job(1, { runAt: Date.now() + hour })])
    expect((await backend.metrics!({ queue: 'default' }))['default']!.latency).to.equal(0)
    const before = Date.now()
    await backend.add([job(2)])
    await backend.add([job(3, { priority: 5 })])
    await timePasses(20)
    const { latency } = (await backend.metrics!())['default']!
    expect(latency)
      .to.be.at.least(20)
      .and.at.most(Date.now() - before + 1)
  })

  it('says how long the oldest waits among those that others overtake', async () => {
    const before = Date.now()
    await backend.add([job(1, { priority: 5 })])
    await timePasses(20)
    await backend.add([job(2, { priority: 1 }), job(3, { priority: 1 })])
    const { latency } = (await backend.metrics!())['default']!
    expect(latency)
      .to.be.at.least(20)
      .and.at.most(Date.now() - before + 1)
  })

  it('counts from when a job is run again, not from when it was added', async () => {
    const [id] = await backend.add([job(1)])
    await work(1, () => failed)
    await timePasses(20)
    const before = Date.now()
    expect(await backend.retry([id!])).to.equal(1)
    const { latency } = (await backend.metrics!())['default']!
    expect(latency).to.be.at.most(Date.now() - before + 1)
  })

  it("is written in Prometheus' format, whatever queues are called", async () => {
    const name = 'a "quoted" \\ name\nof {two} lines, é'
    await backend.add([job(1, { queue: name }), job(2), job(3, { runAt: Date.now() + hour }), job(4, { priority: 2 })])
    await backend.pause!('default')
    const families = parsePrometheus(await exportPrometheusMetrics(backend, { labels: { application: 'shop' } }))
    expect(families.map(({ name, type }) => [name, type])).to.deep.equal([
      ['regauge_jobs', 'gauge'],
      ['regauge_jobs_completed_total', 'counter'],
      ['regauge_jobs_failed_total', 'counter'],
      ['regauge_queue_latency_seconds', 'gauge'],
      ['regauge_queue_paused', 'gauge'],
    ])
    const of = (family: string, labels: object) => {
      const { samples } = families.find(({ name }) => name === family)!
      const wanted = Object.entries({ application: 'shop', ...labels })
      return samples.filter((sample) => wanted.every(([label, text]) => sample.labels[label] === text)).map(({ value }) => value)
    }
    expect(of('regauge_jobs', { queue: name, state: 'waiting' })).to.deep.equal([1])
    for (const state of ['waiting', 'delayed', 'prioritized'])
      expect(of('regauge_jobs', { queue: 'default', state }), state).to.deep.equal([1])
    expect(of('regauge_jobs', { queue: 'default', state: 'failed' })).to.deep.equal([0])
    expect(of('regauge_jobs_completed_total', { queue: 'default' })).to.deep.equal([0])
    expect([of('regauge_queue_paused', { queue: 'default' }), of('regauge_queue_paused', { queue: name })]).to.deep.equal([[1], [0]])
    await timePasses(1)
    for (const { latency } of Object.values(await backend.metrics!())) expect(latency).to.be.at.least(1)
    expect(of('regauge_queue_latency_seconds', { queue: name })[0]).to.be.within(0, 60)
  })
}
