import { isDriverAdapterError } from '@prisma/driver-adapter-utils'

/** How often work is tried again: the pool may give a second connection that was lost with the first. */
const AGAIN = 2

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

/** Whether a driver's error says that an open connection ended; not that none could be opened. */
export function isLostConnection(error: unknown): boolean {
  if (isDriverAdapterError(error)) {
    const { cause } = error
    return cause.kind === 'ConnectionClosed' || (cause.kind === 'postgres' && (cause.code === '57P01' || cause.code === '57P02'))
  }
  return error instanceof Error && (TERMINATED.test(error.message) || (error as { code?: string }).code === 'EPIPE')
}
