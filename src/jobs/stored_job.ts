import type { JobData, StoredJob } from './backend.ts'
import { type Engine, type EngineJob, stateName } from './engine/index.ts'
import { JobDataUnreadable } from './errors.ts'
import { failureOf } from './performing/failure.ts'
import type { JobPayload } from './payload.ts'

/** A job of the embedded queue as listings show it: also one whose data can't be read. */
export function storedJob(engine: Engine, job: EngineJob): StoredJob {
  const readable = readableData(job)
  const { parent: _, onChildFailure, ...constraints } = job.constraints ?? {}
  const parent = engine.families.parentOf(job)
  return {
    id: job.id,
    queue: job.queue,
    name: job.name,
    ...readable,
    priority: job.priority,
    state: stateName(job.state, job.priority),
    attempts: job.attempts,
    createdAt: job.createdAt,
    runAt: job.runAt === 0 ? undefined : job.runAt,
    finishedAt: job.details?.finishedAt,
    error: job.details?.error,
    result: job.details?.returnValue,
    ...notesOf(readable.data),
    ...(Object.keys(constraints).length > 0 && { constraints }),
    ...(parent && { parent: parent.id }),
    ...(onChildFailure && { onChildFailure }),
    ...(job.details?.isDiscarded && { isDiscarded: true }),
  }
}

/** The children of a job, as listings show them. */
export function childrenIn(engine: Engine, job: EngineJob): StoredJob[] {
  return engine.families.childrenOf(job).map((child) => storedJob(engine, child))
}

/** What a job told of itself. */
export function notesOf({ progress, logs }: Partial<JobPayload>): Pick<StoredJob, 'progress' | 'logs'> {
  return { ...(progress !== undefined && { progress }), ...(Array.isArray(logs) && { logs: logs.map(String) }) }
}

/** What a job carries.
 * @throws JobDataUnreadable (REGAUGE_JOB_DATA_UNREADABLE) */
export function dataOf(job: EngineJob): JobData {
  const data = carriedBy(job)
  if (isData(data)) return data
  const format = job.isPacked ? 'MessagePack' : 'JSON'
  throw new JobDataUnreadable({ id: job.id, name: job.name, reason: `they are no ${format}${data === undefined ? '' : ' object'}` })
}

function readableData(job: EngineJob): Pick<StoredJob, 'data' | 'dataError'> {
  try {
    return { data: dataOf(job) }
  } catch (error) {
    const { name, message } = failureOf(error)
    return { data: {}, dataError: { name, message } }
  }
}

/** The data of a job; undefined when they can't be read. */
function carriedBy(job: EngineJob): unknown {
  try {
    return job.data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isData(value: unknown): value is JobData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
