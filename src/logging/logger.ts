import { createLogger } from './create_logger.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
export type LogFields = Readonly<Record<string, unknown>>

/** The port by which every room logs: a sentence, and fields for the machine that reads it. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  fatal(message: string, fields?: LogFields): void
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger
  /** Whether lines of this level are written; ask before building expensive fields. */
  isLevelEnabled(level: LogLevel): boolean
}

let current: Logger | undefined

/** Makes `replacement` the logger that `logger` writes to; `undefined` returns to the default of the environment. */
export function useLogger(replacement: Logger | undefined): void {
  current = replacement
}

function active(): Logger {
  return (current ??= createLogger())
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
