import { AssertionError } from 'node:assert'
import { expect } from 'chai'
import { Job, minutes, NoJobBackend } from 'regauge'
import { type TestApplication, type TestJobs, testApplication, testJobs } from 'regauge/testing'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { useRecordLocator } from '../../src/jobs/index.ts'
import { rejection } from '../model/rejection.ts'

let ran: unknown[] = []

class Busy extends Error {}

class Remind extends Job {
  static {
    this.queueAs('mailers')
  }

  perform(userId: number, options: { urgent?: boolean } = {}) {
    ran.push([userId, options])
  }
}

class Archive extends Job {
  static {
    this.retryOn(Busy, { wait: minutes(5), attempts: 3, jitter: 0 })
  }

  async perform(what: string) {
    ran.push(`${what} ${this.executions}`)
    if (what === 'never') throw new Busy('busy')
    if (what === 'broken') throw new RangeError('broken')
    if (what === 'again') {
      await this.retryJob({ wait: minutes(1) })
      throw new RangeError('no answer')
    }
    if (what === 'all') await Remind.performLater(1)
  }
}

class Rebuild extends Job {
  static {
    this.unique()
  }

  async perform() {
    ran.push(await Rebuild.performLater())
  }
}

class Import extends Job {
  static {
    this.retryOn(Busy, { attempts: 3 })
    this.discardOn(SyntaxError)
  }

  perform(row: string) {
    if (row === 'busy' && this.executions === 1) throw new Busy('busy')
    if (row === 'gone') throw new SyntaxError('gone')
    if (row === 'broken') throw new RangeError('broken')
    return { row }
  }
}

class Summary extends Job {
  static {
    this.retryOn(Busy)
  }

  async perform(id: number) {
    if (id === 0 && this.executions === 1) throw new Busy('busy')
    const children = await this.children()
    ran.push(id, ...children.map(({ name, state, result, error }) => [name, state, result ?? error?.message]))
  }
}

