import { declarationsOf } from './declaring/declarations.ts'
import type { Job } from './job.ts'
import { runsInline } from './performing/inline_jobs.ts'
import { hasRetriesLeft } from './performing/retry_interval.ts'

/** What a job may ask about the attempt that runs. */
export interface JobMeta {
  /** The job's own id, the same through all attempts. */
  readonly id: string
  /** The id the backend gave it. */
  readonly providerId: string | undefined
  /** 1 the first time. */
  readonly attempt: number
  /** How often it was tried before. */
  readonly retries: number
  readonly isRetrying: boolean
  /** Whether it would run again after an error that one of its `retryOn` names, or that `retryInterval` is asked about: also where `performNow` runs it,
   * which enqueues its next attempt as Active Job's does, but not where `performInline` does, whose caller is given the error. */
  readonly willRetry: boolean
  readonly queue: string
}

/** Tells a job about its attempt. */
export function metaOf(job: Job): JobMeta {
  const retries = Math.max(0, job.executions - 1)
  return {
    id: job.jobId,
    providerId: job.providerJobId,
    attempt: job.executions,
    retries,
    isRetrying: retries > 0,
    get willRetry() {
      if (runsInline(job)) return false
      return hasRetriesLeft(job) || declarationsOf(job.constructor).rescues.some((rescue) => rescue.hasAttemptsLeft?.(job) ?? false)
    },
    queue: job.queueName,
  }
}
