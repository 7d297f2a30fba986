import { expect } from 'chai'
import type { ChildFailure, JobBackend, NewJob, Outcome, ReservedJob, StoredJob } from '../../../src/jobs/index.ts'

const later = Date.now() + 3_600_000
const failure: Outcome = { kind: 'failed', error: { name: 'TypeError', message: 'no stock' } }

function job(name: string, more: Partial<NewJob> = {}): NewJob {
  return { queue: 'default', name, data: { job_id: `job-${name}`, of: name }, ...more }
}

function parent(name: string, onFailure: ChildFailure, jobs: readonly NewJob[], more: Partial<NewJob> = {}): NewJob {
  return { ...job(name, more), constraints: { ...more.constraints, children: { jobs, onFailure } } }
}

/** What becomes of the jobs of the queue `first`. */
const outcomes: Readonly<Record<string, Outcome>> = {
  One: { kind: 'completed', result: { rows: 3 } },
  Fine: { kind: 'completed', result: 'fine' },
  Done: { kind: 'completed', result: 'done' },
  Gone: { kind: 'discarded' },
}
const first = { queue: 'first' }

/** Adds parents in all the states that can be moved, and lets those of their children end that are to have ended. */
export async function fillFamilies(backend: JobBackend): Promise<void> {
  const middle = parent('Middle', 'fail', [job('Leaf', { runAt: later }), job('Twig', { priority: 3 })])
  await backend.add([
    parent('Sum', 'wait', [job('One', first), job('Two'), job('Three', first), middle]),
    parent('Broken', 'fail', [job('Bad', first), job('Rest')], first),
    parent('Late', 'run', [job('Gone', first), job('Ill', first), job('Done', first)], first),
    parent('Failed', 'wait', [job('Fine', first)], first),
  ])
  const perform = async ({ name, data }: ReservedJob): Promise<Outcome> =>
    name === 'Late' ? { kind: 'retry', data, queue: 'first', priority: 0, runAt: later } : (outcomes[name] ?? failure)
  await work(backend, perform, ['first'], async () => {
    const { failed, delayed } = await backend.counts()
    return failed === 5 && delayed === 2
  })
}

/** Expects all that `fillFamilies` added, and nothing else, once: what may run runs, and what waits for others goes on doing so. */
export async function expectFamilies(backend: JobBackend): Promise<void> {
  const ran: string[] = []
  const seen = new Map<string, unknown[]>()
  const perform = async ({ name, run }: ReservedJob): Promise<Outcome> => {
    ran.push(name)
    seen.set(name, brief(await run!.children!()))
    return { kind: 'completed', result: `ran ${name}` }
  }
  await work(backend, perform, ['*'], async () => {
    const { failed, waiting, prioritized, active } = await backend.counts()
    return failed === 5 && waiting + prioritized + active === 0
  })
  expect(ran.toSorted()).to.deep.equal(['Rest', 'Twig', 'Two'])
  const failed = await backend.list('failed')
  const waiting = await backend.list('waiting-children')
  const delayed = await backend.list('delayed')
  expect(namesOf(failed)).to.deep.equal(['Bad', 'Broken', 'Failed', 'Ill', 'Three'])
  expect(namesOf(waiting)).to.deep.equal(['Middle', 'Sum'])
  expect(namesOf(delayed)).to.deep.equal(['Late', 'Leaf'])
  const find = (name: string) => [...failed, ...waiting, ...delayed].find((one) => one.name === name)!
  const message = `Its child Bad (${find('Bad').id}) failed with TypeError: no stock`
  expect(find('Broken').error).to.include({ name: 'ChildFailed', message })
  expect(find('Failed').error).to.include({ name: 'TypeError', message: 'no stock' })
  expect(find('Late')).to.include({ onChildFailure: 'run', attempts: 1 })
  expect(find('Late').runAt).to.be.within(later - 1000, later + 1000)
  expect(find('Middle')).to.include({ parent: find('Sum').id, onChildFailure: 'fail' })
  expect(brief(await backend.children!(find('Sum').id))).to.deep.equal([
    ['One', 'completed', { rows: 3 }],
    ['Two', 'completed', 'ran Two'],
    ['Three', 'failed', 'no stock'],
    ['Middle', 'waiting-children'],
  ])
  expect(brief(await backend.children!(find('Late').id))).to.deep.equal([
    ['Gone', 'discarded'],
    ['Ill', 'failed', 'no stock'],
    ['Done', 'completed', 'done'],
  ])
  ran.splice(0)
  expect(await backend.remove([find('Leaf').id])).to.equal(1)
  expect(await backend.retry(['Bad', 'Broken', 'Failed', 'Three'].map((name) => find(name).id))).to.equal(4)
  await work(backend, perform, ['*'], () => ['Broken', 'Failed', 'Sum'].every((name) => ran.includes(name)))
  expect(ran.toSorted()).to.deep.equal(['Bad', 'Broken', 'Failed', 'Middle', 'Sum', 'Three'])
  expect(seen.get('Failed')).to.deep.equal([['Fine', 'completed', 'fine']])
  expect(seen.get('Broken')).to.deep.equal([
    ['Bad', 'completed', 'ran Bad'],
    ['Rest', 'completed', 'ran Rest'],
  ])
  expect(seen.get('Sum')).to.deep.equal([
    ['One', 'completed', { rows: 3 }],
    ['Two', 'completed', 'ran Two'],
    ['Three', 'completed', 'ran Three'],
    ['Middle', 'completed', 'ran Middle'],
  ])
}

