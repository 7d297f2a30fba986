import { types } from 'node:util'
import { printed, refusalOf } from '../declaring/checking.ts'
import { Duration, toSeconds } from '../duration.ts'
import type { EnqueueOptions } from './enqueueing.ts'

/** When a job that is enqueued in Rage's way runs. */
export interface DelayOptions {
  /** Seconds, or a duration. */
  readonly delay?: number | Duration | null | undefined
  /** A time, or seconds since the epoch. */
  readonly delayUntil?: Date | number | null | undefined
}

/** The arguments of `perform`, of which optional ones may be left out, and the options behind them. */
export type DelayedArguments<P extends readonly unknown[]> = [...P, DelayOptions?] | [...Shortened<P>, DelayOptions]

/** A list of arguments, and what is left of it where some of the optional ones are left out. */
type Shortened<P extends readonly unknown[], Given extends readonly unknown[] = []> = P extends readonly []
  ? Given
  : P extends readonly [infer First, ...infer Rest]
    ? Shortened<Rest, [...Given, First]>
    : number extends P['length']
      ? [...Given, ...P]
      : P extends readonly [(infer First)?, ...infer Rest]
        ? Given | Shortened<Rest, [...Given, First]>
        : never

/** Splits the arguments of Rage's `enqueue` from its options; `delay` wins over `delayUntil`.
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function splitDelay(job: string, args: readonly unknown[]): { args: readonly unknown[]; options: EnqueueOptions } {
  const last = args.at(-1)
  if (!isDelay(last)) return { args, options: {} }
  const { delay, delayUntil } = last
  const waitUntil = typeof delayUntil === 'number' ? timeOf(job, 'delayUntil', delayUntil) : delayUntil
  const options = delay === undefined || delay === null ? { waitUntil } : { wait: Math.max(0, Math.trunc(toSeconds(delay))) }
  return { args: args.slice(0, -1), options }
}

function isDelay(value: unknown): value is DelayOptions {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(Object.getPrototypeOf(value) ?? value) !== null) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key) => key === 'delay' || key === 'delayUntil')
}

/** The time of Sidekiq's `perform_in` and `perform_at`: an interval, or a time since the epoch when it is larger than a billion seconds.
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function sidekiqTime(job: string, when: number | Duration | Date): EnqueueOptions {
  if (types.isDate(when)) return { wait: undefined, waitUntil: when }
  if (!(when instanceof Duration) && !Number.isFinite(when)) {
    throw refusalOf(job, 'performIn')(
      `can't have ${printed(when)} as the time`,
      'First comes the time, seconds, a duration or a Date, then the arguments.',
    )
  }
  const seconds = toSeconds(when)
  return seconds < 1_000_000_000
    ? { wait: seconds, waitUntil: undefined }
    : { wait: undefined, waitUntil: timeOf(job, 'performAt', seconds) }
}

/** So many seconds since the epoch would be the year 5138; as milliseconds they are one of 1973. */
const mostSeconds = 100_000_000_000

/** A time given in seconds since the epoch. `Date.now()` would be one that is never reached. */
function timeOf(job: string, option: string, seconds: number): Date {
  if (seconds > mostSeconds)
    throw refusalOf(job, option)(`can't have ${seconds} as the time`, 'Seconds since the epoch, or a Date: Date.now() is in milliseconds.')
  return new Date(seconds * 1000)
}