describe('the jobs of a test', () => {
  let jobs: TestJobs
  beforeEach(() => {
    ran = []
    jobs = testJobs({ classes: [Remind, Archive, Rebuild, Import, Summary] })
  })
  afterEach(() => jobs.stop())

  it('stay enqueued, in the order they were', async () => {
    const at = new Date(Date.now() + 60_000)
    await Remind.set({ waitUntil: at, priority: 3 }).performLater(1)
    await Remind.performLater(2, { urgent: true })
    const [first, second] = await jobs.enqueuedJobs()
    expect(first).to.include({ job: 'Remind', queue: 'mailers', priority: 3 })
    expect(first!.at).to.deep.equal(at)
    expect(second).to.deep.include({ job: 'Remind', args: [2, { urgent: true }], at: undefined })
    expect(ran).to.deep.equal([])
  })

  describe('assertEnqueuedWith', () => {
    it('finds a job by class, arguments, queue, priority and time', async () => {
      await Remind.set({ wait: minutes(5), priority: 7 }).performLater(42, { urgent: true })
      const at = new Date(Date.now() + 300_000)
      const found = await jobs.assertEnqueuedWith({ job: Remind, args: [42, { urgent: true }], queue: 'mailers', priority: 7, at })
      expect(found.args).to.deep.equal([42, { urgent: true }])
      await jobs.assertEnqueuedWith({ job: Remind, args: (userId) => userId > 40 })
      await Remind.performLater(1, Object.assign(Object.create(null), { urgent: false }))
      await jobs.assertEnqueuedWith({ job: Remind, args: [1, { urgent: false }] })
      for (const other of [{ args: [43] as [number] }, { queue: 'default' }, { priority: 1 }, { at: new Date() }]) {
        await rejection(jobs.assertEnqueuedWith({ job: Remind, ...other }), AssertionError)
      }
      await rejection(jobs.assertEnqueuedWith({ job: Archive }), AssertionError)
    })

    it('looks only at what the work enqueues, where there is some', async () => {
      await Remind.performLater(1)
      await jobs.assertEnqueuedWith({ job: Remind, args: [2] }, () => Remind.performLater(2))
      await rejection(
        jobs.assertEnqueuedWith({ job: Remind, args: [1] }, () => Remind.performLater(3)),
        AssertionError,
      )
    })

    it('finds a job whose record is gone, with what is stored of it', async () => {
      const record = new Map()
      const locate = () => Promise.reject(new Error('there is no order 7'))
      useRecordLocator({ identify: (value) => (value === record ? 'gid://shop/Order/7' : undefined), locate })
      try {
        await Remind.performLater(record as never)
        const found = await jobs.assertEnqueuedWith({ job: Remind, args: [record as never] })
        expect(found.args).to.deep.equal([{ _aj_globalid: 'gid://shop/Order/7' }])
        expect(await jobs.enqueuedJobs()).to.deep.equal([found])
      } finally {
        useRecordLocator(undefined)
      }
    })

    it('shows what is enqueued when it finds none', async () => {
      expect((await rejection(jobs.assertEnqueuedWith({ job: Remind }), AssertionError)).message).to.equal(
        'No enqueued job is Remind. None is enqueued.',
      )
      await Remind.performLater(1, { urgent: true })
      const error = await rejection(jobs.assertEnqueuedWith({ job: Remind, args: [2], queue: 'slow' }), AssertionError)
      expect(error.message).to.equal(
        'No enqueued job is Remind(2) queue: "slow". Enqueued are:\n  Remind(1, {"urgent":true}) queue: "mailers"',
      )
    })
  })

  it('are counted by class and queue', async () => {
    await Remind.performLater(1)
    await Archive.set({ queue: 'slow' }).performLater('all')
    await jobs.assertEnqueuedJobs(2)
    await jobs.assertEnqueuedJobs(1, { only: Remind })
    await jobs.assertEnqueuedJobs(2, { only: [Remind, Archive] })
    await jobs.assertEnqueuedJobs(1, { except: Remind })
    await jobs.assertNoEnqueuedJobs({ only: Archive, queue: 'default' })
    await jobs.assertNoEnqueuedJobs({ only: Remind }, () => Archive.performLater('more'))
    const error = await rejection(jobs.assertNoEnqueuedJobs({ queue: 'slow' }), AssertionError)
    expect(error.message).to.equal('0 jobs expected, but 1 is enqueued.\n  Archive("all") queue: "slow"')
  })

  it('are the way out that the error about a missing queue names', async () => {
    await jobs.stop()
    const error = await rejection(Remind.performLater(1), NoJobBackend)
    expect(error.hint).to.contain('testJobs()')
  })

  it('are forgotten', async () => {
    await Remind.performLater(1)
    await Archive.performLater('all')
    await jobs.clearEnqueuedJobs({ only: Remind })
    await jobs.assertEnqueuedJobs(1)
    await jobs.clearEnqueuedJobs()
    await jobs.assertNoEnqueuedJobs()
  })

  describe('performEnqueuedJobs', () => {
    it('performs each once, those for later too; what they enqueue stays', async () => {
      await Archive.set({ wait: minutes(5) }).performLater('all')
      const performed = await jobs.performEnqueuedJobs()
      expect(performed.map((job) => [job.constructor, job.arguments])).to.deep.equal([[Archive, ['all']]])
      expect(ran).to.deep.equal(['all 1'])
      await jobs.assertEnqueuedJobs(1, { only: Remind })
    })

    it('performs those of a class, of a queue, or that are due at a time', async () => {
      await Remind.performLater(1)
      await Remind.set({ wait: minutes(5) }).performLater(2)
      await Archive.performLater('some')
      await jobs.performEnqueuedJobs({ only: Archive })
      await jobs.performEnqueuedJobs({ queue: 'none' })
      await jobs.performEnqueuedJobs({ at: new Date() })
      expect(ran).to.deep.equal(['some 1', [1, {}]])
      await jobs.assertEnqueuedWith({ job: Remind, args: [2] })
    })

    it('leaves what is tried again enqueued', async () => {
      await Archive.performLater('never')
      await jobs.performEnqueuedJobs()
      await jobs.assertEnqueuedWith({ job: Archive, args: ['never'], at: new Date(Date.now() + 300_000) })
      await jobs.performEnqueuedJobs()
      expect(ran).to.deep.equal(['never 1', 'never 2'])
      await jobs.assertEnqueuedJobs(1)
    })

    it('throws what a job fails with', async () => {
      await Archive.performLater('broken')
      await Remind.performLater(1)
      await rejection(jobs.performEnqueuedJobs(), RangeError)
      await jobs.assertEnqueuedJobs(1, { only: Remind })
    })

    it('leaves one enqueued that asked to run again before it failed', async () => {
      await Archive.performLater('again')
      await rejection(jobs.performEnqueuedJobs(), RangeError)
      await jobs.assertEnqueuedWith({ job: Archive, args: ['again'], at: new Date(Date.now() + 60_000) })
    })

    it('names a class that it was not told', async () => {
      class Unknown extends Job {
        perform() {}
      }
      await Unknown.performLater()
      const error = await rejection(jobs.performEnqueuedJobs(), AssertionError)
      expect(error.message).to.equal(
        "Unknown can't be performed: say testJobs({ classes: [Remind, Archive, Rebuild, Import, Summary, Unknown] }).",
      )
      await jobs.assertEnqueuedJobs(1, { only: Unknown })
    })

    it('keeps a job out that is enqueued while the same one runs', async () => {
      await Rebuild.performLater()
      await jobs.performEnqueuedJobs()
      expect(ran).to.deep.equal([false])
      await jobs.assertNoEnqueuedJobs()
    })
  })

  describe('that wait for others', () => {
    const enqueue = (...rows: string[]) => summarize(7, rows)
    const summarize = (id: number, rows: string[]) =>
      new Summary(id)
        .after(
          rows.map((row) => new Import(row)),
          { onFailure: 'run' },
        )
        .enqueue()

    it('are among the enqueued ones', async () => {
      await enqueue('a')
      await jobs.assertEnqueuedWith({ job: Summary, args: [7] })
      await jobs.clearEnqueuedJobs()
      await jobs.assertNoEnqueuedJobs()
    })

    it('are performed behind them, and asked what became of these', async () => {
      await enqueue('a', 'gone')
      expect((await jobs.performEnqueuedJobs()).map((job) => job.constructor.name)).to.deep.equal(['Import', 'Import'])
      expect(ran).to.deep.equal([])
      await jobs.performEnqueuedJobs()
      expect(ran).to.deep.equal([7, ['Import', 'completed', { row: 'a' }], ['Import', 'discarded', undefined]])
    })

    it('wait for those that are tried again', async () => {
      await enqueue('busy', 'a')
      await jobs.performEnqueuedJobs()
      await jobs.performEnqueuedJobs()
      expect(ran).to.deep.equal([])
      await jobs.drain()
      expect(ran).to.deep.equal([7, ['Import', 'completed', { row: 'a' }], ['Import', 'completed', { row: 'busy' }]])
    })

    it('know what became of them when they are tried again themselves', async () => {
      await summarize(0, ['a'])
      await jobs.drain()
      expect(ran).to.deep.equal([0, ['Import', 'completed', { row: 'a' }]])
    })

    it('know what failed', async () => {
      await enqueue('broken')
      await rejection(jobs.performEnqueuedJobs(), RangeError)
      await jobs.drain()
      expect(ran).to.deep.equal([7, ['Import', 'failed', 'broken']])
    })
  })

  describe('drain', () => {
    it('performs until none is left', async () => {
      await Archive.performLater('all')
      const performed = await jobs.drain()
      expect(performed.map((job) => job.constructor)).to.deep.equal([Archive, Remind])
    })

    it('tries again at once, and throws when the attempts are used up', async () => {
      await Archive.performLater('never')
      await rejection(jobs.drain(), Busy)
      expect(ran).to.deep.equal(['never 1', 'never 2', 'never 3'])
    })

    it('ends when jobs would go on for ever', async () => {
      class Endless extends Job {
        async perform() {
          await Endless.performLater()
        }
      }
      const endless = testJobs({ classes: [Endless] })
      await Endless.performLater()
      const error = await rejection(endless.drain(), AssertionError)
      expect(error.message).to.equal('After 1000 rounds there are still jobs to perform: Endless() queue: "default"')
      await endless.stop()
    })
  })
})

