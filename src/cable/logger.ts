/** The part of a logger that this room uses. */
export interface CableLogger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** Says nothing: for cables that are given no logger. */
export const silentLogger: CableLogger = { debug() {}, info() {}, warn() {}, error() {} }
