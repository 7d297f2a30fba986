import type { WaitingQueue } from './waiting_queue.ts'

/** Which queues a worker takes from: names in order of precedence, `mail*` for a prefix, `*` for all.
 *
 * Of several queues that one pattern covers, the one whose first job is the most urgent (then the oldest) comes first, as in Solid Queue.
 */
export class QueueSelection {
  readonly #patterns: readonly { readonly text: string; readonly isPrefix: boolean }[]

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((text) => (text.endsWith('*') ? { text: text.slice(0, -1), isPrefix: true } : { text, isPrefix: false }))
  }

  /** The queue whose first job is next, or undefined when all are empty. */
  next(queues: ReadonlyMap<string, WaitingQueue>): WaitingQueue | undefined {
    for (const { text, isPrefix } of this.#patterns) {
      const queue = isPrefix ? mostUrgent(queues, text) : queues.get(text)
      if (queue !== undefined && queue.size > 0) return queue
    }
    return undefined
  }
}

function mostUrgent(queues: ReadonlyMap<string, WaitingQueue>, prefix: string): WaitingQueue | undefined {
  let found: WaitingQueue | undefined
  for (const queue of queues.values()) {
    if (queue.size === 0 || !queue.name.startsWith(prefix)) continue
    if (found === undefined || isBefore(queue, found)) found = queue
  }
  return found
}

function isBefore(a: WaitingQueue, b: WaitingQueue): boolean {
  const first = a.peek()!
  const second = b.peek()!
  return first.priority < second.priority || (first.priority === second.priority && first.sequence < second.sequence)
}
