/** Which of the queues that wait for a place gets it, by their names. */
export type Choice = (waiting: readonly string[]) => string

/** A number of places that the queues of a worker share. */
export class Slots {
  #free: number
  readonly #choose: Choice
  readonly #waiting = new Map<string, ((isTurn: boolean) => void)[]>()
  #isClosed = false

  constructor(count: number, choose: Choice) {
    this.#free = count
    this.#choose = choose
  }

  /** Runs `work` when a place is free, and the turn is the queue's.
   * @param giveBack runs instead when the places have been closed before
   */
  async run<T>(queue: string, work: () => Promise<T>, giveBack: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return giveBack()
    if (this.#free > 0) this.#free--
    else if (!(await this.#turnOf(queue))) return giveBack()
    try {
      return await work()
    } finally {
      this.#passOn()
    }
  }

  /** Lets nobody take a place any more. */
  close(): void {
    this.#isClosed = true
    for (const waiting of this.#waiting.values()) for (const answer of waiting) answer(false)
    this.#waiting.clear()
  }

  #turnOf(queue: string): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(queue)
      if (waiting === undefined) this.#waiting.set(queue, [resolve])
      else waiting.push(resolve)
    })
  }

  #passOn(): void {
    if (this.#waiting.size === 0) {
      this.#free++
      return
    }
    const queue = this.#choose([...this.#waiting.keys()])
    const waiting = this.#waiting.get(queue)!
    const next = waiting.shift()!
    if (waiting.length === 0) this.#waiting.delete(queue)
    next(true)
  }
}

/** The rule of a pool of workers: the queues in their order or, with weights, by lot. Queues that one pattern covers take turns. */
export function choiceOf(patterns: readonly string[], weights: Readonly<Record<string, number>> | undefined): Choice {
  const served = new Map<string, number>()
  let turn = 0
  const covers = (pattern: string, name: string) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name)
  const weightOf = (pattern: string) => (weights !== undefined && Object.hasOwn(weights, pattern) ? weights[pattern]! : 1)
  const ordered = () => (weights === undefined ? patterns : byLot(patterns, weightOf))
  return (waiting) => {
    for (const pattern of ordered()) {
      const covered = waiting.filter((name) => covers(pattern, name))
      if (covered.length === 0) continue
      const next = covered.reduce((a, b) => ((served.get(b) ?? 0) < (served.get(a) ?? 0) ? b : a))
      served.set(next, ++turn)
      return next
    }
    return waiting[0]!
  }
}

/** An order in which one of twice the weight comes first twice as often: Sidekiq's rule. */
function byLot(patterns: readonly string[], weightOf: (pattern: string) => number): string[] {
  return patterns
    .map((pattern) => ({ pattern, lot: Math.random() ** (1 / Math.max(weightOf(pattern), Number.MIN_VALUE)) }))
    .sort((a, b) => b.lot - a.lot)
    .map(({ pattern }) => pattern)
}
