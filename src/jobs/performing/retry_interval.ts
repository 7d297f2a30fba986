import { logger } from '../../logging/index.ts'
import { thrownText } from '../../values/index.ts'
import { DeclaredJob } from '../declaring/declared_job.ts'
import { Duration, toSeconds } from '../duration.ts'
import type { Job } from '../job.ts'
import { observedRetry, observedStop } from '../job_events.ts'
import { giveUp } from './retry.ts'

/** Which attempt has failed. */
export interface RetryAttempt {
  /** 1 the first time. */
  readonly attempt: number
  /** What the job performs with. */
  readonly arguments?: readonly unknown[] | undefined
}

/** How long to wait before a job runs again, in seconds or as a duration; false, null or nothing when it is not to. */
export type RetryInterval = number | Duration | false | null | undefined

/** Whether a class decides by `retryInterval` about errors that nothing else handles. */
export function hasRetryInterval(job: Job): boolean {
  return (job.constructor as typeof Job).retryInterval !== DeclaredJob.retryInterval
}

/** Whether `retryInterval` would still be asked after an error. */
export function hasRetriesLeft(job: Job): boolean {
  return hasRetryInterval(job) && job.executions <= (job.constructor as typeof Job).maxRetries
}

/** Retries a job as its class' `retryInterval` says, or notes and tells that it isn't tried again.
 * @returns whether it runs again
 */
export async function retryByInterval(job: Job, error: Error): Promise<boolean> {
  if (!hasRetryInterval(job)) return false
  const wait = hasRetriesLeft(job) ? secondsOf(job, error) : undefined
  if (wait === undefined) {
    giveUp(job, 'retryInterval')
    await observedStop(job, error, async () => {})
    return false
  }
  await observedRetry(job, error, wait, () => job.retryJob({ wait }))
  return true
}

/** What the class decides. Where that throws, its job has failed no less, and waits as it would by default: so do Sidekiq's when `sidekiq_retry_in` raises. */
function askedInterval(jobClass: typeof Job, error: Error, attempt: RetryAttempt): unknown {
  try {
    return jobClass.retryInterval(error, attempt)
  } catch (failure) {
    logger.error(`${jobClass.name}.retryInterval failed: its job waits as Rage's do: ${thrownText(failure)}`, { error: failure })
    return DeclaredJob.retryInterval(error, attempt)
  }
}

function secondsOf(job: Job, error: Error): number | undefined {
  const jobClass = job.constructor as typeof Job
  const attempt = { attempt: job.executions, arguments: job.arguments }
  const given = askedInterval(jobClass, error, attempt)
  if (given === false || given === null || given === undefined) return undefined
  const isTime = given instanceof Duration || (typeof given === 'number' && Number.isFinite(given))
  if (isTime) return Math.max(0, toSeconds(given as number | Duration))
  logger.warn(
    `${jobClass.name}.retryInterval returned ${typeof given}, and no number of seconds, duration or false: its job waits as Rage's do`,
  )
  return DeclaredJob.retryInterval(error, attempt) as number
}
