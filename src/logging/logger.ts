import { PerApplication } from '../context/index.ts'
import { createLogger } from './create_logger.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
export type LogFields = Readonly<Record<string, unknown>>
/** A sentence, or an error, whose message it is; the error itself is a field then. */
export type LogMessage = string | Error

/** The port by which every room logs: a sentence, and fields for the machine that reads it. Fields named as those that each line has (`level`, `time`, `pid`,
 * `message`) are written beside them, as `fields.time`. */
export interface Logger {
  debug(message: LogMessage, fields?: LogFields): void
  info(message: LogMessage, fields?: LogFields): void
  warn(message: LogMessage, fields?: LogFields): void
  error(message: LogMessage, fields?: LogFields): void
  fatal(message: LogMessage, fields?: LogFields): void
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger
  /** Whether lines of this level are written; ask before building expensive fields. */
  isLevelEnabled(level: LogLevel): boolean
}

const loggers = new PerApplication<Logger>()
let fallback: Logger | undefined

/** Makes `replacement` the logger that `logger` writes to; `undefined` returns to the default of the environment.
 *
 * @param application whose requests and jobs write to it; code outside of any writes to the one that was set last
 */
export function useLogger(replacement: Logger | undefined, application?: object): void {
  loggers.use(replacement, application)
  fallback = undefined
}

/** Forgets the logger of an application: it has stopped. */
export function releaseLogger(application: object): void {
  loggers.release(application)
}

function active(): Logger {
  return loggers.current ?? (fallback ??= createLogger())
}

/** The current logger. Always the same object, so it may be kept in a variable before the application has booted.
 * @example logger.info('order placed', { order_id: order.id })
 */
export const logger: Logger = {
  debug: (message, fields) => active().debug(message, fields),
  info: (message, fields) => active().info(message, fields),
  warn: (message, fields) => active().warn(message, fields),
  error: (message, fields) => active().error(message, fields),
  fatal: (message, fields) => active().fatal(message, fields),
  child: (fields) => active().child(fields),
  isLevelEnabled: (level) => active().isLevelEnabled(level),
}
