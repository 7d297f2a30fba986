/** Somebody who waits for a batch. */
export interface Waiter {
  /** How many calls it stands for, when there may be more than one. */
  readonly size?: number
  stored(): void
  failed(error: Error): void
}

/** Whoever is told goes on at once: more of them at a time would keep the disk, and all other events, waiting. */
const toldPerTurn = 128
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** Tells those whose changes are on disk, in order, some in each turn of the loop. */
export class Acknowledgements {
  #waiters: readonly Waiter[] = []
  #next = 0
  #isScheduled = false
  #told = 0

  /** How many were told or will be. */
  get total(): number {
    return this.#told + this.#waiters.length - this.#next
  }

  /** Whether there are some to be told. */
  get hasMore(): boolean {
    return this.#next < this.#waiters.length
  }

  /** How many were told. */
  get told(): number {
    return this.#told
  }

  /** Takes those whose changes were stored. The first of them are told at once, unless others come before them. */
  add(waiters: readonly Waiter[]): void {
    this.#waiters = this.#next === this.#waiters.length ? waiters : [...this.#waiters.slice(this.#next), ...waiters]
    this.#next = 0
    if (!this.#isScheduled) this.#tell(toldPerTurn)
  }

  /** Tells all that are left. */
  flush(): void {
    this.#tell(Number.POSITIVE_INFINITY)
  }

  #tell(most: number): void {
    try {
      for (let left = most; left > 0 && this.#next < this.#waiters.length; ) {
        this.#told++
        const waiter = this.#waiters[this.#next++]!
        left -= waiter.size ?? 1
        waiter.stored()
      }
    } finally {
      // Whatever one of them throws, the others hear, too.
      if (this.#next < this.#waiters.length && !this.#isScheduled) {
        this.#isScheduled = true
        runSoon(this.#turn)
      }
    }
  }

  readonly #turn = (): void => {
    this.#isScheduled = false
    this.#tell(toldPerTurn)
  }
}
