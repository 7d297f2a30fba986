import { expect } from 'chai'
import { DuplicateJob, type JobBackend, type JobConstraints, type NewJob, type ReservedJob } from '../../../src/jobs/index.ts'
import { timePasses } from '../../clock.ts'

/** What limits, unique keys, pausing, precedence and schedules mean on every job backend, as tests: one list for all of them.
 *
 * @param open makes a backend with an empty queue, and what removes it
 */
export function behavesLikeConstrainedBackend(
  open: (options?: object) => Promise<{ backend: JobBackend; dispose: () => Promise<void> }>,
): void {
  let backend: JobBackend
  let dispose: () => Promise<void>

  beforeEach(async () => ({ backend, dispose } = await open()))
  afterEach(() => dispose())

  const job = (number: number, constraints?: JobConstraints, more: Partial<NewJob> = {}): NewJob => ({
    queue: 'default',
    name: 'Example',
    data: { number },
    ...(constraints && { constraints }),
    ...more,
  })
  const limit = (to: number, more: object = {}) => ({ limit: { key: 'account/1', to, duration: 60_000, ...more } })
  const unique = (more: object = {}) =>
    ({ unique: { key: 'Example/1', until: 'executed', conflict: 'discard', ...more } }) as JobConstraints

  /** Begins to work; each job runs until the test ends it by its number. */
  async function begin(queues = ['default'], concurrency = 10) {
    const running = new Map<number, (outcome?: 'failed') => void>()
    const started: number[] = []
    const endAll: (() => void)[] = []
    const watchers: (() => void)[] = []
    const changed = () => {
      for (const look of watchers) look()
    }
    const worker = await backend.process(
      async ({ data }: ReservedJob) => {
        const number = data['number'] as number
        started.push(number)
        const outcome = await new Promise<'failed' | undefined>((resolve) => {
          running.set(number, resolve)
          endAll.push(() => resolve(undefined))
          changed()
        })
        running.delete(number)
        return outcome === 'failed' ? { kind: 'failed', error: { name: 'Error', message: 'no' } } : { kind: 'completed' }
      },
      { queues, concurrency },
    )
    const until = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (condition()) resolve()
        }
        watchers.push(look)
        look()
      })
    return {
      started,
      running,
      starts: (count: number) => until(() => started.length >= count),
      end: (number: number, outcome?: 'failed') => running.get(number)!(outcome),
      stop: async () => {
        const stopped = worker.stop()
        for (const end of endAll) end()
        await stopped
      },
    }
  }

  /** Waits until nothing is there but what has failed. */
  async function empty() {
    for (;;) {
      const { waiting, prioritized, delayed, active, blocked } = await backend.counts()
      if (waiting + prioritized + delayed + active + blocked === 0) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('runs no more jobs of a key at a time than its limit, and all of them in the end', async () => {
    await backend.add([1, 2, 3, 4, 5].map((number) => job(number, limit(2))))
    const work = await begin()
    for (let done = 0; done < 5; done++) {
      await work.starts(Math.min(5, done + 2))
      expect(work.running.size).to.be.at.most(2)
      work.end([...work.running.keys()][0]!)
    }
    await empty()
    expect(work.started.toSorted()).to.deep.equal([1, 2, 3, 4, 5])
    await work.stop()
  })

  it('counts the attempts of a job that a limit held back by when it ran', async () => {
    await backend.add([job(1, limit(1)), job(2, limit(1))])
    const attempts: number[] = []
    let release = () => {}
    let first = () => {}
    const isFirst = new Promise<void>((resolve) => (first = resolve))
    const worker = await backend.process(
      async ({ attempt }) => {
        attempts.push(attempt)
        if (attempts.length === 1) {
          first()
          await new Promise<void>((resolve) => (release = resolve))
        }
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 5 },
    )
    await isFirst
    while ((await backend.counts()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    release()
    await empty()
    expect(attempts).to.deep.equal([1, 1])
    await worker.stop()
  })

  it('does not count jobs of other keys', async () => {
    await backend.add([job(1, limit(1)), job(2, { limit: { key: 'account/2', to: 1, duration: 60_000 } }), job(3)])
    const work = await begin()
    await work.starts(3)
    await work.stop()
  })

  it('does not store a job beyond a limit that discards', async () => {
    const discarding = limit(1, { conflict: 'discard' })
    expect((await backend.add([job(1, discarding)]))[0]).to.be.a('string')
    expect(await backend.add([job(2, discarding)])).to.deep.equal([null])
    const work = await begin()
    await work.starts(1)
    work.end(1)
    await empty()
    expect((await backend.add([job(3, discarding)]))[0]).to.be.a('string')
    await work.starts(2)
    await work.stop()
    expect(work.started).to.deep.equal([1, 3])
  })

  it('lets a limit expire, so that a job that hangs does not hold up the others', async () => {
    await backend.add([job(1, limit(1, { duration: 100 })), job(2, limit(1, { duration: 100 }))])
    const work = await begin()
    await work.starts(2)
    expect([...work.running.keys()].toSorted()).to.deep.equal([1, 2])
    await work.stop()
  })

  it('stores one job of a unique key until it is done', async () => {
    const [first] = await backend.add([job(1, unique())])
    expect(first).to.be.a('string')
    expect(await backend.add([job(2, unique()), job(3)])).to.satisfy(([second, third]: unknown[]) => second === null && third !== null)
    const work = await begin()
    await work.starts(2)
    expect(await backend.add([job(4, unique())])).to.deep.equal([null])
    work.end(1)
    work.end(3)
    await empty()
    expect((await backend.add([job(5, unique())]))[0]).to.be.a('string')
    await work.starts(3)
    await work.stop()
    expect(work.started.toSorted()).to.deep.equal([1, 3, 5])
  })

  it('frees a key when the job begins, if it is unique until then', async () => {
    const executing = unique({ until: 'executing' })
    await backend.add([job(1, executing)])
    const work = await begin()
    await work.starts(1)
    expect((await backend.add([job(2, executing)]))[0]).to.be.a('string')
    await work.starts(2)
    await work.stop()
  })

  it('frees a key when the job fails, or is removed', async () => {
    await backend.add([job(1, unique())])
    const work = await begin()
    await work.starts(1)
    work.end(1, 'failed')
    await empty()
    await work.stop()
    const [second] = await backend.add([job(2, unique())])
    expect(second).to.be.a('string')
    expect(await backend.remove([second!])).to.equal(1)
    expect((await backend.add([job(3, unique())]))[0]).to.be.a('string')
  })

  it('frees a key after its time', async () => {
    const brief = unique({ for: 20 })
    await backend.add([job(1, brief)])
    await timePasses(20)
    expect((await backend.add([job(2, brief)]))[0]).to.be.a('string')
    expect(await backend.counts()).to.include({ waiting: 2 })
  })

  it('refuses a second job of a key, and those that came with it, when asked to raise', async () => {
    const [first] = await backend.add([job(1, unique({ conflict: 'raise' }))])
    const error = await backend.add([job(2), job(3, unique({ conflict: 'raise' }))]).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(DuplicateJob)
    expect((error as Error).message).to.include(first!)
    expect(await backend.counts()).to.include({ waiting: 1 })
  })

  it('puts a job in the place of the one that waits when asked to replace', async () => {
    const replacing = unique({ conflict: 'replace' })
    await backend.add([job(1, replacing)])
    expect((await backend.add([job(2, replacing)]))[0]).to.be.a('string')
    expect((await backend.list('waiting')).map(({ data }) => data['number'])).to.deep.equal([2])
  })

  it('begins no jobs of a queue that is paused, until it is resumed', async () => {
    await backend.pause!('default')
    expect(await backend.paused!()).to.deep.equal(['default'])
    await backend.add([job(1), job(2, undefined, { queue: 'other' })])
    const work = await begin(['default', 'other'])
    await work.starts(1)
    expect(work.started).to.deep.equal([2])
    expect((await backend.list('waiting')).map(({ data }) => data['number'])).to.deep.equal([1])
    await backend.resume!('default')
    await work.starts(2)
    expect(await backend.paused!()).to.deep.equal([])
    await work.stop()
  })

  it('takes from several queues in their order', async () => {
    await backend.add([job(0, undefined, { queue: 'second' })])
    const work = await begin(['first', 'second', 'third'], 1)
    await work.starts(1)
    await backend.add([1, 2].map((number) => job(number, undefined, { queue: 'third' })))
    await backend.add([3, 4].map((number) => job(number, undefined, { queue: 'first' })))
    await backend.add([5, 6].map((number) => job(number, undefined, { queue: 'second' })))
    for (let done = 1; done <= 6; done++) {
      // A server has told its workers by then what waits.
      await new Promise((resolve) => setTimeout(resolve, 200))
      work.end([...work.running.keys()][0]!)
      await work.starts(done + 1)
    }
    expect(work.started).to.deep.equal([0, 3, 4, 5, 6, 1, 2])
    await work.stop()
  })

  it('finds a job by its id, whatever its state', async () => {
    const [waiting, delayed] = await backend.add([job(1, limit(3)), job(2, undefined, { runAt: Date.now() + 3_600_000 })])
    expect(await backend.find!(waiting!)).to.deep.include({ id: waiting, state: 'waiting', data: { number: 1 }, constraints: limit(3) })
    expect(await backend.find!(delayed!)).to.include({ state: 'delayed' })
    expect(await backend.find!('unknown')).to.equal(undefined)
  })

  it('tells a job that its worker stops, and keeps what the job saves', async () => {
    await backend.add([job(1)])
    let seen: unknown
    let started = () => {}
    const isStarted = new Promise<void>((resolve) => (started = resolve))
    const worker = await backend.process(
      async ({ run, data, attempt }) => {
        if (attempt > 1) {
          seen = data
          return { kind: 'completed' }
        }
        run!.save({ number: 1, step: 2 })
        started()
        while (!run!.isStopping) await new Promise((resolve) => setTimeout(resolve, 5))
        return { kind: 'retry', data: { number: 1, step: 2 }, queue: 'default', priority: 0, runAt: 0 }
      },
      { queues: ['default'], concurrency: 1 },
    )
    await isStarted
    await worker.stop()
    expect(await backend.counts()).to.satisfy(({ waiting, delayed }: { waiting: number; delayed: number }) => waiting + delayed === 1)
    const again = await backend.process(
      async ({ data }) => {
        seen = data
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 1 },
    )
    await empty()
    await again.stop()
    expect(seen).to.deep.equal({ number: 1, step: 2 })
  })

  describe('with recurring jobs', () => {
    const everySecond = (more: Partial<NewJob> = {}) => ({
      key: 'tick',
      schedule: '* * * * * *',
      cron: '* * * * * *',
      timeZone: 'UTC',
      catchUp: 'skip' as const,
      job: job(7, undefined, more),
    })

    it('enqueues them at their times', async () => {
      await backend.schedule!([everySecond()])
      const work = await begin()
      await work.starts(1)
      expect(work.started).to.deep.equal([7])
      // What was enqueued is noted right after the job is there.
      while ((await backend.schedules!())[0]!.lastAt === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
      const [status] = await backend.schedules!()
      expect(status).to.include({ key: 'tick', job: 'Example', queue: 'default', cron: '* * * * * *', timeZone: 'UTC' })
      expect(status!.nextAt).to.be.greaterThan(status!.lastAt!)
      await backend.schedule!([])
      expect(await backend.schedules!()).to.deep.equal([])
      await work.stop()
    })

    it('makes up for one that was missed, when asked to', async () => {
      const daily = { ...everySecond(), cron: '0 0 1 1 *', schedule: '0 0 1 1 *' }
      const yearsAgo = Date.now() - 3 * 365 * 86_400_000
      await backend.schedule!([{ ...daily, catchUp: 'all' }], { tick: { after: yearsAgo } })
      const work = await begin()
      await work.starts(3)
      expect(work.started).to.deep.equal([7, 7, 7])
      await work.stop()
    })

    it('leaves out those whose forerunner is not done, when they may not overlap', async () => {
      const constraints = { unique: { key: 'schedule/tick', until: 'executed' as const, conflict: 'discard' as const } }
      const yearly = { ...everySecond({ constraints }), cron: '0 0 1 1 *', schedule: '0 0 1 1 *', catchUp: 'all' as const }
      const threeYearsAgo = Date.now() - 3 * 365 * 86_400_000
      await backend.schedule!([yearly], { tick: { after: threeYearsAgo } })
      const work = await begin()
      await work.starts(1)
      while ((await backend.schedules!())[0]!.after! <= threeYearsAgo) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(work.started).to.deep.equal([7])
      expect(await backend.counts()).to.include({ waiting: 0, delayed: 0, active: 1 })
      await work.stop()
    })
  })

  it('takes in jobs of another backend as they are, once', async () => {
    const stored = {
      queue: 'default',
      name: 'Example',
      priority: 0,
      createdAt: Date.now() - 5000,
      runAt: undefined,
      finishedAt: undefined,
      error: undefined,
      result: undefined,
    }
    const runAt = Date.now() + 3_600_000
    const jobs = [
      { ...stored, id: 'moved-1', data: { number: 1 }, state: 'waiting' as const, attempts: 0, constraints: unique() },
      { ...stored, id: 'moved-2', data: { number: 2 }, state: 'delayed' as const, attempts: 2, runAt },
      { ...stored, id: 'moved-3', data: { number: 3 }, state: 'prioritized' as const, attempts: 0, priority: 5 },
      {
        ...stored,
        id: 'moved-4',
        data: { number: 4 },
        state: 'failed' as const,
        attempts: 3,
        error: { name: 'TypeError', message: 'no stock' },
      },
    ]
    await backend.pause!('default')
    await backend.adopt!(jobs)
    await backend.adopt!(jobs)
    expect(await backend.counts()).to.include({ delayed: 1, prioritized: 1 })
    expect(await backend.add([job(9, unique())])).to.deep.equal([null])
    const delayed = (await backend.list('delayed'))[0]!
    expect(delayed).to.deep.include({ id: 'moved-2', attempts: 2, data: { number: 2 } })
    expect(delayed.runAt).to.be.within(runAt - 1000, runAt + 1000)
    await backend.resume!('default')
    const work = await begin()
    await work.starts(2)
    while ((await backend.counts()).failed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(work.started.toSorted()).to.deep.equal([1, 3])
    const failed = (await backend.list('failed'))[0]!
    expect(failed).to.deep.include({ id: 'moved-4', queue: 'default', name: 'Example', data: { number: 4 }, attempts: 3 })
    expect(failed.error).to.deep.include({ name: 'TypeError', message: 'no stock' })
    expect(await backend.retry(['moved-4'])).to.equal(1)
    await work.starts(3)
    expect(work.started.toSorted()).to.deep.equal([1, 3, 4])
    await work.stop()
  })
}
