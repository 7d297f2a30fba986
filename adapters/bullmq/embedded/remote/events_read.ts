import type { SentMethod } from './messages.ts'

/** Where a reader of events is in the stream of the process that it reads from. A stream ends with its process; the next one begins anew, by a
 * clock that may be behind. */
interface Reading {
  readonly source: object
  /** Whether it reads from another process than before, and has had no event of that one. */
  isAnew: boolean
}

/** The first place of a stream. */
const beginning = '0-0'

/** Keeps those who read events from missing some when another process takes the queues over: what happened there is all new to them. */
export class EventsRead {
  readonly #readings = new Map<string, Reading>()

  /** The arguments of a call as they make sense to the process that it goes to. */
  argsFor(source: object, queue: string, method: SentMethod, args: readonly unknown[]): readonly unknown[] {
    if (method !== 'readEvents') return args
    const known = this.#readings.get(queue)
    if (known?.source !== source) this.#readings.set(queue, { source, isAnew: known !== undefined })
    return this.#readings.get(queue)!.isAnew ? [beginning, ...args.slice(1)] : args
  }

  /** Notes what a call that was answered did. */
  note(source: object, queue: string, method: SentMethod, result: unknown): void {
    const reading = method === 'readEvents' && result ? this.#readings.get(queue) : undefined
    if (reading?.source === source) reading.isAnew = false
  }
}
