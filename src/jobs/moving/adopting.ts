import type { StoredJob } from '../backend.ts'
import { type Engine, type EngineJob, JobState, type NewEntry, QueueSelection, type Uniqueness } from '../engine/index.ts'
import { DuplicateJob } from '../errors.ts'
import { type JobTree, jobTrees } from './job_trees.ts'

/** Where a job is while it is made a failed one, or one that is done: no worker runs while jobs are taken in. */
const passage = ' adopted'

/** Takes in jobs of another backend. Those whose ids are there stay as they are, so that it can be asked for again after a crash: a parent is stored
 * with all its children, or none of them.
 * @throws JobTooLarge when a parent and its children are too large to be stored together */
export async function adoptInto(engine: Engine, jobs: readonly StoredJob[]): Promise<void> {
  for (const tree of jobTrees(jobs)) {
    if (engine.get(tree.job.id) === undefined) await store(engine, tree)
    settle(engine, tree)
  }
  await engine.flushed()
}

/** Another job may have the key that one was the only one of: all are kept then, as all had been accepted. */
async function store(engine: Engine, tree: JobTree): Promise<void> {
  try {
    const [id] = await engine.add([entryOf(tree, true)])
    if (id !== null) return
  } catch (error) {
    if (!(error instanceof DuplicateJob)) throw error
  }
  await engine.add([entryOf(tree, false)])
}

function entryOf(tree: JobTree, isUnique: boolean): NewEntry {
  const { id, name, data, priority, runAt, constraints = {}, state, queue, attempts } = tree.job
  const isEnded = state === 'failed' || state === 'completed'
  // One that is left out would be missing in its family, and one that is replaced lost.
  const unique: Uniqueness | undefined = constraints.unique && { ...constraints.unique, conflict: 'raise' }
  const own = {
    ...(constraints.limit && { limit: { ...constraints.limit, conflict: 'block' } as const }),
    ...(constraints.rates && { rates: constraints.rates }),
    ...(isUnique && unique && { unique }),
    ...childrenOf(tree, isUnique),
  }
  const hasTime = state === 'delayed' || state === 'waiting-children'
  return {
    ...{ id, queue: isEnded ? passage : queue, name, data, priority, attempts },
    ...(hasTime && { runAt }),
    ...(state !== 'completed' && Object.keys(own).length > 0 && { constraints: own }),
  }
}

function childrenOf({ job, children }: JobTree, isUnique: boolean) {
  if (job.onChildFailure === undefined) return {}
  return { children: { jobs: children.map((child) => entryOf(child, isUnique)), onFailure: job.onChildFailure } }
}

/** Makes jobs what they were over there, parents before their children: one that has failed isn't to be called by them. */
function settle(engine: Engine, { job, children }: JobTree): void {
  const known = engine.get(job.id)
  if (known?.queue === passage) end(engine, known, job)
  for (const child of children) settle(engine, child)
}

function end(engine: Engine, known: EngineJob, { queue, attempts, state, error, result, isDiscarded }: StoredJob): void {
  if (known.state !== JobState.waitingChildren) takeFromPassage(engine, known)
  known.queue = queue
  known.attempts = attempts
  if (state === 'failed') engine.fail(known, error ?? { name: 'Error', message: 'It failed.' })
  else if (isDiscarded) engine.discard(known)
  else engine.complete(known, result)
}

/** Takes a job; those before it, of a time that ended with a crash, are put back. */
function takeFromPassage(engine: Engine, wanted: EngineJob): void {
  const others: EngineJob[] = []
  for (;;) {
    const job = engine.take(new QueueSelection([passage]), true)
    if (job === undefined) throw new Error(`The job ${wanted.id} can't be taken in: others are at its queue.`)
    if (job === wanted) break
    others.push(job)
  }
  for (const other of others) {
    other.attempts--
    engine.reschedule(other, {})
  }
}
