import { declarationsOf } from './declarations.ts'
import { JobTimeout } from './errors.ts'
import type { Job } from './job.ts'

/** Performs within the time that the class allows. What runs longer can't be stopped from outside: its promise is left behind, and
 * `job.signal` tells it.
 * @throws JobTimeout (REGAUGE_JOB_TIMEOUT) */
export async function withinTimeLimit(job: Job, work: () => unknown): Promise<unknown> {
  const seconds = declarationsOf(job.constructor).timeout
  if (seconds === undefined) return work()
  const controller = new AbortController()
  job.signal = controller.signal
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new JobTimeout({ job: job.constructor.name, seconds })
      controller.abort(error)
      reject(error)
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work(), expired])
  } finally {
    clearTimeout(timer)
  }
}
