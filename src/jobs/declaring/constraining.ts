import { createHash } from 'node:crypto'
import { checkKeys, checkTime, checkWord, printed, type Refusal, refusalOf } from './checking.ts'
import { isPlainObject } from '../../values/index.ts'
import { currentRecordLocator } from '../current.ts'
import { declarationsOf, ownDeclarations } from './declarations.ts'
import { type Duration, toSeconds } from '../duration.ts'
import type { JobConstraints, RateLimit } from '../engine/index.ts'
import type { Job } from '../job.ts'

/** How many jobs of a class, or of a group of classes, run at the same time: Solid Queue's `limits_concurrency`. */
export interface ConcurrencyOptions<J extends Job> {
  /** How many may run at a time. Default 1. */
  readonly to?: number | undefined
  /** What the limit is for, by the job's arguments: a text, a number or a record. Without it, it is for the group as a whole. */
  readonly key?: string | ((...args: Parameters<J['perform']>) => unknown) | undefined
  /** Seconds, or a duration, after which a job that runs no longer counts. Default 3 minutes. */
  readonly duration?: number | Duration | undefined
  /** Classes of one group share the limit. Default: the name of the class. */
  readonly group?: string | undefined
  /** What becomes of a job that is enqueued while the limit is reached: it waits (default), or is dropped. */
  readonly onConflict?: 'block' | 'discard' | undefined
}

/** How many jobs of a class, or of a group of classes, may begin in a time: the limits of sidekiq-throttled and of Sidekiq Enterprise, GoodJob's
 * `perform_throttle`. The time is a sliding window: no more begin in any stretch of that length, whenever it begins, and each attempt of a job counts. */
export interface RateOptions<J extends Job> {
  /** How many may begin… */
  readonly to: number
  /** …in so many seconds, or in a duration. */
  readonly per: number | Duration
  /** What the limit is for, by the job's arguments: a text, a number or a record. Without it, it is for the group as a whole. */
  readonly key?: string | ((...args: Parameters<J['perform']>) => unknown) | undefined
  /** Classes of one group share the limit, and what they say of it should be the same. Default: the name of the class. */
  readonly group?: string | undefined
}

/** That a job is enqueued once only, however often it is asked for. */
export interface UniqueOptions<J extends Job> {
  /** Seconds, or a duration, after which another one may be enqueued in any case. */
  readonly for?: number | Duration | undefined
  /** Until when it is the only one: until it begins to run, or (default) until it is done or given up. */
  readonly until?: 'executing' | 'executed' | undefined
  /** What becomes of another one: it is dropped (default), refused with `DuplicateJob`, or takes the place of the one that waits. */
  readonly conflict?: 'discard' | 'raise' | 'replace' | undefined
  /** What makes two jobs the same. Default: queue and arguments, in whatever order an object has its keys. */
  readonly key?: ((...args: Parameters<J['perform']>) => unknown) | undefined
}

/** Adds a limit to a class. @throws InvalidJobOption */
export function declareConcurrency<J extends Job>(jobClass: object & { readonly name: string }, options: ConcurrencyOptions<J>): void {
  const refusal = refusalOf(jobClass.name, 'limitsConcurrency')
  checkKeys(refusal, options, ['to', 'key', 'duration', 'group', 'onConflict'])
  const { to = 1, key, duration = 180, group = jobClass.name, onConflict = 'block' } = options
  checkCount(refusal, to)
  checkTime(refusal, 'duration', duration, true)
  checkKey(refusal, key, true)
  checkGroup(refusal, group)
  checkWord(refusal, 'onConflict', onConflict, ['block', 'discard'])
  const milliseconds = toSeconds(duration) * 1000
  const keyOf = keysIn(group, key)
  ownDeclarations(jobClass).limit = (job) => {
    return { key: keyOf(job), to, duration: milliseconds, ...(onConflict === 'discard' && { conflict: onConflict }) }
  }
}

/** Adds a limit of how many begin to a class, or another one in place of that of its group. @throws InvalidJobOption */
export function declareRate<J extends Job>(jobClass: object & { readonly name: string }, options: RateOptions<J>): void {
  const refusal = refusalOf(jobClass.name, 'limitsRate')
  checkKeys(refusal, options, ['to', 'per', 'key', 'group'])
  const { to, per, key, group = jobClass.name } = options
  checkCount(refusal, to)
  checkTime(refusal, 'per', per, true)
  checkKey(refusal, key, true)
  checkGroup(refusal, group)
  const milliseconds = toSeconds(per) * 1000
  const keyOf = keysIn(group, key)
  const own = ownDeclarations(jobClass)
  own.rates = new Map(own.rates).set(options.group, (job: Job): RateLimit => ({ key: keyOf(job), to, per: milliseconds }))
}

