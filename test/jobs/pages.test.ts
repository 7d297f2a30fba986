import { expect } from 'chai'
import type { EmbeddedBackend, JobStateName, NewJob, StoredJob } from '../../src/jobs/index.ts'
import { idsOf, numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

const hour = 3_600_000
const many = 3000

describe('the pages of a list of jobs', () => {
  let directory: QueueDirectory
  let backend: EmbeddedBackend
  beforeEach(async () => {
    directory = await QueueDirectory.make()
    backend = directory.open()
  })
  afterEach(() => directory.dispose())

  const range = (count: number) => Array.from({ length: count }, (_, index) => index)
  const queueOf = (number: number) => `q${number % 3}`

  async function add(more: (number: number) => Partial<NewJob>): Promise<string[]> {
    const jobs = range(many).map((number) => numbered(number, { queue: queueOf(number), ...more(number) }))
    const [one, ...others] = jobs
    return [...idsOf(await backend.add([one!])), ...idsOf(await backend.add(others))]
  }

  /** All jobs of a state, read page by page. */
  async function pages(state: JobStateName, limit: number, queue?: string): Promise<StoredJob[]> {
    const jobs: StoredJob[] = []
    for (;;) {
      const page = await backend.list(state, { offset: jobs.length, limit, queue })
      jobs.push(...page)
      if (page.length < limit) return jobs
    }
  }

  it('are of waiting jobs in the order they run, queue by queue', async () => {
    await add(() => ({}))
    const byQueue = [0, 1, 2].flatMap((queue) => range(many).filter((number) => number % 3 === queue))
    expect(numbersOf(await pages('waiting', 70))).to.deep.equal(byQueue)
    expect(numbersOf(await pages('waiting', 70, 'q1'))).to.deep.equal(byQueue.slice(many / 3, (many / 3) * 2))
    expect(numbersOf(await backend.list('waiting', { offset: many - 2 }))).to.deep.equal([many - 4, many - 1])
    expect(await backend.list('waiting', { offset: many })).to.deep.equal([])
    expect(await backend.list('waiting', { offset: 0, queue: 'none' })).to.deep.equal([])
  })

  it('leave out waiting jobs that are removed, and those with a priority', async () => {
    const ids = await add((number) => (number % 10 === 0 ? { priority: many - number } : {}))
    await backend.remove(ids.filter((_, number) => number % 4 === 1))
    const left = range(many).filter((number) => number % 4 !== 1)
    for (const queue of ['q0', 'q1', 'q2']) {
      const ofQueue = left.filter((number) => queueOf(number) === queue)
      expect(numbersOf(await pages('waiting', 64, queue))).to.deep.equal(ofQueue.filter((number) => number % 10 !== 0))
      expect(numbersOf(await pages('prioritized', 64, queue))).to.have.members(ofQueue.filter((number) => number % 10 === 0))
    }
    expect(await pages('waiting', 100)).to.have.length(left.filter((number) => number % 10 !== 0).length)
    expect(await pages('prioritized', 100)).to.have.length(left.filter((number) => number % 10 === 0).length)
  })

  it('are of delayed jobs soonest first, of the same time in the order they came', async () => {
    const from = Date.now() + hour
    const timeOf = (number: number) => from + ((number * 37) % 500) * 1000
    await add((number) => ({ runAt: timeOf(number), priority: number % 2 }))
    const expected = range(many).sort((left, right) => timeOf(left) - timeOf(right) || left - right)
    expect(numbersOf(await pages('delayed', 70))).to.deep.equal(expected)
    expect(numbersOf(await pages('delayed', 70, 'q2'))).to.deep.equal(expected.filter((number) => queueOf(number) === 'q2'))
    expect(numbersOf(await backend.list('delayed', { offset: many - 2 }))).to.deep.equal(expected.slice(-2))
    expect(await backend.list('delayed', { offset: many })).to.deep.equal([])
    expect(await backend.list('delayed', { queue: 'none' })).to.deep.equal([])
  })

  it('are the same when the queue is opened again', async () => {
    const from = Date.now() + hour
    await add((number) => (number < 1000 ? {} : { runAt: from + ((number * 37) % 500) * 1000 }))
    const before = [await pages('waiting', 90), await pages('delayed', 90)]
    await backend.close()
    backend = directory.open()
    expect([await pages('waiting', 90), await pages('delayed', 90)]).to.deep.equal(before)
  })

  it('leave out delayed jobs that are removed, and hold once those that are delayed anew', async () => {
    const from = Date.now() + hour
    const ids = await add((number) => ({ runAt: from + (many - number) }))
    await backend.remove(ids.filter((_, number) => number % 5 !== 0))
    const left = range(many).filter((number) => number % 5 === 0)
    expect(numbersOf(await pages('delayed', 64))).to.deep.equal(left.reverse())
    await backend.add([numbered(-1), numbered(-2)])
    let done = () => {}
    const later = new Promise<void>((resolve) => (done = resolve))
    let count = 0
    const handle = async () => {
      if (++count === 2) done()
      return { kind: 'retry', data: { number: -3 }, queue: 'q0', priority: 0, runAt: from } as const
    }
    const worker = await backend.process(handle, { queues: ['default'], concurrency: 2 })
    await later
    await worker.stop()
    expect(numbersOf(await pages('delayed', 64))).to.deep.equal([-3, -3, ...left])
  })
})
