import { expect } from 'chai'
import { DuplicateJob, Job, minutes, type NewJob, QueueClosed, QueueFull, type ReservedJob, useJobBackend } from '../../src/jobs/index.ts'
import type { EmbeddedBackend } from '../../src/jobs/index.ts'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'

/** A worker whose jobs end when the test says so. */
class HeldWorker {
  readonly running: { readonly job: ReservedJob; end(): void }[] = []

  static async start(backend: EmbeddedBackend, queues: readonly string[] = ['*'], concurrency = 10): Promise<HeldWorker> {
    const worker = new HeldWorker()
    await backend.process((job) => new Promise((resolve) => worker.running.push({ job, end: () => resolve({ kind: 'completed' }) })), {
      queues,
      concurrency,
    })
    return worker
  }

  get numbers(): unknown[] {
    return this.running.map(({ job }) => job.data['number'])
  }

  /** Waits until so many jobs have begun. */
  async begun(count: number): Promise<void> {
    while (this.running.length < count) await new Promise(setImmediate)
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  }
}

describe('jobs that have to do with others', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const limited = (number: number, to = 1, more: Partial<NewJob> = {}) =>
    numbered(number, { constraints: { limit: { key: 'account/1', to, duration: 60_000 } }, ...more })

  describe('with a limit of how many run', () => {
    it('wait until one of their key is done, the first to come first', async () => {
      const backend = directory.open()
      await backend.add([limited(1, 2), limited(2, 2), limited(3, 2), limited(4, 2), numbered(5)])
      const worker = await HeldWorker.start(backend)
      await worker.begun(3)
      expect(worker.numbers).to.deep.equal([1, 2, 5])
      expect(await backend.counts()).to.include({ blocked: 2, active: 3, waiting: 0 })
      expect(numbersOf(await backend.list('blocked'))).to.deep.equal([3, 4])
      worker.running[0]!.end()
      await worker.begun(4)
      expect(worker.numbers).to.deep.equal([1, 2, 5, 3])
    })

    it('let others run meanwhile, however many of them wait', async () => {
      const backend = directory.open({ durability: 'memory' })
      const many = 20_000
      await backend.add([...Array(many).keys()].map((number) => limited(number)))
      const blocked: number[] = []
      const worker = await HeldWorker.start(backend)
      for (let turn = 0; turn < 20; turn++) {
        await new Promise(setImmediate)
        blocked.push((await backend.counts()).blocked)
      }
      expect(blocked[10]).to.be.within(1, many / 2)
      await backend.add([numbered(many)])
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([0, many])
      expect(await backend.counts()).to.include({ blocked: many - 1, waiting: 0 })
    })

    it('overtake by priority among those that are blocked', async () => {
      const backend = directory.open()
      const worker = await HeldWorker.start(backend)
      await backend.add([limited(1)])
      await worker.begun(1)
      await backend.add([limited(2), limited(3, 1, { priority: -1 })])
      worker.running[0]!.end()
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([1, 3])
    })

    it('are not held up by one of their key in a queue that nobody works on', async () => {
      const backend = directory.open()
      const worker = await HeldWorker.start(backend, ['a', 'b'])
      await backend.add([limited(1, 1, { queue: 'a' })])
      await worker.begun(1)
      await backend.add([limited(2, 1, { queue: 'b' }), limited(3, 1, { queue: 'a' })])
      while ((await backend.counts()).blocked < 2) await new Promise(setImmediate)
      await backend.pause('b')
      worker.running[0]!.end()
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([1, 3])
    })

    it('run when the one before them has run longer than the limit counts it', async () => {
      const backend = directory.open()
      const brief = (number: number) => numbered(number, { constraints: { limit: { key: 'k', to: 1, duration: 20 } } })
      await backend.add([brief(1), brief(2)])
      const worker = await HeldWorker.start(backend)
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([1, 2])
    })

    it('leave no slot taken after a restart', async () => {
      const first = directory.open()
      await first.add([limited(1), limited(2)])
      const worker = await HeldWorker.start(first)
      await worker.begun(1)
      await first.close()
      const second = directory.open()
      const again = await HeldWorker.start(second)
      await again.begun(1)
      expect(again.numbers).to.deep.equal([1])
      expect(await second.counts()).to.include({ blocked: 1 })
    })

    it('can be taken out while they are blocked', async () => {
      const backend = directory.open()
      const worker = await HeldWorker.start(backend)
      const ids = await backend.add([limited(1), limited(2), limited(3)])
      await worker.begun(1)
      expect(await backend.remove([ids[1]!])).to.equal(1)
      worker.running[0]!.end()
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([1, 3])
    })

    it('are not stored when they are not to wait', async () => {
      const backend = directory.open()
      const dropped = (number: number) =>
        numbered(number, { constraints: { limit: { key: 'k', to: 1, duration: 60_000, conflict: 'discard' } } })
      expect(await backend.add([dropped(1), dropped(2)])).to.deep.equal(['1', null])
      expect(numbersOf(await backend.list('waiting'))).to.deep.equal([1])
    })
  })

  describe('that are unique', () => {
    const unique = (number: number, more: object = {}) =>
      numbered(number, { constraints: { unique: { key: 'k', until: 'executed', conflict: 'discard', ...more } } })

    it('are stored once until they are done, also over a restart', async () => {
      const first = directory.open()
      await first.add([unique(1)])
      await first.close()
      const backend = directory.open()
      expect(await backend.add([unique(2)])).to.deep.equal([null])
      const worker = await HeldWorker.start(backend)
      await worker.begun(1)
      expect(await backend.add([unique(3)])).to.deep.equal([null])
      worker.running[0]!.end()
      while ((await backend.counts()).active > 0) await new Promise(setImmediate)
      expect((await backend.add([unique(4)]))[0]).to.be.a('string')
    })

    it('free their key when they begin, if they are to', async () => {
      const backend = directory.open()
      await backend.add([unique(1, { until: 'executing' })])
      const worker = await HeldWorker.start(backend)
      await worker.begun(1)
      await backend.add([unique(2, { until: 'executing' })])
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([1, 2])
    })

    it('refuse all of a call when one of it is there and an error was asked for', async () => {
      const backend = directory.open()
      await backend.add([unique(1)])
      const refused = await backend.add([numbered(2), unique(3, { conflict: 'raise' })]).catch((error: Error) => error)
      expect(refused).to.be.instanceOf(DuplicateJob)
      expect((refused as Error).message).to.equal('Example is enqueued already, as job 1.')
      expect(await backend.counts()).to.include({ waiting: 1 })
    })

    it('take the place of the one that waits, if they are to', async () => {
      const backend = directory.open()
      await backend.add([unique(1)])
      await backend.add([unique(2, { conflict: 'replace' })])
      expect(numbersOf(await backend.list('waiting'))).to.deep.equal([2])
      expect(await backend.add([unique(3)])).to.deep.equal([null])
    })

    it('take the place of one that was added with them, and run', async () => {
      const backend = directory.open()
      const worker = await HeldWorker.start(backend)
      await backend.add([numbered(0)])
      await worker.begun(1)
      await backend.add([unique(1), unique(2, { conflict: 'replace' })])
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([0, 2])
      expect(await backend.counts()).to.include({ waiting: 0, active: 2 })
    })

    it('give their key up when their time is over', async () => {
      const backend = directory.open()
      await backend.add([unique(1, { for: 1 })])
      const before = Date.now()
      while (Date.now() <= before + 1) await new Promise(setImmediate)
      expect((await backend.add([unique(2)]))[0]).to.be.a('string')
    })
  })

  describe('in a queue', () => {
    it('do not begin while it is paused, also after a restart', async () => {
      const first = directory.open()
      await first.pause('default')
      await first.close()
      const backend = directory.open()
      expect(await backend.paused()).to.deep.equal(['default'])
      const worker = await HeldWorker.start(backend)
      await backend.add([numbered(1), numbered(2, { queue: 'other' })])
      await worker.begun(1)
      expect(worker.numbers).to.deep.equal([2])
      await backend.resume('default')
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([2, 1])
      expect(await backend.paused()).to.deep.equal([])
    })

    it('begin no faster than its limit, also after a restart', async () => {
      const limits = { default: { max: 2, duration: 60_000 } }
      const first = directory.open({ limits })
      await first.add([numbered(1), numbered(2), numbered(3), numbered(4, { queue: 'other' })])
      const worker = await HeldWorker.start(first)
      await worker.begun(3)
      expect(worker.numbers).to.have.members([1, 2, 4])
      for (const { end } of worker.running) end()
      while ((await first.counts()).active > 0) await new Promise(setImmediate)
      await first.close()
      const second = directory.open({ limits })
      const other = await HeldWorker.start(second)
      await second.add([numbered(5, { queue: 'other' })])
      await other.begun(1)
      expect(other.numbers).to.deep.equal([5])
    })

    it('begin when a clock that was far ahead is put right', async () => {
      const { now } = Date
      const limits = { mail: { max: 1, duration: 60_000 } }
      Date.now = () => now() + 365 * 24 * 3600_000
      try {
        const backend = directory.open({ limits })
        await backend.add([numbered(1, { queue: 'mail' }), numbered(2, { queue: 'mail' })])
        const worker = await HeldWorker.start(backend)
        await worker.begun(1)
        worker.running[0]!.end()
        await worker.begun(1)
        await backend.close()
      } finally {
        Date.now = now
      }
      const worker = await HeldWorker.start(directory.open({ limits }))
      await worker.begun(1)
      expect(worker.numbers).to.deep.equal([2])
    })

    it('go on when the time of the limit is over', async () => {
      const backend = directory.open({ limits: { default: { max: 1, duration: 15 } } })
      await backend.add([numbered(1), numbered(2), numbered(3)])
      const worker = await HeldWorker.start(backend)
      await worker.begun(3)
      expect(worker.numbers).to.deep.equal([1, 2, 3])
    })

    it('do not begin while it is paused, however many other queues come and go', async () => {
      const backend = directory.open()
      const [id] = await backend.add([numbered(-1, { queue: 'held' })])
      await backend.pause('held')
      await backend.remove([id!])
      const seen: unknown[] = []
      await backend.process(async ({ data }) => ({ kind: 'completed', result: seen.push(data['number']) }), {
        queues: ['*'],
        concurrency: 5,
      })
      for (let first = 0; first < 500; first += 50) {
        await backend.add(Array.from({ length: 50 }, (_, index) => numbered(first + index, { queue: `tenant-${first + index}` })))
        while (seen.length < first + 50) await new Promise(setImmediate)
      }
      await backend.add([numbered(500, { queue: 'held' }), numbered(501, { queue: 'tenant-0' })])
      while (seen.length < 501) await new Promise(setImmediate)
      expect(seen).to.deep.equal([...Array(500).keys(), 501])
      await backend.resume('held')
      while (seen.length < 502) await new Promise(setImmediate)
      expect(seen.at(-1)).to.equal(500)
    })

    it('come in turn with those of others, by weight', async () => {
      const backend = directory.open()
      const add = (queue: string) => backend.add(Array.from({ length: 200 }, (_, number) => numbered(number, { queue })))
      await Promise.all([add('often'), add('seldom')])
      const order: string[] = []
      await backend.process(
        async ({ queue }) => {
          order.push(queue)
          return { kind: 'completed' }
        },
        { queues: ['often', 'seldom'], weights: { often: 9 }, concurrency: 1 },
      )
      while (order.length < 200) await new Promise(setImmediate)
      const seldom = order.slice(0, 200).filter((queue) => queue === 'seldom').length
      expect(seldom).to.be.within(1, 80)
    })
  })

  describe('when too many wait', () => {
    it('are let in when there is room again', async () => {
      const backend = directory.open({ backPressure: { highWater: 2, lowWater: 1 } })
      await backend.add([numbered(1), numbered(2)])
      let isAdded = false
      const added = backend.add([numbered(3)]).then(() => (isAdded = true))
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
      expect(isAdded).to.equal(false)
      await HeldWorker.start(backend, ['*'], 1)
      await added
    })

    it('are let in when those that wait could run, but for their limit', async () => {
      const backend = directory.open({ backPressure: { highWater: 10, lowWater: 2 } })
      const worker = await HeldWorker.start(backend)
      await backend.add(Array.from({ length: 10 }, (_, number) => limited(number)))
      await backend.add([numbered(10)])
      await worker.begun(2)
      expect(worker.numbers).to.deep.equal([0, 10])
    })

    it('are refused at once when the queue is closed', async () => {
      const backend = directory.open({ backPressure: { highWater: 1, timeout: 3_600_000 } })
      await backend.add([numbered(1)])
      const refusal = backend.add([numbered(2)]).catch((error: Error) => error)
      await backend.close()
      expect(await refusal).to.be.instanceOf(QueueClosed)
    })

    it('are refused when that takes too long', async () => {
      const backend = directory.open({ backPressure: { highWater: 1, timeout: 5 } })
      await backend.add([numbered(1)])
      const refused = await backend.add([numbered(2)]).catch((error: Error) => error)
      expect(refused).to.be.instanceOf(QueueFull)
    })
  })

  describe('declared by their class', () => {
    afterEach(() => useJobBackend(undefined))

    it('are limited by key, group and time', async () => {
      class Sync extends Job {
        static {
          this.limitsConcurrency({ to: 2, key: (accountId) => accountId, duration: minutes(5), group: 'sync' })
        }
        perform(_accountId: number) {}
      }
      const added: NewJob[] = []
      const backend = directory.open()
      const { add } = backend
      backend.add = (entries) => {
        added.push(...entries)
        return add.call(backend, entries)
      }
      useJobBackend(backend)
      await Sync.performLater(7)
      expect(added[0]!.constraints).to.deep.equal({ limit: { key: 'sync/7', to: 2, duration: 300_000 } })
    })

    it('answer false when another of the same arguments is there', async () => {
      class Remind extends Job {
        static {
          this.uniqueFor(minutes(10))
        }
        perform(_id: number) {}
      }
      useJobBackend(directory.open())
      expect(await Remind.performLater(1)).to.be.instanceOf(Remind)
      expect(await Remind.performLater(1)).to.equal(false)
      expect(await Remind.performLater(2)).to.be.instanceOf(Remind)
      expect(await Remind.performBulk([[2], [3]])).to.satisfy((ids: unknown[]) => ids[0] === null && typeof ids[1] === 'string')
    })

    it('are checked when the class is declared', () => {
      class Wrong extends Job {
        perform() {}
      }
      expect(() => Wrong.limitsConcurrency({ to: 0 })).to.throw("Wrong: limitsConcurrency can't have 0 as `to`")
      expect(() => Wrong.uniqueFor(-1)).to.throw("Wrong: unique can't have -1 as `for`")
      expect(() => Wrong.unique({ until: 'never' as 'executed' })).to.throw('can\'t have "never" as `until`')
    })
  })
})
