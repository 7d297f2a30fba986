import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { type EmbeddedBackend, Job, type JobCounts, minutes, type NewJob, useJobBackend } from '../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

describe('jobs with a limit of how many begin in a time', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const rated = (number: number, to: number, per = 60_000, more: Partial<NewJob> = {}, key = 'account/1') =>
    numbered(number, { constraints: { rates: [{ key, to, per }] }, ...more })

  /** Works; what it has begun is in `started`. */
  async function begin(backend: EmbeddedBackend, queues: readonly string[] = ['*'], concurrency = 10) {
    const started: number[] = []
    let changed = (): void => {}
    const worker = await backend.process(
      async ({ data }) => {
        started.push(data['number'] as number)
        changed()
        return { kind: 'completed' }
      },
      { queues, concurrency },
    )
    const starts = async (count: number) => {
      while (started.length < count) await new Promise<void>((resolve) => (changed = resolve))
    }
    return { started, starts, stop: () => worker.stop() }
  }

  async function blocked(backend: EmbeddedBackend, count: number): Promise<void> {
    for (;;) {
      const counts = await backend.counts()
      if (counts.blocked === count && counts.waiting + counts.prioritized + counts.active === 0) return
      await new Promise(setImmediate)
    }
  }

  async function journalText(): Promise<string> {
    const paths = (await directory.journals()).map((name) => join(directory.path, name))
    return (await Promise.all(paths.map((path) => readFile(path, 'latin1').catch(() => '')))).join('')
  }

  it('begin the most urgent first, then the oldest', async () => {
    const backend = directory.open()
    const work = await begin(backend)
    await backend.add([rated(1, 1, 100)])
    await work.starts(1)
    await backend.add([rated(2, 1, 100), rated(3, 1, 100), rated(4, 1, 100, { priority: -1 })])
    await work.starts(4)
    expect(work.started).to.deep.equal([1, 4, 2, 3])
  })

  it('are not held up by one of their key in a queue that is paused', async () => {
    const backend = directory.open()
    const work = await begin(backend)
    await backend.add([rated(1, 1, 100, { queue: 'a' })])
    await work.starts(1)
    await backend.add([rated(2, 1, 100, { queue: 'b' }), rated(3, 1, 100, { queue: 'a' })])
    await blocked(backend, 2)
    await backend.pause('b')
    await work.starts(2)
    expect(work.started).to.deep.equal([1, 3])
    await backend.resume('b')
    await work.starts(3)
  })

  it('begin no more in any stretch of the time, also when they begin now and then', async () => {
    const backend = directory.open()
    const times: number[] = []
    let isDone = (): void => {}
    const all = new Promise<void>((resolve) => (isDone = resolve))
    const per = 200
    const takenAt = Date.now
    await backend.process(
      async () => {
        times.push(takenAt())
        if (times.length === 12) isDone()
        return { kind: 'completed' }
      },
      { queues: ['*'], concurrency: 1 },
    )
    for (let number = 1; number <= 12; number++) {
      await backend.add([rated(number, 3, per)])
      await new Promise((resolve) => setTimeout(resolve, (number * 7) % 40))
    }
    await all
    // From when the first one of them was there, which is before it began.
    expect(times[11]! - times[0]!).to.be.at.least(2 * per)
  })

  it('are forgotten with their key when no start of it counts any more', async () => {
    const backend = directory.open({ segmentBytes: 100_000 })
    const work = await begin(backend)
    const keys = 1000
    await backend.add(Array.from({ length: keys }, (_, number) => rated(number, 1, 50, {}, `account/${number}`)))
    await work.starts(keys)
    // The journal is written anew from what is remembered, again and again.
    for (let number = keys; (await journalText()).includes('rate:account/'); number++) {
      await backend.add([numbered(number, { data: { number, text: 'x'.repeat(50_000) } })])
      await work.starts(number + 1)
    }
  })

  it('hold up no others when there are ten thousand keys, and all of them go on', async () => {
    const backend = directory.open()
    const keys = 10_000
    const ofAll = (from: number, per: number) =>
      Array.from({ length: keys }, (_, key) => rated(from + key, 1, per, {}, `account/${key}/${per}`))
    await backend.add([...ofAll(0, 60_000), ...ofAll(keys, 60_000), numbered(-1)])
    const work = await begin(backend)
    await work.starts(keys + 1)
    await blocked(backend, keys)
    expect(work.started).to.include(-1)
    await backend.add([...ofAll(2 * keys, 200), ...ofAll(3 * keys, 200)])
    await work.starts(3 * keys + 1)
    await blocked(backend, keys)
  })

  it('begin no sooner after a restart, though there are hundreds', async () => {
    const first = directory.open()
    const many = 600
    await first.add(Array.from({ length: many }, (_, number) => rated(number, 500)))
    const work = await begin(first)
    await work.starts(500)
    await blocked(first, 100)
    await first.close()
    const second = directory.open()
    const other = await begin(second)
    await second.add([numbered(many)])
    await other.starts(1)
    await blocked(second, 100)
    expect(other.started).to.deep.equal([many])
  })

  it('begin no sooner after the process was killed', async () => {
    const first = directory.open()
    await first.add([1, 2, 3].map((number) => rated(number, 2)))
    const work = await begin(first)
    await work.starts(2)
    await blocked(first, 1)
    await first.pause('unserved') // what came before is on disk then
    const found = await QueueDirectory.make()
    try {
      for (const name of await directory.journals()) await copyFile(join(directory.path, name), join(found.path, name))
      const second = found.open()
      const other = await begin(second)
      await second.add([numbered(4)])
      await other.starts(1)
      await blocked(second, 1)
      expect(other.started).to.deep.equal([4])
    } finally {
      await found.dispose()
    }
  })

  it('begin after their time though the clock was set back', async () => {
    const now = Date.now
    try {
      Date.now = () => now() + 3_600_000
      const backend = directory.open()
      const work = await begin(backend)
      await backend.add([rated(1, 1, 50), rated(2, 1, 50)])
      await blocked(backend, 1)
      Date.now = now
      await work.starts(2)
      await backend.add([rated(3, 1, 50)])
      await work.starts(3)
      await work.stop()
    } finally {
      Date.now = now
    }
  })

  it('are not overtaken by one that comes when their time is over, before they were told', async () => {
    const now = Date.now
    try {
      const backend = directory.open()
      const work = await begin(backend)
      await backend.add([rated(1, 1), rated(2, 1), rated(3, 1)])
      await blocked(backend, 2)
      Date.now = () => now() + 60_000
      await backend.add([rated(4, 1)])
      await work.starts(2)
      await blocked(backend, 2)
      expect(work.started).to.deep.equal([1, 2])
      await work.stop()
    } finally {
      Date.now = now
    }
  })

  it('leave their turn to the next when they are taken out while they wait for a place', async () => {
    for (const constraints of [
      { limit: { key: 'k', to: 1, duration: 60_000 } },
      { rates: [{ key: 'k', to: 1, per: 100 }] },
    ] as NewJob['constraints'][]) {
      const backend = directory.open({ durability: 'memory' })
      let end = (): void => {}
      const started: unknown[] = []
      await backend.process(
        ({ data }) => {
          started.push(data['number'])
          return new Promise((resolve) => (end = () => resolve({ kind: 'completed' })))
        },
        { queues: ['*'], concurrency: 2 },
      )
      const counted = async (isSo: (counts: JobCounts) => boolean) => {
        while (!isSo(await backend.counts())) await new Promise(setImmediate)
      }
      const ids = await backend.add([1, 2, 3].map((number) => numbered(number, { constraints })))
      await counted(({ blocked }) => blocked === 2)
      await backend.pause('default')
      end()
      await counted(({ waiting }) => waiting === 1)
      await backend.remove([ids[1]!])
      expect(await backend.counts()).to.include({ blocked: 0, waiting: 1 })
      await backend.resume('default')
      await counted(({ active }) => active === 1)
      expect(started).to.deep.equal([1, 3])
      await backend.close()
    }
  })

  it('let others of a limit of how many run have the place that they may not take yet', async () => {
    const backend = directory.open()
    const limit = { key: 'all', to: 1, duration: 60_000 }
    const of = (number: number, account: number) =>
      numbered(number, { constraints: { limit, rates: [{ key: `account/${account}`, to: 1, per: 60_000 }] } })
    const work = await begin(backend)
    await backend.add([of(1, 1), of(2, 1), of(3, 1), of(4, 2), of(5, 2)])
    await work.starts(2)
    await blocked(backend, 3)
    expect(work.started).to.deep.equal([1, 4])
    expect(numbersOf(await backend.list('blocked')).toSorted()).to.deep.equal([2, 3, 5])
  })

  describe('declared by their class', () => {
    afterEach(() => useJobBackend(undefined))

    const enqueue = async (jobs: (() => Promise<unknown>)[]) => {
      const added: NewJob[] = []
      const backend = directory.open()
      const { add } = backend
      backend.add = (entries) => {
        added.push(...entries)
        return add.call(backend, entries)
      }
      useJobBackend(backend)
      for (const job of jobs) await job()
      return added.map(({ constraints }) => constraints)
    }

    it('have limits by key, group and time, of which each group has one', async () => {
      class ApiJob extends Job {
        static {
          this.limitsRate({ to: 1000, per: minutes(1), group: 'api' })
          this.limitsRate({ to: 5, per: 1 })
        }
        perform(_accountId: number) {}
      }
      class Sync extends ApiJob {
        static {
          this.limitsRate({ to: 100, per: minutes(1), key: (accountId) => accountId })
        }
      }
      const all = { key: 'api', to: 1000, per: 60_000 }
      expect(await enqueue([() => ApiJob.performLater(7), () => Sync.performLater(7)])).to.deep.equal([
        { rates: [all, { key: 'ApiJob', to: 5, per: 1000 }] },
        { rates: [all, { key: 'Sync/7', to: 100, per: 60_000 }] },
      ])
    })

    it('may be limited by how many run, and unique', async () => {
      class Sync extends Job {
        static {
          this.limitsConcurrency({ to: 2 })
          this.unique({ key: (id) => id })
          this.limitsRate({ to: 10, per: 60 })
        }
        perform(_id: number) {}
      }
      const [constraints] = await enqueue([() => Sync.performLater(7)])
      expect(constraints).to.have.all.keys('limit', 'unique', 'rates')
    })
  })
})
