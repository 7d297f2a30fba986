import { errorNames, messageText, plain, sorted, statement, untagged } from './comparable.ts'

export interface StructuredRecord {
  readonly name: string
  readonly tags: unknown
  readonly context: unknown
  readonly payload: Readonly<Record<string, unknown>>
}

/** A recorded structured event, and one of ours, in the same words. */
export function recordedStructured({ name, tags, context, payload }: StructuredRecord): unknown {
  return {
    name,
    tags,
    context: own(name, context),
    payload: comparable(Object.entries(payload).map(([key, value]) => [key, untagged(value)])),
  }
}

export function ourStructured({ name, tags, context, payload }: StructuredRecord): unknown {
  return {
    name,
    tags,
    context: own(name, context),
    payload: comparable(Object.entries(payload).map(([key, value]) => [key, plain(value)])),
  }
}

/** The recorder's thread kept the context that one case had set, and so do later cases of the framework's events. */
function own(name: string, context: unknown): unknown {
  return /^(?:action|active)_/.test(name) ? {} : context
}

/** The recording cuts off what lies deeper. */
function cut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > 2) return {}
  if (Array.isArray(value)) return value.map((one) => cut(one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(member, depth + 1)]))
}

const times = new Set(['duration_ms', 'duration', 'view_runtime', 'db_runtime'])
// Not measured, or not kept: what collecting garbage took, waiting for a lock, when a job was enqueued, where a route is written.
const absent = new Set(['gc_time_ms', 'lock_wait', 'enqueued_at', 'source_location', 'request'])

function comparable(entries: readonly [string, unknown][]): unknown {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of entries) {
    if (absent.has(key)) continue
    if (times.has(key)) kept[key] = 'milliseconds'
    else if (key === 'sql') kept[key] = statement(String(value))
    else if (key === 'job_id') kept[key] = 'id'
    else if (key === 'exception_class') kept[key] = errorNames[String(value)] ?? value
    else if (key === 'exception_message') kept[key] = messageText(String(value))
    else if (key === 'exception_backtrace') kept[key] = 'places'
    else if (key === 'arguments') kept[key] = (value as unknown[]).map((one) => (isRecord(one) ? 'record' : one))
    else if (key === 'scheduled_at') kept[key] = '<time>'
    else if (key === 'context') kept[key] = comparable(Object.entries(value as object))
    else if (key === 'binds') kept[key] = (value as unknown[][] | null)?.map(([name]) => name) ?? null
    else kept[key] = cut(value, 1)
  }
  return sorted(kept)
}

function isRecord(value: unknown): boolean {
  return (
    (typeof value === 'string' && /^\[\w+\]$/.test(value)) ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  )
}
