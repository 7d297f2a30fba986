import { createHash } from 'node:crypto'
import { checkKeys, checkTime, checkWord, printed, type Refusal, refusalOf } from './checking.ts'
import { currentRecordLocator } from './current.ts'
import { declarationsOf, ownDeclarations } from './declarations.ts'
import { type Duration, toSeconds } from './duration.ts'
import type { JobConstraints } from './engine/index.ts'
import type { Job } from './job.ts'

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

/** That a job is enqueued once only, however often it is asked for. */
export interface UniqueOptions<J extends Job> {
  /** Seconds, or a duration, after which another one may be enqueued in any case. */
  readonly for?: number | Duration | undefined
  /** Until when it is the only one: until it begins to run, or (default) until it is done or given up. */
  readonly until?: 'executing' | 'executed' | undefined
  /** What becomes of another one: it is dropped (default), refused with `DuplicateJob`, or takes the place of the one that waits. */
  readonly conflict?: 'discard' | 'raise' | 'replace' | undefined
  /** What makes two jobs the same. Default: queue and arguments. */
  readonly key?: ((...args: Parameters<J['perform']>) => unknown) | undefined
}

/** Adds a limit to a class. @throws InvalidJobOption */
export function declareConcurrency<J extends Job>(jobClass: object & { readonly name: string }, options: ConcurrencyOptions<J>): void {
  const refusal = refusalOf(jobClass.name, 'limitsConcurrency')
  checkKeys(refusal, options, ['to', 'key', 'duration', 'group', 'onConflict'])
  const { to = 1, key, duration = 180, group = jobClass.name, onConflict = 'block' } = options
  if (!Number.isInteger(to) || to < 1) throw refusal(`can't have ${printed(to)} as \`to\``, 'It is a whole number of jobs, 1 or more.')
  checkTime(refusal, 'duration', duration, true)
  checkKey(refusal, key, true)
  if (typeof group !== 'string' || group === '')
    throw refusal(`can't have ${printed(group)} as \`group\``, 'Classes of one group share the limit: it is a name.')
  checkWord(refusal, 'onConflict', onConflict, ['block', 'discard'])
  const milliseconds = toSeconds(duration) * 1000
  ownDeclarations(jobClass).limit = (job) => {
    const value = typeof key === 'function' ? (key as (...args: unknown[]) => unknown)(...job.arguments) : key
    const parts = [group, keyText(value)].filter((part) => part !== undefined)
    return { key: parts.join('/'), to, duration: milliseconds, ...(onConflict === 'discard' && { conflict: onConflict }) }
  }
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
    const same = key === undefined ? [job.queueName, serialized] : keyText((key as (...args: unknown[]) => unknown)(...job.arguments))
    return { key: digest(job.constructor.name, same), until, conflict, ...(lifetime !== undefined && { for: lifetime }) }
  }
}

function checkKey(refusal: Refusal, key: unknown, mayBeText: boolean): void {
  if (key === undefined || typeof key === 'function' || (mayBeText && typeof key === 'string')) return
  throw refusal(`can't have ${printed(key)} as \`key\``, `It is a function of the job's arguments${mayBeText ? ', or a text' : ''}.`)
}

/** What keeps a job from being stored or run, because of others; undefined for most. */
export function constraintsOf(job: Job, serialized: readonly unknown[]): JobConstraints | undefined {
  const { limit, unique } = declarationsOf(job.constructor)
  if (limit === undefined && unique === undefined) return undefined
  return { ...(limit && { limit: limit(job) }), ...(unique && { unique: unique(job, serialized) }) }
}

/** A record is known by its GlobalID, anything else by its JSON. */
function keyText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return String(value)
  return currentRecordLocator()?.identify(value) ?? JSON.stringify(value)
}

function digest(name: string, value: unknown): string {
  return `${name}/${createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')}`
}
