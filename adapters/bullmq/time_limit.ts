import { QueueUnreachable } from '../../src/jobs/index.ts'

/** What drivers say when a server is gone: of Node, ioredis, node-postgres, and PostgreSQL itself (SQLSTATE classes 08 and 57). */
const lost = /^(?:E(?:CONN|HOST|NET|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN)|08|57P0)|Connection (?:is closed|terminated)|max retries per request/i

/** Whether an error says that the server is gone, or not there yet. */
export function isLost(error: Error): boolean {
  return lost.test(String(Reflect.get(error, 'code'))) || lost.test(error.message)
}

/** Waits for an answer of Redis or PostgreSQL for so long at most: their drivers wait for minutes when a server is gone.
 *
 * @param timeout milliseconds
 * @throws QueueUnreachable (REGAUGE_QUEUE_UNREACHABLE)
 */
export async function withinTime<T>(work: Promise<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new QueueUnreachable({ reason: `it did not answer within ${timeout} ms` })), timeout)
  })
  try {
    return await Promise.race([work, expired])
  } catch (error) {
    if (!(error instanceof Error) || error instanceof QueueUnreachable || !isLost(error)) throw error
    throw new QueueUnreachable({ reason: error.message === '' ? String(Reflect.get(error, 'code')) : error.message }, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
