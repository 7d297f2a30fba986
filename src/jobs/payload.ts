import type { Execution } from '../context/index.ts'
import type { JobData } from './backend.ts'
import type { StoredContinuation } from './continuation/index.ts'

/** What a job carries beside its class, queue, priority and time: the rest of Active Job's payload, under its names. Counters are left out
 * while they are empty, and so is everything the backend knows anyway. */
export interface JobPayload extends JobData {
  readonly job_id: string
  readonly arguments: readonly unknown[]
  /** How often it ran. */
  readonly executions?: number
  /** How often it failed, by the error classes of the `retryOn` that caught it. */
  readonly exception_executions?: Readonly<Record<string, number>>
  /** The request during which it was enqueued, for the log. */
  readonly request_id?: string
  /** Tags and fields of the log where it was enqueued. */
  readonly log_tags?: readonly string[]
  readonly log_fields?: Readonly<Record<string, string | number | boolean>>
  /** Which steps are done, and where the current one is. */
  readonly continuation?: StoredContinuation
  /** How often it went on after an interruption. */
  readonly resumptions?: number
  /** How far it said it was. */
  readonly progress?: unknown
  /** What it wrote to its own log. */
  readonly logs?: readonly string[]
  /** What middleware gave it. */
  readonly context?: Readonly<Record<string, unknown>>
}

const ownFields: ReadonlySet<string> = new Set(['job', 'job_id', 'queue', 'attempt'])

/** What a job takes along of the log where it is enqueued: the tags, and the fields that are plain. It is made once for all that are enqueued there. */
export function logContext(execution: Execution): Pick<JobPayload, 'log_tags' | 'log_fields'> {
  const { logTags, logFields, jobLog } = execution
  if (jobLog !== undefined && jobLog.logTags === logTags && jobLog.logFields === logFields) return jobLog.data
  const fields = Object.entries(logFields ?? {}).filter(([name, value]) => !ownFields.has(name) && isPlain(value))
  const data = {
    ...(logTags !== undefined && logTags.length > 0 && { log_tags: logTags }),
    ...(fields.length > 0 && { log_fields: Object.fromEntries(fields) as Record<string, string> }),
  }
  execution.jobLog = { logTags, logFields, data }
  return data
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** The payload of a job that begins anew: a failed job that somebody retries has all its attempts again. */
export function withoutCounters(data: JobData): JobData {
  const { executions: _executions, exception_executions: _exceptions, ...rest } = data
  return rest
}
