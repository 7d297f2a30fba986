import { underscore } from '../naming/index.ts'
import { NoBroadcastingName } from './errors.ts'

let recordName: ((record: object) => string | undefined) | undefined

/** Sets how a record is named in streams: the application gives Rails' form, the URL-safe base64 of the record's global id.
 *
 * @param name answers undefined for what is no record
 * @returns what was set before
 */
export function useRecordNames(name: typeof recordName): typeof recordName {
  const before = recordName
  recordName = name
  return before
}

/** The first part of a channel's stream names: `FooChats::BarAppearancesChannel` → `foo_chats:bar_appearances`, as Rails names it. */
export function channelNameOf(className: string): string {
  return underscore(className.replace(/Channel$/, '').replaceAll('::', ':'))
}

/** The name of a stream for a record, a text or number, or a list of these.
 *
 * Objects are asked for `toGidParam()`, then the application, then `toParam()`; else class and id make up a name.
 * @throws NoBroadcastingName (REGAUGE_NO_BROADCASTING_NAME) for values that name nothing
 */
export function broadcastingName(value: unknown): string {
  if (Array.isArray(value)) return value.map(broadcastingName).join(':')
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'object' && value !== null) {
    const name = objectName(value)
    if (name !== undefined) return name
  }
  throw new NoBroadcastingName({
    value: value === null || typeof value !== 'object' ? String(value) : `a ${value.constructor?.name ?? 'object'}`,
  })
}

function objectName(value: { toGidParam?: unknown; toParam?: unknown; id?: unknown }): string | undefined {
  if (typeof value.toGidParam === 'function') return String(value.toGidParam())
  const name = recordName?.(value)
  if (name !== undefined) return name
  if (typeof value.toParam === 'function') return String(value.toParam())
  if (value.id === undefined || value.id === null) return undefined
  return Buffer.from(`${value.constructor?.name ?? 'Object'}/${String(value.id)}`).toString('base64url')
}
