import fs from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { expect } from 'chai'
import type { JobBackend, StoredJob } from '../../../src/jobs/index.ts'
import { QueueDirectory } from '../queue_directory.ts'

const at = Date.UTC(2026, 0, 1)

/** A job as another backend describes it. */
function described(name: string, state: StoredJob['state'], attempts: number, more: Partial<StoredJob> = {}): StoredJob {
  const place = { id: `job-${name}`, name, queue: 'default', data: { of: name }, priority: 0, createdAt: at }
  return { ...place, state, attempts, runAt: undefined, finishedAt: undefined, error: undefined, result: undefined, ...more }
}

const error = { name: 'TypeError', message: 'no stock' }
const parent = 'job-Sum'
const jobs: readonly StoredJob[] = [
  described('Single', 'waiting', 4),
  described('Urgent', 'prioritized', 5, { priority: -1 }),
  described('Sum', 'waiting-children', 2, { onChildFailure: 'wait' }),
  described('Done', 'completed', 3, { parent, result: { rows: 1 } }),
  described('Ill', 'failed', 6, { parent, error }),
  described('Late', 'delayed', 7, { parent, runAt: Date.now() + 3_600_000 }),
  described('Rest', 'waiting', 8, { parent }),
]

describe('jobs of another backend that are taken in', () => {
  let directory: QueueDirectory
  /** What a process finds that comes after one that was killed behind one of its writes. */
  const copies: QueueDirectory[] = []
  const { writev } = fs
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(async () => {
    fs.writev = writev
    await directory.dispose()
    for (const copy of copies.splice(0)) await copy.dispose()
  })

  /** Copies the directory after each write. */
  function copyAfterEachWrite(): void {
    fs.writev = ((...args: Parameters<typeof writev>) => {
      const done = args.pop() as unknown as (error: Error | null, written: number) => void
      const copied = async (failure: Error | null, written: number) => {
        const copy = await QueueDirectory.make()
        await cp(directory.path, copy.path, { recursive: true })
        await rm(`${copy.path}/owner.lock`)
        copies.push(copy)
        done(failure, written)
      }
      Reflect.apply(writev, fs, [...args, (failure: Error | null, written: number) => void copied(failure, written)])
    }) as unknown as typeof fs.writev
  }

  async function statesIn(backend: JobBackend): Promise<unknown[]> {
    const found = await Promise.all(jobs.map(({ id }) => backend.find!(id)))
    return found.map((job) => [job?.name, job?.state, job?.attempts, job?.queue])
  }
  const expected = jobs.map(({ name, state, attempts, queue }) => [name, state, attempts, queue])

  it('are what they were over there, also when that is begun again after a death behind any of its writes', async () => {
    const first = directory.open()
    copyAfterEachWrite()
    await first.adopt(jobs)
    fs.writev = writev
    expect(await statesIn(first)).to.deep.equal(expected)
    expect(copies.length).to.be.greaterThan(3)
    for (const copy of copies) {
      const next = copy.open()
      await next.adopt(jobs)
      expect(await statesIn(next)).to.deep.equal(expected)
    }
  })
})
