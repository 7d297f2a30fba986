import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { type EmbeddedBackend, type JobCounts, jobStateNames, type Outcome } from '../../src/jobs/index.ts'
import { idsOf, numbered, QueueDirectory } from './queue_directory.ts'

const hour = 3_600_000
const odd = ['__proto__', 'toString', 'mail:high/2', 'Aufträge "neu"\n', '队列 🚚', ' ']

describe('the counts of queues', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const later = () => Date.now() + hour
  const range = (count: number) => Array.from({ length: count }, (_, index) => index)

  /** How many jobs are listed of each queue and state, of those that there are any of. */
  async function listed(backend: EmbeddedBackend): Promise<Map<string, Partial<JobCounts>>> {
    const found = new Map<string, Record<string, number>>()
    for (const state of jobStateNames) {
      const jobs = await backend.list(state, { limit: 100_000 })
      expect(new Set(jobs.map(({ id }) => id)).size).to.equal(jobs.length)
      for (const { queue } of jobs) {
        const counts = found.get(queue) ?? {}
        found.set(queue, { ...counts, [state]: (counts[state] ?? 0) + 1 })
      }
    }
    return found
  }

  /** The counts, without zeros and without queues that have nothing else. They must be what is listed. */
  async function countsOf(backend: EmbeddedBackend): Promise<Map<string, Partial<JobCounts>>> {
    const counts = Object.entries(await backend.countsByQueue())
    const all = counts.map(([queue, of]) => [queue, Object.fromEntries(Object.entries(of).filter(([, count]) => count !== 0))] as const)
    const some = new Map(all.filter(([, of]) => Object.keys(of).length > 0))
    expect(some).to.deep.equal(await listed(backend))
    const totals = Object.entries(await backend.counts())
    for (const [state, total] of totals) {
      expect(
        counts.reduce((sum, [, of]) => sum + of[state as keyof JobCounts], 0),
        state,
      ).to.equal(total)
    }
    return some
  }

  /** Runs jobs until so many have come to something. */
  async function perform(backend: EmbeddedBackend, jobs: number, outcome: Outcome, queues = ['*']): Promise<void> {
    let left = jobs
    let done = () => {}
    const all = new Promise<void>((resolve) => (done = resolve))
    const handle = async (): Promise<Outcome> => {
      if (--left === 0) done()
      return outcome
    }
    const worker = await backend.process(handle, { queues, concurrency: 1 })
    await all
    await worker.stop()
    await backend.counts()
  }

  it('are of jobs that wait and that are delayed, added one by one and together, whatever the queues are called', async () => {
    const backend = directory.open()
    for (const [index, queue] of odd.entries()) {
      for (const number of range(index + 1)) await backend.add([numbered(number, { queue, runAt: later() + number })])
      await backend.add(range(3).map((number) => numbered(number, { queue, ...(number > 0 && { runAt: later() }) })))
      await backend.add([numbered(0, { queue, priority: 5 }), numbered(1, { queue, priority: 5, runAt: later() })])
    }
    const expected = odd.map((queue, index) => [queue, { waiting: 1, prioritized: 1, delayed: index + 4 }] as const)
    expect(await countsOf(backend)).to.deep.equal(new Map(expected))
  })

  it('go down when delayed jobs are removed, one among others of the same time too', async () => {
    const backend = directory.open()
    const runAt = later()
    const ids = idsOf(await backend.add(range(3000).map((number) => numbered(number, { queue: `q${number % 3}`, runAt }))))
    await backend.remove(ids.filter((_, number) => number % 2 === 0))
    expect(await countsOf(backend)).to.deep.equal(new Map([0, 1, 2].map((number) => [`q${number}`, { delayed: 500 }])))
    await backend.remove([ids[1]!, ids[0]!, ids[1]!])
    expect((await countsOf(backend)).get('q1')).to.deep.equal({ delayed: 499 })
    await backend.remove(ids)
    expect(await countsOf(backend)).to.deep.equal(new Map())
  })

  it('forget queues whose delayed jobs are gone', async () => {
    const backend = directory.open()
    for (const round of range(3)) {
      const ids = idsOf(
        await backend.add(range(500).map((number) => numbered(number, { queue: `customer-${round}-${number}`, runAt: later() }))),
      )
      expect(Object.keys(await backend.countsByQueue())).to.have.length(500)
      await backend.remove(ids)
      expect(await backend.countsByQueue()).to.deep.equal({})
    }
  })

  it('follow delayed jobs whose time comes', async () => {
    const backend = directory.open()
    await backend.pause('mail')
    const runAt = Date.now() + 200
    await backend.add(
      range(30).map((number) => numbered(number, { queue: number < 20 ? 'mail' : 'low', runAt: number % 2 ? runAt : later() })),
    )
    expect(await countsOf(backend)).to.deep.equal(
      new Map([
        ['mail', { delayed: 20 }],
        ['low', { delayed: 10 }],
      ]),
    )
    await perform(backend, 5, { kind: 'completed' }, ['low'])
    expect(await countsOf(backend)).to.deep.equal(
      new Map([
        ['mail', { delayed: 10, waiting: 10 }],
        ['low', { delayed: 5 }],
      ]),
    )
    await backend.resume('mail')
    await perform(backend, 10, { kind: 'completed' })
    expect(await countsOf(backend)).to.deep.equal(
      new Map([
        ['mail', { delayed: 10 }],
        ['low', { delayed: 5 }],
      ]),
    )
  })

  it('follow jobs that fail, are tried later in another queue, and are called again', async () => {
    const backend = directory.open()
    await backend.add(range(6).map((number) => numbered(number, { queue: 'first' })))
    await perform(backend, 2, { kind: 'failed', error: { name: 'Error', message: 'It failed.' } })
    expect(await countsOf(backend)).to.deep.equal(new Map([['first', { waiting: 4, failed: 2 }]]))
    const runAt = later()
    await perform(backend, 4, { kind: 'retry', data: {}, queue: 'second', priority: 0, runAt })
    expect(await countsOf(backend)).to.deep.equal(
      new Map([
        ['first', { failed: 2 }],
        ['second', { delayed: 4 }],
      ]),
    )
    const failed = (await backend.list('failed')).map(({ id }) => id)
    expect(await backend.retry(failed)).to.equal(2)
    expect(await countsOf(backend)).to.deep.equal(
      new Map([
        ['first', { waiting: 2 }],
        ['second', { delayed: 4 }],
      ]),
    )
    await perform(backend, 2, { kind: 'retry', data: {}, queue: 'second', priority: 0, runAt })
    expect(await countsOf(backend)).to.deep.equal(new Map([['second', { delayed: 6 }]]))
  })

  it('are right after a crash, and when the queue is opened again', async () => {
    const crashed = await QueueDirectory.make()
    const before = directory.open()
    for (const [index, queue] of odd.entries()) {
      const jobs = [{ runAt: later() }, { runAt: Date.now() + 1 }, {}, { priority: 3 }, { runAt: later(), priority: 3 }]
      await before.add(jobs.map((more, number) => numbered(number, { queue, ...more })))
      const ids = idsOf(await before.add(range(index + 2).map((number) => numbered(number, { queue, runAt: later() + number }))))
      await before.remove(ids.slice(1))
    }
    await before.pause(odd[2]!)
    // What is on disk when a process is killed.
    for (const name of await directory.journals()) await copyFile(join(directory.path, name), join(crashed.path, name))
    while ((await before.counts()).delayed > odd.length * 3) await new Promise(setImmediate)
    const expected = new Map(odd.map((queue) => [queue, { waiting: 2, prioritized: 1, delayed: 3 }]))
    expect(await countsOf(before)).to.deep.equal(expected)
    await before.close()
    expect(await countsOf(crashed.open())).to.deep.equal(expected)
    expect(await countsOf(directory.open())).to.deep.equal(expected)
    await crashed.dispose()
  })
})