/** Makes a class unique. @throws InvalidJobOption */
export function declareUnique<J extends Job>(jobClass: object & { readonly name: string }, options: UniqueOptions<J>): void {
  const refusal = refusalOf(jobClass.name, 'unique')
  checkKeys(refusal, options, ['for', 'until', 'conflict', 'key'])
  const { until = 'executed', conflict = 'discard', key } = options
  checkWord(refusal, 'until', until, ['executing', 'executed'])
  checkWord(refusal, 'conflict', conflict, ['discard', 'raise', 'replace'])
  checkKey(refusal, key, false)
  if (options.for !== undefined) checkTime(refusal, 'for', options.for, true)
  const lifetime = options.for === undefined ? undefined : toSeconds(options.for) * 1000
  ownDeclarations(jobClass).unique = (job, serialized) => {
    const same = key === undefined ? [job.queueName, serialized] : keyText(job, key)
    return { key: digest(job.constructor.name, same), until, conflict, ...(lifetime !== undefined && { for: lifetime }) }
  }
}

function checkCount(refusal: Refusal, to: unknown): void {
  if (Number.isInteger(to) && (to as number) >= 1) return
  throw refusal(`can't have ${printed(to)} as \`to\``, 'It is a whole number of jobs, 1 or more.')
}

function checkGroup(refusal: Refusal, group: unknown): void {
  if (typeof group === 'string' && group !== '') return
  throw refusal(`can't have ${printed(group)} as \`group\``, 'Classes of one group share the limit: it is a name.')
}

function checkKey(refusal: Refusal, key: unknown, mayBeText: boolean): void {
  if (key === undefined || typeof key === 'function' || (mayBeText && typeof key === 'string')) return
  throw refusal(`can't have ${printed(key)} as \`key\``, `It is a function of the job's arguments${mayBeText ? ', or a text' : ''}.`)
}

/** What keeps a job from being stored or run, because of others; undefined for most. */
export function constraintsOf(job: Job, serialized: readonly unknown[]): JobConstraints | undefined {
  const { limit, unique, rates } = declarationsOf(job.constructor)
  if (limit === undefined && unique === undefined && rates === undefined) return undefined
  return {
    ...(limit && { limit: limit(job) }),
    ...(unique && { unique: unique(job, serialized) }),
    ...(rates && { rates: [...rates.values()].map((rate) => rate(job)) }),
  }
}

/** What the key of a job is in a group. */
function keysIn(group: string, key: unknown): (job: Job) => string {
  return (job) => {
    return [group, keyText(job, key)].filter((part) => part !== undefined).join('/')
  }
}

/** What a key, or a function of the arguments, says of a job: a record is known by its GlobalID, anything else by its JSON.
 * @throws InvalidJobOption for what would be the same for all jobs: a promise, or an object that JSON says nothing of */
function keyText(job: Job, key: unknown): string | undefined {
  const value: unknown = typeof key === 'function' ? key(...job.arguments) : key
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return String(value)
  const known = currentRecordLocator()?.identify(value)
  if (typeof known === 'string') return known
  const text = sortedJson(value)
  if (typeof Reflect.get(value, 'then') !== 'function' && (text !== '{}' || isPlainObject(value))) return text
  throw refusalOf(job.constructor.name, 'key')(
    `can't be ${printed(value)}`,
    'It is a text, a number or a record, and known when the job is enqueued: pass what has to be waited for as an argument.',
  )
}

function digest(name: string, value: unknown): string {
  return `${name}/${createHash('sha256')
    .update(sortedJson(value) ?? '')
    .digest('base64url')}`
}

/** The JSON of a value, the same in whatever order its objects have their keys. */
function sortedJson(value: unknown): string | undefined {
  return JSON.stringify(value, (key, item: unknown) => {
    // Stored arguments list there which keys of an object are symbols in Ruby.
    if (key === '_aj_symbol_keys' && Array.isArray(item)) return item.toSorted()
    return isPlainObject(item) ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (isBefore(a, b) ? -1 : 1))) : item
  })
}

/** What Active Job notes of an object stands behind its keys. */
function isBefore(key: string, other: string): boolean {
  const [isMark, isOtherMark] = [key.startsWith('_aj_'), other.startsWith('_aj_')]
  return isMark === isOtherMark ? key < other : isOtherMark
}
