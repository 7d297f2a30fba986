import type { RecurringJob } from './recurring_job.ts'
import { timeAfter } from './times.ts'

/** A time that passed no longer ago than this is late, not missed. */
const graceMilliseconds = 60_000
const mostAtOnce = 100

/** The times that a job is enqueued for now, as its catch-up says of those that were missed.
 *
 * @param after up to when its times are dealt with, in milliseconds since the epoch
 */
export function dueTimes(
  { cron, timeZone, catchUp }: Pick<RecurringJob, 'cron' | 'timeZone' | 'catchUp'>,
  after: number,
  now: number,
): number[] {
  const times: number[] = []
  const from = catchUp === 'all' ? after : Math.max(after, now - graceMilliseconds)
  for (let time = timeAfter(cron, timeZone, from); time !== undefined && time <= now; time = timeAfter(cron, timeZone, time)) {
    times.push(time)
    if (times.length === mostAtOnce) break
  }
  if (catchUp === 'all') return times
  if (times.length === 0 && catchUp === 'once') return [timeAfter(cron, timeZone, after) ?? now]
  return times.slice(-1)
}
