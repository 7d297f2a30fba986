import { expect } from 'chai'
import { EmbeddedBackend, type JobBackend, moveJobs, type NewJob, planMove, type StayingFamily } from '../../../src/jobs/index.ts'
import { expectEqualFamilies, expectFamilies, expectNone, fillEqualFamilies, fillFamilies } from './moved_family_jobs.ts'
import { expectFilled, fill, memoryOfMove, moveDyingAtEachCall, yearly } from './moved_jobs.ts'
import { heldWorker } from '../held_worker.ts'

describe('moving jobs from one backend to another', () => {
  let source: EmbeddedBackend
  let target: EmbeddedBackend
  const from = () => ({ name: 'embedded', backend: source })
  const to = () => ({ name: 'bullmq', backend: target })
  beforeEach(() => {
    source = new EmbeddedBackend({ durability: 'memory' })
    target = new EmbeddedBackend({ durability: 'memory' })
  })
  afterEach(async () => {
    await source.close()
    await target.close()
  })

  it('moves waiting, prioritised, delayed and failed jobs, pauses and schedules', async () => {
    await fill(source, 3)
    const progress: number[][] = []
    const onProgress = (moved: number, total: number) => void progress.push([moved, total])
    const report = await moveJobs({ from: from(), to: to(), memory: memoryOfMove(), recurring: [yearly], onProgress })
    expect(report).to.deep.equal({
      from: 'embedded',
      to: 'bullmq',
      moved: { failed: 3, delayed: 3, blocked: 0, prioritized: 3, waiting: 6, 'waiting-children': 0 },
      schedules: 1,
      paused: ['stopped'],
      running: 0,
    })
    expect(progress.at(-1)).to.deep.equal([15, 15])
    expect(await source.counts()).to.include({ waiting: 0, delayed: 0, failed: 0, prioritized: 0 })
    expect((await target.schedules())[0]).to.include({ key: 'yearly', lastAt: 1_767_225_600_000 })
    expect(await source.schedules()).to.deep.equal([])
    await expectFilled(target, 3)
  })

  for (const isCarriedOut of [false, true]) {
    it(`loses and doubles nothing when its process dies ${isCarriedOut ? 'right after' : 'before'} any of its calls and it is begun again`, async () => {
      const calls = await moveDyingAtEachCall(
        isCarriedOut,
        (one) => fill(one, 2),
        (_, other) => expectFilled(other, 2),
      )
      expect(calls).to.be.greaterThan(30)
    })
  }

  it('moves parents with their children, and what came of those', async () => {
    await fillFamilies(source)
    const rehearsal = new EmbeddedBackend({ durability: 'memory' })
    const plans = [await planMove({ from: from(), to: to() }), await planMove({ from: from(), to: to(), rehearsal })]
    await expectNone(rehearsal)
    await rehearsal.close()
    const report = await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    expect(plans).to.deep.equal([report, report])
    expect(report.moved).to.deep.equal({ failed: 5, delayed: 2, blocked: 0, prioritized: 1, waiting: 2, 'waiting-children': 2 })
    expect(report).to.not.have.property('families')
    await expectNone(source)
    await expectFamilies(target)
  })

  for (const isCarriedOut of [false, true]) {
    it(`takes no family apart when its process dies ${isCarriedOut ? 'right after' : 'before'} any of its calls and it is begun again`, async () => {
      const calls = await moveDyingAtEachCall(isCarriedOut, fillFamilies, async (one, other) => {
        await expectNone(one)
        await expectFamilies(other)
      })
      expect(calls).to.be.greaterThan(50)
    })
  }

  describe('with a parent that failed with a child of a child', () => {
    const job = (name: string, more: object = {}) => ({ queue: 'default', name, data: { of: name }, ...more })
    const parentOf = (name: string, child: NewJob) => job(name, { constraints: { children: { jobs: [child], onFailure: 'fail' } } })
    const fillWithFailed = async () => {
      await source.add([parentOf('Top', parentOf('Middle', job('Leaf')))])
      const error = { name: 'TypeError', message: 'Its child (3) was lost', stack: 'no place' }
      const worker = await source.process(async () => ({ kind: 'failed', error }), { queues: ['*'], concurrency: 1 })
      while ((await source.counts()).failed < 3) await new Promise(setImmediate)
      await worker.stop()
      return async () => new Map((await target.list('failed')).map((one) => [one.name, one]))
    }

    it('names the jobs by the ids that they have there', async () => {
      const moved = await fillWithFailed()
      await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
      const jobs = await moved()
      const [top, middle, leaf] = ['Top', 'Middle', 'Leaf'].map((name) => jobs.get(name)!)
      expect(middle!.error!.message).to.equal(`Its child Leaf (${leaf!.id}) failed with TypeError: Its child (3) was lost`)
      expect(top!.error!.message).to.equal(`Its child Middle (${middle!.id}) failed with ChildFailed: ${middle!.error!.message}`)
    })

    it('names no id of a job that is not there any more', async () => {
      const moved = await fillWithFailed()
      await source.remove((await source.list('failed')).filter(({ name }) => name === 'Leaf').map(({ id }) => id))
      await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
      const middle = (await moved()).get('Middle')!
      expect(middle.error!.message).to.equal('Its child Leaf failed with TypeError: Its child (3) was lost')
      expect((await moved()).get('Top')!.error!.message).to.equal(
        `Its child Middle (${middle.id}) failed with ChildFailed: ${middle.error!.message}`,
      )
    })
  })

  it('leaves a family of which a job runs, says so, and moves it later', async () => {
    const job = (name: string, queue: string) => ({ queue, name, data: { of: name } })
    const children = { jobs: [job('One', 'default'), job('Two', 'other')], onFailure: 'wait' as const }
    const [id] = await source.add([{ ...job('Sum', 'default'), constraints: { children } }, job('Single', 'other')])
    const { worker, release } = await heldWorker(source, ['default'], { kind: 'completed', result: 1 })
    const plan = await planMove({ from: from(), to: to() })
    const report = await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    expect(plan).to.deep.equal(report)
    const [{ reason, ...family }] = report.families as [StayingFamily]
    expect(family).to.deep.equal({ id, queue: 'default', name: 'Sum', jobs: 3 })
    expect(reason).to.match(/^One \(\d+\) runs$/)
    expect(report.moved).to.include({ waiting: 1, 'waiting-children': 0 })
    expect(await source.counts()).to.include({ waiting: 1, active: 1, 'waiting-children': 1 })
    release()
    await worker.stop()
    expect((await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })).moved).to.include({ 'waiting-children': 1 })
    await expectNone(source)
    const [sum] = await target.list('waiting-children')
    expect((await target.children(sum!.id)).map(({ name, result }) => [name, result])).to.deep.equal([
      ['One', 1],
      ['Two', undefined],
    ])
  })

  it('leaves a family that is too large, and says so', async () => {
    const job = (name: string, data: string) => ({ queue: 'default', name, data: { data } })
    const children = { jobs: [job('Small', ''), job('Large', 'x'.repeat(1000))], onFailure: 'wait' as const }
    const [id] = await source.add([{ ...job('Sum', ''), constraints: { children } }])
    await target.close()
    target = new EmbeddedBackend({ durability: 'memory', maxDataLength: 500 })
    const rehearsal = new EmbeddedBackend({ durability: 'memory', maxDataLength: 500 })
    const plan = await planMove({ from: from(), to: to(), rehearsal })
    await rehearsal.close()
    const report = await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    expect(plan).to.deep.equal(report)
    const { families } = report
    expect(families).to.have.length(1)
    expect(families![0]).to.include({ id, name: 'Sum', jobs: 3 })
    expect(families![0]!.reason).to.include('Large')
    expect(await source.counts()).to.include({ waiting: 2, 'waiting-children': 1 })
    await expectNone(target)
  })

  it('keeps failed children that the queue before would have forgotten with their parent', async () => {
    await source.close()
    source = new EmbeddedBackend({ durability: 'memory', retention: { failed: { count: 0 } } })
    await fillEqualFamilies(source, 3)
    await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    await expectNone(source)
    await expectEqualFamilies(target, 3)
  })

  it('leaves families when the other backend takes none, and says so before', async () => {
    await fillFamilies(source)
    const backend: JobBackend = {
      add: (entries) => target.add(entries),
      process: (handler, options) => target.process(handler, options),
      counts: () => target.counts(),
      list: (state, page) => target.list(state, page),
      retry: (ids) => target.retry(ids),
      remove: (ids) => target.remove(ids),
      close: async () => {},
    }
    const other = { name: 'other', backend }
    const plan = await planMove({ from: from(), to: other })
    expect(plan.families).to.have.length(4)
    for (const { reason } of plan.families!) expect(reason).to.equal('the other backend takes no jobs that wait for others')
    expect(await moveJobs({ from: from(), to: other, memory: memoryOfMove() })).to.deep.equal(plan)
  })

  it('plans more than a page', async () => {
    await source.add(Array.from({ length: 250 }, (_, number) => ({ queue: 'default', name: 'Example', data: { number } })))
    expect((await planMove({ from: from(), to: to() })).moved).to.include({ waiting: 250, delayed: 0 })
  })

  it('moves more than a page', async () => {
    await source.add(Array.from({ length: 250 }, (_, number) => ({ queue: 'default', name: 'Example', data: { number } })))
    const { moved } = await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    expect(moved['waiting']).to.equal(250)
    const waiting = await target.list('waiting', { limit: 1000 })
    expect(waiting.map(({ data }) => data['number'])).to.deep.equal(Array.from({ length: 250 }, (_, number) => number))
  })

  it('moves jobs on that were moved before, with their attempts', async () => {
    const createdAt = Date.now()
    const place = { queue: 'default', name: 'Example', priority: 0, state: 'waiting', createdAt } as const
    const unknown = { runAt: undefined, finishedAt: undefined, error: undefined, result: undefined }
    await source.adopt([1, 2].map((number) => ({ ...place, ...unknown, id: `job-${number}`, data: { number }, attempts: number })))
    expect((await source.list('waiting')).map(({ id }) => id)).to.deep.equal(['job-1', 'job-2'])
    const { moved } = await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })
    expect(moved['waiting']).to.equal(2)
    expect((await target.list('waiting')).map(({ id, attempts }) => [id, attempts])).to.deep.equal([
      ['job-1', 1],
      ['job-2', 2],
    ])
  })

  it('leaves jobs that run, and says how many', async () => {
    await source.add([{ queue: 'default', name: 'Example', data: { number: 1 } }])
    const { worker, release } = await heldWorker(source)
    expect((await moveJobs({ from: from(), to: to(), memory: memoryOfMove() })).running).to.equal(1)
    release()
    await worker.stop()
  })

  it('changes nothing when it only plans', async () => {
    await fill(source, 2)
    const memory = memoryOfMove()
    expect((await planMove({ from: from(), to: to(), memory, recurring: [yearly] })).moved).to.include({ failed: 2, waiting: 4 })
    expect(memory.state).to.equal(undefined)
    expect(await target.counts()).to.include({ failed: 0, waiting: 0 })
    await expectFilled(source, 2)
  })

  it('leaves recurring jobs where they are when it is given again, and the other way', async () => {
    const at = Date.now() - 60_000
    await source.schedule([yearly], { yearly: { after: at, lastAt: 1_767_225_600_000 } })
    const [there, back] = [
      { from: from(), to: to() },
      { from: to(), to: from() },
    ]
    const moved: number[] = []
    for (const ends of [there, there, back, back]) {
      const { schedules } = await planMove({ ...ends, recurring: [yearly] })
      const report = await moveJobs({ ...ends, memory: memoryOfMove(), recurring: [yearly] })
      expect(report.schedules).to.equal(schedules)
      moved.push(schedules)
    }
    expect(moved).to.deep.equal([1, 0, 1, 0])
    expect((await source.schedules())[0]).to.include({ after: at, lastAt: 1_767_225_600_000 })
  })

  it('begins a recurring job anew that has other times than those it had over here', async () => {
    await source.schedule([yearly], { yearly: { after: 1, lastAt: 1 } })
    const recurring = [{ ...yearly, cron: '0 0 2 1 *' }]
    expect((await moveJobs({ from: from(), to: to(), memory: memoryOfMove(), recurring })).schedules).to.equal(0)
    expect(await target.schedules()).to.deep.equal([])
  })

  it('finishes a move before it begins, or plans, one in the other direction', async () => {
    const memory = memoryOfMove()
    memory.write({ from: 'embedded', to: 'bullmq', queues: {}, hasMovedSchedules: false })
    for (const begun of [moveJobs, planMove]) {
      const error = await begun({ from: to(), to: from(), memory }).catch((thrown: Error) => thrown)
      expect((error as Error).message).to.equal("A move of jobs from embedded to bullmq was interrupted and isn't finished.")
    }
  })
})