/** Adds parents that each wait for a child that is done, one that has failed and one that hasn't begun. */
export async function fillEqualFamilies(backend: JobBackend, count: number): Promise<void> {
  const family = (number: number) => {
    const child = (name: string, queue: string) => job(`${name} ${number}`, { queue })
    return parent(`Sum ${number}`, 'wait', [child('One', 'first'), child('Ill', 'first'), child('Two', 'default')])
  }
  await backend.add(Array.from({ length: count }, (_, number) => family(number)))
  const perform = async ({ name }: ReservedJob): Promise<Outcome> =>
    name.startsWith('One') ? { kind: 'completed', result: name } : failure
  await work(backend, perform, ['first'], async () => {
    const { failed, completed } = await backend.counts()
    return failed === count && completed === count
  })
}

/** Expects what `fillEqualFamilies` added, once, and lets all parents run. */
export async function expectEqualFamilies(backend: JobBackend, count: number): Promise<void> {
  const ran: string[] = []
  const answers: unknown[] = []
  const perform = async ({ name, run }: ReservedJob): Promise<Outcome> => {
    ran.push(name)
    if (name.startsWith('Sum')) answers.push((await run!.children!()).map(({ result }) => result))
    return { kind: 'completed', result: name }
  }
  await work(backend, perform, ['*'], async () => {
    const { failed, waiting, active } = await backend.counts()
    return failed === count && waiting + active === 0
  })
  const numbers = Array.from({ length: count }, (_, number) => number)
  expect(ran.toSorted()).to.deep.equal(numbers.map((number) => `Two ${number}`).toSorted())
  expect(await backend.counts()).to.include({ failed: count, delayed: 0, 'waiting-children': count })
  const failed = await backend.list('failed', { limit: 1000 })
  expect(await backend.retry(failed.map(({ id }) => id))).to.equal(count)
  await work(backend, perform, ['*'], () => answers.length === count)
  expect(ran).to.have.length(3 * count)
  expect(answers).to.have.deep.members(numbers.map((number) => [`One ${number}`, `Ill ${number}`, `Two ${number}`]))
}

/** A parent that has failed by itself when a child of it had, which it doesn't count. */
export async function addFailedParentOfFailed(backend: JobBackend): Promise<void> {
  await backend.add([parent('Failed', 'run', [job('Ill', first)], first)])
  await work(
    backend,
    async () => failure,
    ['first'],
    async () => (await backend.counts()).failed === 2,
  )
}

/** Expects what `addFailedParentOfFailed` added, and that both run, the child first, when they are retried. */
export async function expectFailedParentOfFailed(backend: JobBackend): Promise<void> {
  const ran: string[] = []
  const perform = async ({ name }: ReservedJob): Promise<Outcome> => {
    ran.push(name)
    return { kind: 'completed' }
  }
  await work(backend, perform, ['*'], async () => {
    const { failed, waiting } = await backend.counts()
    return failed === 2 && waiting === 0
  })
  const failed = await backend.list('failed')
  expect(failed.map(({ name, error }) => [name, error!.message]).toSorted()).to.deep.equal([
    ['Failed', 'no stock'],
    ['Ill', 'no stock'],
  ])
  expect(await backend.retry(failed.map(({ id }) => id))).to.equal(2)
  await work(backend, perform, ['*'], () => ran.length === 2)
  expect(ran).to.deep.equal(['Ill', 'Failed'])
}

/** Expects that no job is in a backend. */
export async function expectNone(backend: JobBackend): Promise<void> {
  const none = { waiting: 0, prioritized: 0, delayed: 0, blocked: 0, active: 0, failed: 0, completed: 0, 'waiting-children': 0 }
  expect(await backend.counts()).to.include(none)
}

async function work(
  backend: JobBackend,
  perform: (job: ReservedJob) => Promise<Outcome>,
  queues: readonly string[],
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  const worker = await backend.process(perform, { queues, concurrency: 1 })
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 5))
  await worker.stop()
}

function namesOf(jobs: readonly StoredJob[]): string[] {
  return jobs.map(({ name }) => name).toSorted()
}

function brief(children: readonly StoredJob[]): unknown[] {
  return children.map(({ name, state, isDiscarded, result, error }) => [
    name,
    isDiscarded ? 'discarded' : state,
    ...[result, error?.message].filter((one) => one !== undefined),
  ])
}
