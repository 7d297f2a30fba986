import { QueueRefused, QueueUnreachable } from '../../src/jobs/index.ts'

/** What drivers say when a server is gone: of Node, ioredis, node-postgres, and PostgreSQL itself (SQLSTATE classes 08 and 57). */
const lost = /^(?:E(?:CONN|HOST|NET|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN)|08|57P0)|Connection (?:is closed|terminated)|max retries per request/i

/** Whether an error says that the server is gone, or not there yet. */
export function isLost(error: Error): boolean {
  return lost.test(String(Reflect.get(error, 'code'))) || lost.test(error.message)
}

/** What servers say that are there and take nothing: Redis without memory or disk, a replica, who isn't known to it; PostgreSQL by its SQLSTATE classes
 * 28, 3D and 53, and 25006, that of a server that only reads. */
const refusing = /^(?:OOM|READONLY|MISCONF|NOREPLICAS|NOAUTH|NOPERM|WRONGPASS|ERR AUTH|LOADING|MASTERDOWN|CLUSTERDOWN)\b/
const refusingStates = /^(?:28|3D|53)...$|^25006$/

/** Whether an error says that the server is there but takes nothing. */
export function isRefusal(error: Error): boolean {
  return refusing.test(error.message) || refusingStates.test(String(Reflect.get(error, 'code')))
}

/** Waits for an answer of Redis or PostgreSQL for so long at most: their drivers wait for minutes when a server is gone.
 *
 * @param timeout milliseconds
 * @param lastProblem what the connections have said last: to a driver that tries again and again, a wrong password is no answer
 * @throws QueueUnreachable (REGAUGE_QUEUE_UNREACHABLE), QueueRefused (REGAUGE_QUEUE_REFUSED)
 */
export async function withinTime<T>(work: Promise<T>, timeout: number, lastProblem = (): Error | undefined => undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(lateness(timeout, lastProblem())), timeout)
  })
  try {
    return await Promise.race([work, expired])
  } catch (error) {
    if (!(error instanceof Error) || error instanceof QueueUnreachable || error instanceof QueueRefused) throw error
    if (isRefusal(error)) throw refusal(error)
    if (!isLost(error)) throw error
    throw new QueueUnreachable({ reason: reasonOf(error) }, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function lateness(timeout: number, problem: Error | undefined): Error {
  if (problem !== undefined && isRefusal(problem)) return refusal(problem)
  const late = `it did not answer within ${timeout} ms`
  return new QueueUnreachable({ reason: problem === undefined ? late : `${late} (${reasonOf(problem)})` }, { cause: problem })
}

/** The sentence of the server, without its full stop and what BullMQ adds to it. */
function refusal(error: Error): QueueRefused {
  return new QueueRefused({ reason: reasonOf(error).split('. script: ')[0]!.replace(/\.$/, '') }, { cause: error })
}

function reasonOf(error: Error): string {
  return error.message === '' ? String(Reflect.get(error, 'code')) : error.message
}
