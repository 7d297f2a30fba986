import { randomBytes } from 'node:crypto'
import { isPlainObject } from '../../../src/values/index.ts'
import { InvalidSidekiqJob } from './errors.ts'

/** A job as Sidekiq keeps it. Times are seconds since the epoch. */
export interface SidekiqItem {
  readonly class: string
  readonly args: readonly unknown[]
  readonly queue?: string | undefined
  /** How often it is retried; true is 25 times. */
  readonly retry?: boolean | number | undefined
  readonly jid?: string | undefined
  /** When it is to run; at once without. */
  readonly at?: number | undefined
  readonly [key: string]: unknown
}

/** A job with all that Sidekiq's processes need. */
export interface CompleteItem extends SidekiqItem {
  readonly queue: string
  readonly jid: string
  readonly created_at: number
}

/** What is written to Redis: to the left end of a queue, or to its front, where the next is taken from, or to a set ordered by time. */
export type SidekiqWrite =
  | { readonly to: 'queue' | 'front'; readonly queue: string; readonly payload: string }
  | { readonly to: 'schedule' | 'retry' | 'dead'; readonly score: number; readonly payload: string }

/** An id as Sidekiq makes them: 24 hexadecimal digits. */
export function newJid(): string {
  return randomBytes(12).toString('hex')
}

/** What a client of Sidekiq reads but doesn't write; `__proto__` would become the job's prototype. */
const transient: ReadonlySet<string> = new Set(['__proto__', 'client_class', 'client', 'pool', 'sidekiq_options', 'sync'])

/** Completes a job as Sidekiq's client does: the defaults, then what the class says, then what the job says.
 *
 * @param now seconds since the epoch
 * @throws InvalidSidekiqJob (REGAUGE_INVALID_SIDEKIQ_JOB) for what Sidekiq refuses, arguments that aren't plain JSON among it
 */
export function completeItem(item: Partial<SidekiqItem>, now: number, options: object = {}, jid: () => string = newJid): CompleteItem {
  const invalid = (reason: string) => new InvalidSidekiqJob({ reason })
  const { class: name, args, at, tags } = item
  if (typeof name !== 'string' || !Array.isArray(args)) throw invalid(`must have 'class' and 'args': ${JSON.stringify(item)}`)
  if (at !== undefined && !Number.isFinite(at)) throw invalid(`has a time that is no number: ${String(at)}`)
  if (tags !== undefined && !Array.isArray(tags)) throw invalid("has 'tags' that are no list")
  if (item.jid !== undefined && typeof item.jid !== 'string') throw invalid("has a 'jid' that is no text")
  for (const value of args) requireJson(value, name)
  for (const [key, value] of Object.entries(item))
    if (key !== 'args' && isTooDeep(value)) throw invalid(`has a '${key}' that is nested too deeply`)
  const merged: Record<string, unknown> = { retry: true, queue: 'default', ...options }
  for (const [key, value] of Object.entries(item)) if (value !== undefined && !transient.has(key)) merged[key] = value
  if (typeof merged['queue'] !== 'string' || merged['queue'] === '') throw invalid('must have a queue')
  merged['jid'] ??= jid()
  merged['created_at'] ??= now
  return merged as unknown as CompleteItem
}

/** Where a completed job goes. */
export function writeOf({ at, ...item }: CompleteItem, now: number): SidekiqWrite {
  if (at !== undefined) return { to: 'schedule', score: at, payload: payloadText(item as CompleteItem) }
  return { to: 'queue', queue: item.queue as string, payload: payloadText({ ...item, enqueued_at: now } as unknown as CompleteItem) }
}

/** A time that a Sidekiq wrote: from 8 on in milliseconds, before in seconds. What is none, as others write to Redis, too, is the epoch's beginning. */
export function milliseconds(time: unknown): number {
  if (typeof time !== 'number') return 0
  return isInMilliseconds(time) ? dateTime(time) : Math.round(time * 1000)
}

function isInMilliseconds(time: number): boolean {
  return time > 100_000_000_000
}

const lastTime = 8_640_000_000_000_000

/** A time in milliseconds, no later than the last that a Date can have. */
export function dateTime(time: number): number {
  return Math.max(-lastTime, Math.min(time, lastTime))
}

/** A number of runs, or of failures, as it is in Redis; undefined for what is none. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

const times: ReadonlySet<string> = new Set(['created_at', 'enqueued_at', 'failed_at', 'retried_at', 'discarded_at'])

/** The text of a job as Ruby writes it: times in seconds are floats there, and those in milliseconds are not, by which Sidekiq 8 knows which are which. */
export function payloadText(item: CompleteItem): string {
  const fields = Object.entries(item).map(([key, value]) => {
    const isFloat = times.has(key) && typeof value === 'number' && Number.isInteger(value) && !isInMilliseconds(value)
    return `${JSON.stringify(key)}:${isFloat ? value.toFixed(1) : JSON.stringify(value)}`
  })
  return `{${fields.join(',')}}`
}

/** What is nested deeper can't be written again: JSON is written by recursion, and read without. */
const mostDepth = 100

function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth >= mostDepth || Object.values(value).some((inner) => isTooDeep(inner, depth + 1))
}

/** Sidekiq's strict arguments: what JSON would change on its way is refused. */
function requireJson(value: unknown, name: string, depth = 0): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return
  const isPlain =
    typeof value === 'object' &&
    depth < mostDepth &&
    (Array.isArray(value) || (isPlainObject(value) && Object.getOwnPropertySymbols(value).length === 0))
  if (!isPlain) throw new InvalidSidekiqJob({ reason: `has arguments to ${name} that are no native JSON types: ${shown(value)}` })
  for (const item of Object.values(value as object)) requireJson(item, name, depth + 1)
}

function shown(value: unknown): string {
  const type = typeof value === 'object' && value !== null ? value.constructor?.name : typeof value
  return `${String(value)} is a ${type}`
}
