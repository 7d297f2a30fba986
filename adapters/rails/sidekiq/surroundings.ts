import type { JobData } from '../../../src/jobs/index.ts'
import { isPlainObject } from '../../../src/values/index.ts'
import type { SidekiqItem } from './item.ts'

/** Where in an item that is which only our own processes read. Sidekiq and Active Job keep what they don't know. */
const ownField = 'regauge'

/** Where `traceJobs` puts the trace in what middleware gives a job. */
const traceField = 'trace'

const fields = {
  request_id: isText,
  log_tags: (value: unknown) => Array.isArray(value) && value.every(isText),
  log_fields: isPlainObject,
  context: isPlainObject,
} satisfies Record<string, (value: unknown) => boolean>

/** The headers of W3C, by which OpenTelemetry's instrumentation of Ruby's Sidekiq carries a trace, beside the other fields of an item. */
const traceHeaders = ['traceparent', 'tracestate', 'baggage'] as const

/** What an item carries of where its job was enqueued: the request, tags and fields of the log, what middleware gave the job, and the trace also as
 * Ruby's instrumentation reads it.
 * @param more what else is kept for our own processes */
export function surroundingsOf(data: JobData, more: JobData = {}): Partial<SidekiqItem> {
  const own = { ...readable(data), ...more }
  const headers = traceOf(readable(data)['context'])
  return { ...headers, ...(Object.keys(own).length > 0 && { [ownField]: own }) }
}

/** The same, as a job carries it on the other backends. A trace that Ruby began goes on, too. */
export function surroundingData(item: SidekiqItem): JobData {
  const data = readable(ownData(item))
  const context = isPlainObject(data['context']) ? data['context'] : {}
  const headers = traceOf({ [traceField]: item })
  if (context[traceField] !== undefined || Object.keys(headers).length === 0) return data
  return { ...data, context: { ...context, [traceField]: headers } }
}

/** What an item carries for our own processes. */
export function ownData(item: SidekiqItem): JobData {
  const own = item[ownField]
  return isPlainObject(own) ? own : {}
}

/** The fields that are what they should be: others write to Redis, too. */
function readable(data: JobData): JobData {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, isOne]) => (isOne(data[name]) ? [[name, data[name]]] : [])))
}

function traceOf(context: unknown): Readonly<Record<string, string>> {
  const trace = isPlainObject(context) ? context[traceField] : undefined
  if (!isPlainObject(trace)) return {}
  return Object.fromEntries(traceHeaders.flatMap((name) => (isText(trace[name]) ? [[name, trace[name]]] : [])))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
