import type { SentMethod } from './messages.ts'

/** The jobs that a worker has taken, with the tokens of their locks: the next owner of the queue is told of them. */
export class HeldLocks {
  readonly #tokens = new Map<string, string>()

  /** Notes what a call that was answered did. */
  note(method: SentMethod, args: readonly unknown[], result: unknown): void {
    const taken = takenJob(method, result)
    if (method === 'moveToActive') this.#take(taken, args[0])
    else if (method === 'moveToCompleted' || method === 'moveToFailed') {
      this.#tokens.delete(idOf(args[0]))
      this.#take(taken, args[3])
    } else if (method === 'moveToDelayed') {
      this.#tokens.delete(String(args[0]))
      this.#take(taken, args[3])
    } else if (method === 'retryJob' || method === 'moveJobFromActiveToWait' || (method === 'moveToWaitingChildren' && result === true)) {
      this.#tokens.delete(String(args[0]))
    }
  }

  /** A job whose end was refused isn't ours any more. */
  refused(method: SentMethod, args: readonly unknown[]): void {
    if (finishing.has(method)) this.#tokens.delete(idOf(args[0]))
  }

  list(): [jobId: string, token: string][] {
    return [...this.#tokens]
  }

  #take(jobId: string | undefined, token: unknown): void {
    if (jobId !== undefined && typeof token === 'string') this.#tokens.set(jobId, token)
  }
}

/** The id of the job that a worker got as the answer to a call. */
export function takenJob(method: SentMethod, result: unknown): string | undefined {
  if (method !== 'moveToActive' && method !== 'moveToDelayed' && method !== 'moveToCompleted' && method !== 'moveToFailed') return undefined
  const taken: unknown = Array.isArray(result) ? result : Object(result).result
  return Array.isArray(taken) && typeof taken[1] === 'string' ? taken[1] : undefined
}

/** Methods by which a worker tells what became of a job that it has taken. */
export const finishing: ReadonlySet<SentMethod> = new Set<SentMethod>([
  'moveToCompleted',
  'moveToFailed',
  'moveToDelayed',
  'moveToWaitingChildren',
  'moveJobFromActiveToWait',
  'retryJob',
])

function idOf(job: unknown): string {
  return String(typeof job === 'object' && job !== null ? Reflect.get(job, 'id') : job)
}
