import type { NotificationEvent } from '../../../../src/notifications/index.ts'

export interface RecordedEvent {
  readonly name: string
  readonly payload: Readonly<Record<string, unknown>>
}

// Ruby's classes by what they are called here.
export const errorNames: Readonly<Record<string, string>> = {
  RuntimeError: 'Error',
  'ActionController::ParameterMissing': 'ParameterMissing',
  'ActionDispatch::Http::Parameters::ParseError': 'ParseError',
  'ActiveRecord::RecordNotFound': 'RecordNotFound',
  'ActiveRecord::RecordInvalid': 'RecordInvalid',
  'ActionController::RoutingError': 'RouteNotFound',
  'ActionController::Redirecting::OpenRedirectError': 'UnsafeRedirect',
  'ActiveJob::SerializationError': 'SerializationError',
  'ActiveRecord::StatementInvalid': 'DatabaseError',
}

/** A recorded event and one of ours in the same words: objects by their presence, SQL by its verb and table, times by being times. */
export function recordedEvent({ name, payload }: RecordedEvent): unknown {
  return comparable(name, Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, untagged(value)])))
}

export function ourEvent({ name, payload }: NotificationEvent): unknown {
  return comparable(name, Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, plain(value)])))
}

const objects = new Set([
  'owner',
  'reflection',
  'request',
  'response',
  'headers',
  'connection',
  'transaction',
  'job',
  'adapter',
  'binds',
  'jobs',
])

function comparable(name: string, payload: Record<string, unknown>): unknown {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(payload)) {
    // The recording leaves the connection out of all and the numbers out of times.
    // Nothing is tried again on another connection, and a transaction is known between its first statement and its last.
    if (key === 'connection' || key === 'allow_retry' || (key === 'aborted' && value === null)) continue
    // Rails gives a function that casts them, of a query that it didn't run.
    if (key === 'type_casted_binds' && payload['cached'] === true) continue
    // SQLite tells the key of an inserted row; Rails asks for it with RETURNING, which answers a row.
    if (key === 'row_count' && /^insert/i.test(String(payload['sql']))) continue
    // Nothing is compressed in memory.
    if (key === 'compress' || key === 'compress_threshold') continue
    if (key === 'store') {
      kept[key] = String(value).replace('ActiveSupport::Cache::', '')
      continue
    }
    if (key === 'transaction' && payload['name'] === 'TRANSACTION') continue
    if (objects.has(key)) kept[key] = Array.isArray(value) ? value.length : value === null ? null : 'object'
    else if (key.endsWith('_runtime')) kept[key] = value === null ? null : 'milliseconds'
    else if (key === 'sql') kept[key] = statement(String(value))
    else if (key === 'exception_object' || key === 'error') kept[key] = 'error'
    else if (key === 'exception' && !Array.isArray(value)) kept[key] = 'error'
    else if (key === 'exception') kept[key] = exception(value as string[])
    else if (key === 'context') kept[key] = { ...(value as object), request: 'object' }
    else kept[key] = value
  }
  return { name, payload: sorted(kept) }
}

function exception([name, message]: string[]): unknown {
  return [errorNames[name!] ?? name, messageText(message!)]
}

/** Both end a sentence, or not; and say in their own words what was not found or is allowed. */
export function messageText(message: string): string {
  return message
    .replace(/, pass allow_other_host: true to redirect anyway|Pass \{ allowOtherHost.*$/, '')
    .replace(/\.$/, '')
    .replace(/='?"?(\d+)"?'?$/, '=$1')
    .replace(/^(?:Can't serialize the job argument .*?: )?(Unsupported argument type:) \w+$/, '$1')
    .replace(/^(Error occurred while parsing request parameters).*$/s, '$1')
    .replace(/^SQLite3::SQLException: /, '')
}

/** `SELECT posts`: the text is another query builder's. */
export function statement(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? ''
  const table = /\b(?:from|into|update)\s+"(\w+)"/i.exec(sql)?.[1]
  return table === undefined ? verb : `${verb} ${table}`
}

const time = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/

export function plain(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'string') return time.test(value) ? '<time>' : value
  if (value instanceof Date) return '<time>'
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
  if (!isPlain) return {}
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
}

/** The recorder's tags. */
export function untagged(value: unknown): unknown {
  if (typeof value === 'string') return time.test(value) ? '<time>' : value
  if (Array.isArray(value)) return value.map(untagged)
  if (typeof value !== 'object' || value === null) return value
  const tagged = value as Record<string, unknown>
  if ('$sym' in tagged) return tagged['$sym']
  if ('$float' in tagged) return Number(tagged['$float'])
  if ('$object' in tagged) return tagged['$object'] === 'ActionDispatch::Http::UploadedFile' ? '[UploadedFile]' : {}
  if ('$error' in tagged) return {}
  return Object.fromEntries(Object.entries(tagged).map(([key, member]) => [key, untagged(member)]))
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The lines of a log in the same words. */
export function comparableLines(lines: readonly string[]): string[] {
  const result: string[] = []
  for (const line of lines.map(comparableLine)) {
    const last = result.at(-1)
    // The recording's job had no place in an application, so that nothing was left of its trace.
    if ((line === '<backtrace>' || line === '') && last?.includes('Error performing')) continue
    if (line !== '<backtrace>' || last !== '<backtrace>') result.push(line)
  }
  return result
}

function comparableLine(line: string): string {
  if (
    !line.includes('rescue_from handled') &&
    /^(?:\[[^\]]*\] )*(?:<backtrace>|(?:async )?[^ ].*(?:\(.*:\d+:\d+\)|:\d+:\d+|\(<anonymous>\)|\(native\)))$/.test(line)
  )
    return '<backtrace>'
  const statements = /^((?:\[[^\]]*\] )* {2}(?:[A-Z][\w ?]*)?) \((?:<ms>|[\d.]+ms)\) {2}(.*?)((?: {2}\[\[.*)?)$/.exec(line)
  if (statements !== null)
    return `${statements[1]} ${statement(statements[2]!)}${statements[3]!.replace(/"<time>"|"\d{4}-\d\d-\d\d[^"]*"/g, '"<time>"')}`
  return (
    line
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>')
      .replace(/\d+(?:\.\d+)?ms/g, '<ms>')
      .replace(/at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\+0000|UTC)|at <time>(?: UTC)?/, 'at <time>')
      // V8 doesn't tell what collecting garbage took.
      .replace(/(?: \| |\()GC: <ms>\)/, ')')
      .replace(/ \($/, '')
      .replace(/ - (?:<backtrace>|\S.*:\d+:\d+\)?)$/, ' - <backtrace>')
      .replace(/#<GlobalID:0x… @uri=#<URI::GID ([^>]*)>>/g, '#<GlobalID $1>')
      .replace(/#<ActionDispatch::Http::UploadedFile:.*>(?=\})/, '"[UploadedFile]"')
      .replace(/, request: #<ActionDispatch::Request:0x…>, params: .* \}$/, ' }')
      .replace(/ from (\w+)\((\w+)\) enqueued at <time>/, ' from $1($2)')
      .replace(/\{:a=>2\}/, '{"a"=>2}')
      .replace(
        /^((?:\[[^\]]*\] )*)([\w:]+) \((.*)\)(:?)$/s,
        (_line, tags, name, message, colon) => `${tags}${errorNames[name] ?? name} (${messageText(message)})${colon}`,
      )
      .replace(
        /(: |due to an? )([\w:]+) \((.*?)\)(?=:?$|,|\.)/,
        (_text, before, name, message) => `${before}${errorNames[name] ?? name} (${messageText(message)})`,
      )
  )
}
