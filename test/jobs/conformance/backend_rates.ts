import { expect } from 'chai'
import type { JobBackend, JobConstraints, NewJob, Outcome, ReservedJob } from '../../../src/jobs/index.ts'

/** A backend with an empty queue. */
interface Opened {
  readonly backend: JobBackend
  readonly dispose: () => Promise<void>
  /** Opens the queue once more, for another process or after it was let go of. */
  readonly again?: (() => Promise<JobBackend>) | undefined
  /** The queue as another process has it at the same time. */
  readonly other?: (() => Promise<JobBackend>) | undefined
}

/** What limits of how many jobs begin in a time mean on every job backend, as tests: one list for all of them. */
export function behavesLikeRateLimitedBackend(open: () => Promise<Opened>): void {
  let opened: Opened
  let backend: JobBackend

  beforeEach(async () => {
    opened = await open()
    backend = opened.backend
  })
  afterEach(() => opened.dispose())

  const rate = (to: number, per = 60_000, key = 'account/1') => ({ key, to, per })
  const job = (number: number, constraints?: JobConstraints, more: Partial<NewJob> = {}): NewJob => ({
    queue: 'default',
    name: 'Example',
    data: { number },
    ...(constraints && { constraints }),
    ...more,
  })
  const done: Outcome = { kind: 'completed' }

  /** Begins to work. */
  async function begin(perform: (job: ReservedJob) => Outcome | Promise<Outcome> = () => done, concurrency = 10, on = backend) {
    const started: number[] = []
    let changed = (): void => {}
    const handler = async (reserved: ReservedJob) => {
      started.push(reserved.data['number'] as number)
      changed()
      return perform(reserved)
    }
    const worker = await on.process(handler, { queues: ['default', 'other'], concurrency })
    const starts = async (count: number) => {
      while (started.length < count) await new Promise<void>((resolve) => (changed = resolve))
    }
    return { started, starts, stop: () => worker.stop() }
  }

  /** Waits until so many jobs are held back, and nothing else is there that could begin. */
  async function held(count: number): Promise<void> {
    for (;;) {
      const { waiting, prioritized, delayed, active, blocked } = await backend.counts()
      if (waiting + prioritized + active === 0 && delayed + blocked === count) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('begins no more jobs of a key in a time than its limit, and holds up no others', async () => {
    await backend.add([1, 2, 3, 4].map((number) => job(number, { rates: [rate(2)] })))
    await backend.add([job(5, { rates: [rate(1, 60_000, 'account/2')] }), job(6)])
    const work = await begin()
    await work.starts(4)
    await held(2)
    expect(work.started.toSorted()).to.deep.equal([1, 2, 5, 6])
    const listed = [...(await backend.list('blocked')), ...(await backend.list('delayed'))]
    expect(listed.map(({ data }) => data['number']).toSorted()).to.deep.equal([3, 4])
    expect(listed[0]!.constraints).to.deep.equal({ rates: [rate(2)] })
    await work.stop()
  })

  it('begins them in their order as soon as the time lets them, and no sooner', async () => {
    const before = Date.now()
    await backend.add([1, 2, 3, 4, 5].map((number) => job(number, { rates: [rate(1, 150)] })))
    const work = await begin()
    await work.starts(5)
    expect(Date.now() - before).to.be.at.least(4 * 150)
    expect(work.started).to.deep.equal([1, 2, 3, 4, 5])
    await work.stop()
  })

  it('counts each attempt of a job', async () => {
    await backend.add([job(1, { rates: [rate(2)] })])
    const attempts: number[] = []
    const work = await begin(({ attempt, data }) => {
      attempts.push(attempt)
      return { kind: 'retry', data, queue: 'default', priority: 0, runAt: 0 }
    })
    await work.starts(2)
    await held(1)
    expect(attempts).to.deep.equal([1, 2])
    await work.stop()
  })

  it('counts the attempts of a job that was held back by when it ran', async () => {
    await backend.add([1, 2, 3].map((number) => job(number, { rates: [rate(1, 100)] })))
    const attempts: number[] = []
    const work = await begin(({ attempt }) => {
      attempts.push(attempt)
      return done
    })
    await work.starts(3)
    expect(attempts).to.deep.equal([1, 1, 1])
    await work.stop()
  })

  it('keeps several limits of a job, by its key and for all', async () => {
    const rates = (account: number) => [rate(2, 60_000, `account/${account}`), rate(3, 60_000, 'all')]
    await backend.add([1, 1, 1, 2, 2, 3].map((account, index) => job(index + 1, { rates: rates(account) })))
    const work = await begin(() => done, 1)
    await work.starts(3)
    await held(3)
    expect(work.started.toSorted()).to.deep.equal([1, 2, 4])
    await work.stop()
  })

  it('keeps a limit of how many run as well', async () => {
    const constraints = { limit: { key: 'account/1', to: 1, duration: 60_000 }, rates: [rate(3)] }
    await backend.add([1, 2, 3, 4, 5].map((number) => job(number, constraints)))
    let running = 0
    let most = 0
    const work = await begin(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
      return done
    })
    await work.starts(3)
    await held(2)
    expect(most).to.equal(1)
    expect(work.started).to.have.lengthOf(3)
    await work.stop()
  })

  it('keeps jobs unique that it holds back', async () => {
    const unique = { key: 'Example/1', until: 'executing', conflict: 'discard' } as const
    await backend.add([job(1, { rates: [rate(1)] })])
    const work = await begin()
    await work.starts(1)
    await backend.add([job(2, { unique, rates: [rate(1)] })])
    await held(1)
    expect(await backend.add([job(3, { unique, rates: [rate(1)] })])).to.deep.equal([null])
    await work.stop()
  })

  it('begins those behind one that was taken out', async () => {
    const ids = await backend.add([1, 2, 3].map((number) => job(number, { rates: [rate(1, 300)] })))
    const work = await begin()
    await work.starts(1)
    await held(2)
    expect(await backend.remove([ids[1]!])).to.equal(1)
    await work.starts(2)
    expect(work.started).to.deep.equal([1, 3])
    await work.stop()
  })

  it('begins those behind one in a queue that is paused', async () => {
    await backend.add([job(1, { rates: [rate(1, 300)] })])
    const work = await begin()
    await work.starts(1)
    await backend.add([job(2, { rates: [rate(1, 300)] }, { queue: 'other' })])
    await held(1)
    await backend.pause!('other')
    await backend.add([job(3, { rates: [rate(1, 300)] })])
    await work.starts(2)
    expect(work.started).to.deep.equal([1, 3])
    await backend.resume!('other')
    await work.starts(3)
    await work.stop()
  })

  it('counts what all processes begin', async function () {
    if (opened.other === undefined) this.skip()
    const works = [await begin(), await begin(() => done, 10, await opened.other())]
    await backend.add(Array.from({ length: 12 }, (_, number) => job(number, { rates: [rate(5)] })))
    await held(7)
    expect(works.flatMap(({ started }) => started)).to.have.lengthOf(5)
    for (const work of works) await work.stop()
  })

  it('remembers what has begun when the queue is opened again', async function () {
    if (opened.again === undefined) this.skip()
    await backend.add([job(1, { rates: [rate(2)] }), job(2, { rates: [rate(2)] })])
    const first = await begin()
    await first.starts(2)
    await held(0)
    await first.stop()
    backend = await opened.again()
    await backend.add([job(3, { rates: [rate(2)] }), job(4)])
    const second = await begin()
    await second.starts(1)
    await held(1)
    expect(second.started).to.deep.equal([4])
    await second.stop()
  })
}
