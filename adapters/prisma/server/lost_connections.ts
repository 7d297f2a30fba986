import { isDriverAdapterError } from '@prisma/driver-adapter-utils'

/** How often work is tried again: after a restart of the server the pool may give one lost connection after the other, and forgets each. */
const AGAIN = 20

/** Runs work on another connection when the pool gave one that was lost while nobody used it, as after a restart of the server.
 * @param work what may run twice: it reads, or it only begins
 */
export async function onLiveConnection<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === AGAIN || !isLostConnection((error as Error).cause)) throw error
    }
  }
}

/** What drivers say, without a code, of a connection that ended. */
const TERMINATED = /^(?:Connection terminated|Client (?:has encountered a connection error|was closed))/

/** What the operating system says of a connection that ended, where a driver passes it on. */
const CUT = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'ENOTCONN'])

/** Whether a driver's error says that an open connection ended; not that none could be opened. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isDriverAdapterError(error)) {
    const { cause } = error
    if (cause.kind === 'mysql') return isLostMysqlConnection(cause.code)
    return cause.kind === 'ConnectionClosed' || (cause.kind === 'postgres' && (cause.code === '57P01' || cause.code === '57P02'))
  }
  return TERMINATED.test(error.message) || CUT.has((error as { code?: string }).code ?? '')
}

/** The server is shut down or has killed the connection; the driver's own words for a closed one. */
const LOST = new Set([1053, 1927, 45001, 45004, 45009, 45012, 45013, 45019, 45026])

/** Whether a number of MySQL or its driver says that a connection ended. Those of the operating system are negative. */
export function isLostMysqlConnection(code: number): boolean {
  return code < 0 || LOST.has(code)
}
