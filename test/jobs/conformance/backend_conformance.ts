import { expect } from 'chai'
import {
  Job,
  type JobBackend,
  JobRunner,
  type NewJob,
  type Outcome,
  type ReservedJob,
  type RunnableJobClass,
} from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'
import { heldWorker } from '../held_worker.ts'

/** What every job backend must do, as tests: one list for all of them.
 *
 * @param open makes a backend with an empty queue, and what removes it
 */
export function behavesLikeJobBackend(open: () => Promise<{ backend: JobBackend; dispose: () => Promise<void> }>): void {
  let backend: JobBackend
  let dispose: () => Promise<void>

  beforeEach(async () => ({ backend, dispose } = await open()))
  afterEach(() => dispose())

  const job = (number: number, more: Partial<NewJob> = {}): NewJob => ({ queue: 'default', name: 'Example', data: { number }, ...more })

  /** Works until `count` jobs have been handled; answers them in the order in which they began. */
  async function work(
    count: number,
    handle: (job: ReservedJob) => Outcome | Promise<Outcome> = () => ({ kind: 'completed' }),
    options = { queues: ['default'], concurrency: 1 },
  ): Promise<ReservedJob[]> {
    const seen: ReservedJob[] = []
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    const worker = await backend.process(async (reserved) => {
      seen.push(reserved)
      if (seen.length === count) done()
      return handle(reserved)
    }, options)
    await finished
    await worker.stop()
    return seen
  }
  const numbers = (jobs: readonly ReservedJob[]) => jobs.map(({ data }) => data['number'])

  it('hands a job out as it was added', async () => {
    const [id] = await backend.add([job(1, { data: { number: 1, nested: { list: ['é', null, 1.5] } } })])
    const [reserved] = await work(1)
    expect(reserved).to.deep.include({
      id,
      queue: 'default',
      name: 'Example',
      attempt: 1,
      data: { number: 1, nested: { list: ['é', null, 1.5] } },
    })
  })

  it('runs the jobs of a queue in the order they came', async () => {
    await backend.add([job(1), job(2)])
    await backend.add([job(3)])
    expect(numbers(await work(3))).to.deep.equal([1, 2, 3])
  })

  it('answers an id for each job, all different', async () => {
    const ids = await backend.add([job(1), job(2), job(3)])
    expect(new Set(ids)).to.have.property('size', 3)
  })

  it('adds nothing when given nothing', async () => {
    expect(await backend.add([])).to.deep.equal([])
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0 })
  })

  it('runs smaller priorities first, jobs without one before those with a positive one', async () => {
    await backend.add([job(1, { priority: 20 }), job(2, { priority: 10 }), job(3), job(4, { priority: 10 })])
    // Of jobs that take no time, two of BullMQ's on PostgreSQL are fetched at once, and arrive in any order.
    const handle = async (): Promise<Outcome> => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { kind: 'completed' }
    }
    expect(numbers(await work(4, handle))).to.deep.equal([3, 2, 4, 1])
  })

  it('lets a negative priority overtake', async () => {
    await backend.add([job(1), job(2, { priority: -5 })])
    expect(numbers(await work(2))).to.deep.equal([2, 1])
  })

  it('keeps a delayed job until its time', async () => {
    await backend.counts()
    const runAt = Date.now() + 600
    await backend.add([job(1, { runAt }), job(2)])
    expect(await backend.counts()).to.include({ waiting: 1, delayed: 1 })
    const startedAt: number[] = []
    const seen = await work(2, () => {
      startedAt.push(Date.now())
      return { kind: 'completed' }
    })
    expect(numbers(seen)).to.deep.equal([2, 1])
    expect(startedAt[1]).to.be.at.least(runAt)
  })

  it('runs a job whose time has passed at once', async () => {
    await backend.add([job(1, { runAt: Date.now() - 1000 })])
    expect(numbers(await work(1))).to.deep.equal([1])
  })

  it('keeps queues apart', async () => {
    await backend.add([job(1, { queue: 'mailers' }), job(2)])
    expect(numbers(await work(1))).to.deep.equal([2])
    expect(await backend.counts()).to.include({ waiting: 1 })
    expect(numbers(await work(1, undefined, { queues: ['mailers'], concurrency: 1 }))).to.deep.equal([1])
  })

  it('works on all queues when told so', async () => {
    await backend.add([job(1, { queue: 'mailers' }), job(2), job(3, { queue: 'reports' })])
    expect(numbers(await work(3, undefined, { queues: ['*'], concurrency: 1 }))).to.have.members([1, 2, 3])
  })

  it('runs as many jobs at a time as allowed, and no more', async () => {
    await backend.add([1, 2, 3, 4, 5, 6].map((number) => job(number)))
    let running = 0
    let most = 0
    const waiting: (() => void)[] = []
    const handle = async (): Promise<Outcome> => {
      most = Math.max(most, ++running)
      if (running === 3) for (const resolve of waiting.splice(0)) resolve()
      else if (waiting.length < 2 && most < 3) await new Promise<void>((resolve) => waiting.push(resolve))
      running--
      return { kind: 'completed' }
    }
    await work(6, handle, { queues: ['default'], concurrency: 3 })
    expect(most).to.equal(3)
  })

  it('runs a job again that is to be retried, with its new data', async () => {
    await backend.add([job(1)])
    const seen = await work(2, ({ attempt, data }) =>
      attempt === 1
        ? { kind: 'retry', data: { ...data, again: true }, queue: 'default', priority: 0, runAt: Date.now() + 20 }
        : { kind: 'completed' },
    )
    expect(seen.map(({ attempt }) => attempt)).to.deep.equal([1, 2])
    expect(seen[1]!.data).to.deep.equal({ number: 1, again: true })
    expect(seen[1]!.id).to.equal(seen[0]!.id)
  })

  it('moves a job to another queue and priority for its retry', async () => {
    await backend.add([job(1)])
    const retry: Outcome = { kind: 'retry', data: { number: 1 }, queue: 'retries', priority: 9, runAt: 0 }
    await work(1, () => retry)
    const [again] = await work(1, undefined, { queues: ['retries'], concurrency: 1 })
    expect(again).to.deep.include({ queue: 'retries', priority: 9 })
  })

  it('keeps a failed job with its error', async () => {
    const [id] = await backend.add([job(1)])
    await work(1, () => ({ kind: 'failed', error: { name: 'TypeError', message: 'no such thing' } }))
    const [failed] = await backend.list('failed')
    expect(failed).to.deep.include({ id, state: 'failed', attempts: 1, name: 'Example' })
    expect(failed!.error).to.include({ name: 'TypeError', message: 'no such thing' })
    expect(await backend.counts()).to.include({ failed: 1, waiting: 0, active: 0 })
  })

  it('takes a handler that throws for a failure', async () => {
    await backend.add([job(1)])
    await work(1, () => {
      throw new RangeError('broken')
    })
    expect((await backend.list('failed'))[0]!.error).to.include({ name: 'RangeError', message: 'broken' })
  })

  it('runs a failed job again on request, its counters forgotten', async () => {
    const [id] = await backend.add([job(1, { data: { number: 1, executions: 4, exception_executions: { '[E]': 4 } } })])
    await work(1, () => ({ kind: 'failed', error: { name: 'Error', message: 'no' } }))
    expect(await backend.retry([id!, 'unknown'])).to.equal(1)
    const [again] = await work(1)
    expect(again!.data).to.deep.equal({ number: 1 })
    expect(await backend.counts()).to.include({ failed: 0 })
  })

  it('parks a job whose class nobody has, with a hint, and runs it when the class is there', async () => {
    const ran: number[] = []
    class Example extends Job {
      perform(number: number) {
        ran.push(number)
      }
    }
    class Exemple extends Example {}
    const runUntil = async (classes: RunnableJobClass[], isDone: () => boolean | Promise<boolean>) => {
      const runner = new JobRunner(backend, { classes, logger: collectingLogger([]) })
      await runner.start()
      while (!(await isDone())) await new Promise(setImmediate)
      await runner.stop()
    }
    await backend.add([job(1, { data: { job_id: 'one', arguments: [1] } })])
    await runUntil([Exemple], async () => (await backend.counts()).failed === 1)
    const [parked] = await backend.list('failed')
    expect(parked!.error!.name).to.equal('UnknownJobClass')
    expect(parked!.error!.message).to.match(/class `Example` doesn't exist.*Exemple.*The job is kept/)
    await runUntil([Exemple, Example], () => ran.length === 1)
    expect(ran).to.deep.equal([1])
    expect(await backend.counts()).to.include({ failed: 0, waiting: 0, active: 0 })
  })

  it('forgets completed and discarded jobs', async () => {
    await backend.add([job(1), job(2)])
    await work(2, ({ data }) => (data['number'] === 1 ? { kind: 'completed' } : { kind: 'discarded' }))
    expect(await backend.counts()).to.include({ waiting: 0, active: 0, completed: 0, failed: 0 })
  })

  it('removes jobs that are not running', async () => {
    const ids = await backend.add([job(1), job(2, { runAt: Date.now() + 3_600_000 }), job(3)])
    expect(await backend.remove([ids[0]!, ids[1]!])).to.equal(2)
    expect(numbers(await work(1))).to.deep.equal([3])
    expect(await backend.counts()).to.include({ waiting: 0, delayed: 0 })
  })

  it('lists waiting and delayed jobs, page by page', async () => {
    await backend.add([job(1), job(2), job(3), job(4, { runAt: Date.now() + 3_600_000 })])
    const page = await backend.list('waiting', { offset: 1, limit: 1 })
    expect(page.map(({ data }) => data['number'])).to.deep.equal([2])
    expect((await backend.list('delayed'))[0]).to.deep.include({ state: 'delayed', data: { number: 4 } })
  })

  it('ignores a job whose id is there already', async () => {
    const [first] = await backend.add([job(1, { id: 'welcome-7' })])
    const [second] = await backend.add([job(2, { id: 'welcome-7' })])
    expect([first, second]).to.deep.equal(['welcome-7', 'welcome-7'])
    expect(numbers(await work(1))).to.deep.equal([1])
    expect(await backend.counts()).to.include({ waiting: 0 })
  })

  it('waits for running jobs when it stops, and takes no more', async () => {
    await backend.add([job(1), job(2)])
    const { worker, release } = await heldWorker(backend)
    const stopped = worker.stop()
    release()
    expect(await stopped).to.deep.equal({ unfinished: 0 })
    expect(await backend.counts()).to.include({ waiting: 1, active: 0 })
  })

  it('says how many jobs still run when it can wait no longer', async () => {
    await backend.add([job(1)])
    const { worker, release } = await heldWorker(backend)
    expect(await worker.stop({ timeout: 1 })).to.deep.equal({ unfinished: 1 })
    release()
  })
}
