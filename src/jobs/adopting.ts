import type { StoredJob } from './backend.ts'
import { type Engine, QueueSelection } from './engine/index.ts'
import { DuplicateJob } from './errors.ts'

/** Where a job is while it is made a failed one: no worker runs while jobs are taken in. */
const passage = ' adopted'

/** Takes in jobs of another backend. Those whose ids are there stay as they are, so that it can be asked for again after a crash. */
export async function adoptInto(engine: Engine, jobs: readonly StoredJob[]): Promise<void> {
  for (const job of jobs) {
    const isNew = engine.get(job.id) === undefined
    if (isNew) await store(engine, job)
    if (job.state === 'failed') fail(engine, job)
    else if (isNew && job.attempts > 0) countAttempts(engine, job)
  }
  await engine.flushed()
}

/** Another job may have the key that it was the only one of: both are kept then, as both had been accepted. */
async function store(engine: Engine, job: StoredJob): Promise<void> {
  const { id, name, data, priority, runAt, constraints } = job
  const queue = job.state === 'failed' ? passage : job.queue
  const entry = { id, queue, name, data, priority, ...(job.state === 'delayed' && { runAt }) }
  const limit = constraints?.limit && ({ ...constraints.limit, conflict: 'block' } as const)
  const stored = await engine
    .add([{ ...entry, ...(constraints && { constraints: { ...constraints, limit } }) }])
    .catch((error: unknown) => {
      if (error instanceof DuplicateJob) return [null]
      throw error
    })
  const { rates } = constraints ?? {}
  if (stored[0] === null) await engine.add([{ ...entry, ...((limit ?? rates) && { constraints: { limit, rates } }) }])
}

function fail(engine: Engine, { id, queue, attempts, error }: StoredJob): void {
  const known = engine.get(id)
  if (known?.queue !== passage) return
  const job = engine.take(new QueueSelection([passage]), true)
  if (job?.id !== id) throw new Error(`The job ${id} can't be taken in: others are at its queue.`)
  job.queue = queue
  job.attempts = attempts
  engine.fail(job, error ?? { name: 'Error', message: 'It failed.' })
}

function countAttempts(engine: Engine, { id, attempts, runAt, state }: StoredJob): void {
  const job = engine.get(id)!
  job.attempts = attempts
  engine.reschedule(job, state === 'delayed' ? { runAt } : {})
}
