import { ResumeLimitReached } from '../errors.ts'
import type { Job } from '../job.ts'
import { JobInterrupt } from './interrupt.ts'

/** Lets a job that was interrupted go on later, and one that failed after it got further: Active Job's rule.
 *
 * @returns whether it will go on
 * @throws ResumeLimitReached (REGAUGE_RESUME_LIMIT)
 */
export async function resumeLater(job: Job, error: Error): Promise<boolean> {
  const { resumeErrorsAfterAdvancing, maxResumptions, resumeOptions } = job.constructor as typeof Job
  const isInterrupt = error instanceof JobInterrupt
  if (!isInterrupt && !(resumeErrorsAfterAdvancing && job.isAdvanced)) return false
  if (maxResumptions !== undefined && job.resumptions >= maxResumptions) {
    throw new ResumeLimitReached({ job: job.constructor.name, limit: maxResumptions }, { cause: error })
  }
  job.exceptionExecutions[error.message] = (job.exceptionExecutions[error.message] ?? 0) + 1
  await job.retryJob(resumeOptions)
  return true
}
