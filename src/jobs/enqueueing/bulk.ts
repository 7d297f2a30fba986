import { checkKeys, checkTime, printed, refusalOf } from '../declaring/checking.ts'
import { type Duration, toSeconds } from '../duration.ts'
import type { EnqueueOptions } from './enqueueing.ts'
import { sidekiqTime } from './spellings.ts'

/** A time as Sidekiq takes it: seconds or a duration from now, seconds since the epoch, or a date. */
export type SidekiqTime = number | Duration | Date

/** When the jobs of a `performBulk` run, and how many are stored at once: Sidekiq's options of `perform_bulk`. */
export interface BulkOptions {
  /** The time of all of them, or one for each. */
  readonly at?: SidekiqTime | readonly SidekiqTime[] | undefined
  /** Spreads them over so many seconds, at random. */
  readonly spreadInterval?: number | Duration | undefined
  /** So many are stored together, all or none, one batch after the other. Default: all of them. */
  readonly batchSize?: number | undefined
}

/** What the options of `performBulk` say of each job.
 * @param count how many jobs there are
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function bulkTimes(job: string, options: BulkOptions, count: number): (index: number) => EnqueueOptions {
  const refusal = refusalOf(job, 'performBulk')
  checkKeys(refusal, options, ['at', 'spreadInterval', 'batchSize'])
  const { at, spreadInterval, batchSize } = options
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize >= 1))
    throw refusal(`can't have ${printed(batchSize)} as \`batchSize\``, 'It is a whole number of jobs, 1 or more.')
  if (at !== undefined && spreadInterval !== undefined)
    throw refusal('takes `at` or `spreadInterval`, not both', 'Give each job its own time with at: [time, time].')
  if (spreadInterval !== undefined) {
    checkTime(refusal, 'spreadInterval', spreadInterval, true)
    const seconds = toSeconds(spreadInterval)
    return () => ({ wait: Math.random() * seconds, waitUntil: undefined })
  }
  if (at === undefined) return () => ({})
  if (!isList(at)) {
    const time = sidekiqTime(job, at)
    return () => time
  }
  if (at.length !== count)
    throw refusal(`has ${at.length} times for ${count} jobs`, '`at` is one time for all of them, or a list with one for each.')
  const times = at.map((time) => sidekiqTime(job, time))
  return (index) => times[index]!
}

function isList(at: SidekiqTime | readonly SidekiqTime[]): at is readonly SidekiqTime[] {
  return Array.isArray(at)
}