describe('the jobs of an application under test', () => {
  let application: TestApplication
  afterEach(async () => {
    await application.stop()
    removeFolders()
  })

  it('stay enqueued where it holds them, those of deferred subscribers too', async () => {
    application = await testApplication({ root: ordersWith(), holdsJobs: true })
    const headers = { 'x-api-key': 'secret' }
    const response = await application.post('/orders', { headers, json: { order: { amount: 2, product_id: 7 } } })
    const { id } = (await response.json()) as { id: number }
    const [confirmation, delivery] = await application.jobs.enqueuedJobs()
    expect(confirmation).to.deep.include({ job: 'SendOrderConfirmation', args: [id], queue: 'mailers' })
    expect(delivery).to.include({ job: 'DeliverEvent' })
    await application.jobs.performEnqueuedJobs()
    await application.jobs.assertNoEnqueuedJobs()
    const order = (await (await application.get(`/orders/${id}`, { headers })).json()) as { confirmed_at: string | null }
    expect(order.confirmed_at).to.be.a('string')
  })

  it("can't be asserted where they run by themselves", async () => {
    application = await testApplication({ root: ordersWith() })
    const error = await rejection(application.jobs.assertNoEnqueuedJobs(), AssertionError)
    expect(error.message).to.contain('testApplication({ root, holdsJobs: true })')
  })
})
