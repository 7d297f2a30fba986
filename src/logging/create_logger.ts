import { createRequire } from 'node:module'
import type { Logger as Pino, LoggerOptions } from 'pino'
import { currentExecution } from '../context/index.ts'
import { textOf, thrownText } from '../values/index.ts'
import type { LogFields, Logger, LogLevel, LogMessage } from './logger.ts'
import { railsLines } from './rails_lines.ts'
import { readableLines } from './readable_lines.ts'

/** Where lines go: standard output, or anything with `write` (a file stream, a test's array). */
export interface LogStream {
  write(line: string): unknown
  readonly isTTY?: boolean
}

export interface CreateLoggerOptions {
  /** `json` is one object a line, for machines; `text` is for eyes; `rails` is the message alone behind its tags. Default: `json` in
   * production, else `text`. */
  readonly format?: 'json' | 'text' | 'rails'
  /** Fields that stand in front of the lines of `rails` as tags: `['request_id']`. */
  readonly tags?: readonly string[]
  /** Lines below are dropped. Default: `info` in production, `silent` under test, else `debug`; `LOG_LEVEL` wins. */
  readonly level?: LogLevel | 'silent'
  /** Default: standard output. */
  readonly stream?: LogStream
  /** Colours in `text`. Default: when the stream is a terminal and `NO_COLOR` is not set. */
  readonly colors?: boolean
  /** Fields of every line. */
  readonly fields?: LogFields
}

/** Makes a logger on pino, in this thread: a line is written when the call returns, or queued to the file descriptor and flushed at exit.
 *
 * Lines inside a request or job carry its `request_id` and the fields of its execution.
 * @example useLogger(createLogger({ format: 'json', level: 'warn' }))
 */
export function createLogger(options: CreateLoggerOptions = {}): Logger {
  const production = process.env['NODE_ENV'] === 'production'
  const { pino } = pinoPackage()
  const settings: LoggerOptions = {
    level: options.level ?? levelFromEnvironment(),
    base: { pid: process.pid, ...besideOwn(options.fields ?? {}) },
    messageKey: 'message',
    errorKey: 'error',
    timestamp: isoTime,
    serializers: { error: writtenError, err: writtenError },
    formatters: { level: (label) => ({ level: label }), log: besideOwn },
    mixin: executionFields,
  }
  const format = options.format ?? (production ? 'json' : 'text')
  if (format === 'json') return new PinoLogger(pino(settings, options.stream ?? standardOutput(production)))
  const stream: LogStream = options.stream ?? process.stdout
  if (format === 'rails') return new PinoLogger(pino(settings, railsLines(stream, options.tags ?? [])))
  return new PinoLogger(pino(settings, readableLines(stream, options.colors ?? wantsColors(stream))))
}

const ownNames = new Set(['level', 'time', 'pid', 'message'])

/** Fields without the names that a line has of itself: such a one is written as `fields.time`, as logrus does. Otherwise there would be two of the name, and
 * whoever reads the line would take the last. */
function besideOwn(fields: LogFields): Record<string, unknown> {
  if (!('level' in fields || 'time' in fields || 'pid' in fields || 'message' in fields)) return fields
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [ownNames.has(name) ? `fields.${name}` : name, value]))
}

/** An error as it is written. Pino marks each while it reads it: of one that is frozen, or whose fields can't be read, what can be read is written. */
function writtenError(error: unknown): unknown {
  try {
    return pinoPackage().stdSerializers.err(error as Error)
  } catch {
    const message = thrownText(error)
    const stack = textOf(() => (error as Error).stack) ?? message
    return { type: textOf(() => (error as Error).constructor.name) ?? 'Error', message, stack }
  }
}

const require = createRequire(import.meta.url)

/** Loaded with the first logger: a process that only runs models logs nothing, and pino takes a megabyte. */
function pinoPackage(): typeof import('pino') {
  return require('pino') as typeof import('pino')
}

let second = -1
let prefix = ''

/** The time as pino wants it, ISO 8601 with milliseconds; most of it is the same for a second. */
function isoTime(): string {
  const now = Date.now()
  if (Math.floor(now / 1000) !== second) {
    second = Math.floor(now / 1000)
    prefix = `,"time":"${new Date(second * 1000).toISOString().slice(0, 20)}`
  }
  return `${prefix}${String(now % 1000).padStart(3, '0')}Z"`
}

/** In production lines are written some at a time, a tenth of a second late at most, and all of them at exit and after `fatal`. */
function standardOutput(production: boolean): LogStream {
  return pinoPackage().destination(production ? { dest: 1, sync: false, minLength: 4096, periodicFlush: 100 } : { dest: 1, sync: true })
}

function levelFromEnvironment(): string {
  const asked = process.env['LOG_LEVEL']?.toLowerCase()
  if (asked !== undefined && (asked === 'silent' || asked in pinoPackage().levels.values)) return asked
  if (process.env['NODE_ENV'] === 'test') return 'silent'
  return process.env['NODE_ENV'] === 'production' ? 'info' : 'debug'
}

/** https://no-color.org: any non-empty value forbids colours. */
function wantsColors(stream: LogStream): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR']
}

function executionFields(): object {
  const execution = currentExecution()
  if (execution === undefined) return {}
  const { requestId, logFields, logTags } = execution
  // Most lines are of a request that said nothing of itself: an object of one shape is merged ten times as fast as one of spread parts.
  if (logFields === undefined && logTags === undefined) return requestId === undefined ? {} : { request_id: requestId }
  const fields: Record<string, unknown> = requestId === undefined ? {} : { request_id: requestId }
  Object.assign(fields, logFields)
  if (logTags !== undefined) fields['tags'] = logTags
  return fields
}

class PinoLogger implements Logger {
  readonly #pino: Pino

  constructor(pinoLogger: Pino) {
    this.#pino = pinoLogger
  }

  debug(message: LogMessage, fields?: LogFields): void {
    if (typeof message === 'string') this.#pino.debug(fields ?? {}, message)
    else this.#pino.debug({ error: message, ...fields }, thrownText(message))
  }

  info(message: LogMessage, fields?: LogFields): void {
    if (typeof message === 'string') this.#pino.info(fields ?? {}, message)
    else this.#pino.info({ error: message, ...fields }, thrownText(message))
  }

  warn(message: LogMessage, fields?: LogFields): void {
    if (typeof message === 'string') this.#pino.warn(fields ?? {}, message)
    else this.#pino.warn({ error: message, ...fields }, thrownText(message))
  }

  error(message: LogMessage, fields?: LogFields): void {
    if (typeof message === 'string') this.#pino.error(fields ?? {}, message)
    else this.#pino.error({ error: message, ...fields }, thrownText(message))
  }

  fatal(message: LogMessage, fields?: LogFields): void {
    if (typeof message === 'string') this.#pino.fatal(fields ?? {}, message)
    else this.#pino.fatal({ error: message, ...fields }, thrownText(message))
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.#pino.child(besideOwn(fields)))
  }

  isLevelEnabled(level: LogLevel): boolean {
    return this.#pino.isLevelEnabled(level)
  }
}
