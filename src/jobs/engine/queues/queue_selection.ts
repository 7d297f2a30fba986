import type { WaitingQueue } from './waiting_queue.ts'

/** Says from where the next job is taken. */
export interface Selection {
  /** The queue whose first job is next, or undefined when there is none. */
  next(queues: ReadonlyMap<string, WaitingQueue>): WaitingQueue | undefined
}

/** Which queues a worker takes from: names in order of precedence, `mail*` for a prefix, `*` for all.
 *
 * Of several queues that one pattern covers, the one whose first job is the most urgent (then the oldest) comes first, as in Solid Queue.
 */
export class QueueSelection implements Selection {
  readonly #patterns: readonly Pattern[]
  readonly #isWeighted: boolean

  /** @param weights how often each comes first, compared with the others; 1 where it isn't named. Without weights the order is strict. */
  constructor(patterns: readonly string[], weights?: Readonly<Record<string, number>>) {
    this.#isWeighted = weights !== undefined
    this.#patterns = patterns.map((name) => ({
      text: name.endsWith('*') ? name.slice(0, -1) : name,
      isPrefix: name.endsWith('*'),
      weight: (weights !== undefined && Object.hasOwn(weights, name) ? weights[name] : undefined) ?? 1,
    }))
  }

  /** The queue whose first job is next, or undefined when all are empty. */
  next(queues: ReadonlyMap<string, WaitingQueue>): WaitingQueue | undefined {
    for (const { text, isPrefix } of this.#isWeighted ? shuffled(this.#patterns) : this.#patterns) {
      const queue = isPrefix ? mostUrgent(queues, text) : queues.get(text)
      if (queue !== undefined && queue.size > 0 && !queue.isHeld) return queue
    }
    return undefined
  }
}

interface Pattern {
  readonly text: string
  readonly isPrefix: boolean
  readonly weight: number
}

/** In an order drawn by lot, where one of twice the weight comes first twice as often: Sidekiq's rule. */
function shuffled(patterns: readonly Pattern[]): Pattern[] {
  const draw = ({ weight }: Pattern) => Math.random() ** (1 / Math.max(weight, Number.MIN_VALUE))
  return patterns
    .map((pattern) => ({ pattern, lot: draw(pattern) }))
    .sort((a, b) => b.lot - a.lot)
    .map(({ pattern }) => pattern)
}

function mostUrgent(queues: ReadonlyMap<string, WaitingQueue>, prefix: string): WaitingQueue | undefined {
  let found: WaitingQueue | undefined
  for (const queue of queues.values()) {
    if (queue.size === 0 || queue.isHeld || !queue.name.startsWith(prefix)) continue
    if (found === undefined || queue.isBefore(found)) found = queue
  }
  return found
}
