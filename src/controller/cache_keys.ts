import { pluralize, underscore } from '../naming/index.ts'
import { isPromise } from './callbacks/steps.ts'
import { UnawaitedFreshness } from './errors.ts'

/** A record, a loaded list of records, or something with a key of its own. */
export type CacheTarget = object

interface Keyed {
  cacheKeyWithVersion?(): string
  cacheKey?(): string
  isPersisted?(): boolean
  readonly id?: unknown
  readonly updated_at?: unknown
  readonly updatedAt?: unknown
}

/** The text that stands for values in an ETag, as Rails expands cache keys: parts are joined by slashes, a record is `articles/1-20260102…`.
 * @throws UnawaitedFreshness (REGAUGE_UNAWAITED_FRESHNESS) for a promise, or a relation that hasn't been loaded
 * @example cacheKey(['v2', article]) // 'v2/articles/1-20260102040405678000'
 */
export function cacheKey(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  refusePromise(value)
  const keyed = value as Keyed
  if (typeof keyed.cacheKeyWithVersion === 'function') return keyed.cacheKeyWithVersion()
  if (typeof keyed.cacheKey === 'function') return keyed.cacheKey()
  if (typeof keyed.isPersisted === 'function') return recordKey(keyed)
  if (Array.isArray(value) || value instanceof Set || value instanceof Map) return [...value].map(cacheKey).join('/')
  if (value instanceof Date) return dateKey(value)
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null
  return isPlain ? cacheKey(Object.entries(value)) : String(value)
}

/** When a record, or the newest one of a list, was changed. */
export function lastChange(object: unknown): Date | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  refusePromise(object)
  if (!Array.isArray(object)) return changeOf(object)
  const times = object.flatMap((one) => changeOf(one)?.getTime() ?? [])
  return times.length === 0 ? undefined : new Date(times.reduce((newest, time) => Math.max(newest, time)))
}

function changeOf(record: unknown): Date | undefined {
  const { updated_at, updatedAt } = Object(record) as Keyed
  const time = updated_at ?? updatedAt
  return time instanceof Date ? time : undefined
}

function refusePromise(value: object): void {
  if (isPromise(value)) throw new UnawaitedFreshness({})
}

function recordKey(record: Keyed): string {
  const name = record.constructor.name.split('::').map(underscore).join('/')
  if (record.isPersisted?.() === false) return `${pluralize(name)}/new`
  const key = `${pluralize(name)}/${String(record.id)}`
  const changed = changeOf(record)
  return changed === undefined ? key : `${key}-${changed.toISOString().replace(/[-:TZ.]/g, '')}000`
}

// What Ruby's Time#to_a says, since that is what Rails asks for.
function dateKey(date: Date): string {
  const year = date.getUTCFullYear()
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1
  const time = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours()]
  return [...time, date.getUTCDate(), date.getUTCMonth() + 1, year, date.getUTCDay(), dayOfYear, false, 'UTC'].join('/')
}
