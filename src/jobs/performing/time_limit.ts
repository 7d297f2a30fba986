import { declarationsOf } from '../declaring/declarations.ts'
import { JobTimeout } from '../errors.ts'
import type { Job } from '../job.ts'

/** A timer that is set for longer fires at once. */
const longestTimer = 2 ** 31 - 1

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
    const expire = (milliseconds: number) => {
      timer = setTimeout(
        () => {
          if (milliseconds > longestTimer) return expire(milliseconds - longestTimer)
          const error = new JobTimeout({ job: job.constructor.name, seconds })
          controller.abort(error)
          reject(error)
        },
        Math.min(milliseconds, longestTimer),
      )
    }
    expire(seconds * 1000)
  })
  try {
    return await Promise.race([work(), expired])
  } finally {
    clearTimeout(timer)
  }
}
