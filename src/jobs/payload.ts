import type { JobData } from './backend.ts'

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
}

/** The payload of a job that begins anew: a failed job that somebody retries has all its attempts again. */
export function withoutCounters(data: JobData): JobData {
  const { executions: _executions, exception_executions: _exceptions, ...rest } = data
  return rest
}
