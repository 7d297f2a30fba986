/** Counts for rate limits. `adapters/redis` has one that processes share. */
export interface RateLimitStore {
  /** Adds one to a count that is forgotten `seconds` after its first request.
   * @returns the sum
   */
  increment(key: string, seconds: number): number | Promise<number>
}

interface Count {
  sum: number
  readonly until: number
}

/** Counts in the memory of this process. Bounded: when there are too many the oldest go, so that clients can't fill it. */
export class MemoryRateLimitStore implements RateLimitStore {
  readonly #counts = new Map<string, Count>()
  readonly #most: number

  /** @param options.most counts kept; default 100,000 */
  constructor({ most = 100_000 }: { readonly most?: number } = {}) {
    this.#most = most
  }

  increment(key: string, seconds: number): number {
    const now = Date.now()
    const known = this.#counts.get(key)
    if (known !== undefined && known.until > now) return ++known.sum
    this.#counts.delete(key)
    if (this.#counts.size >= this.#most) this.#makeRoom(now)
    this.#counts.set(key, { sum: 1, until: now + seconds * 1000 })
    return 1
  }

  // A tenth at once, so that a flood of new clients pays for looking through all of them now and then only.
  #makeRoom(now: number): void {
    for (const [key, count] of this.#counts) if (count.until <= now) this.#counts.delete(key)
    const keep = Math.floor(this.#most * 0.9)
    for (const key of this.#counts.keys()) {
      if (this.#counts.size <= keep) return
      this.#counts.delete(key)
    }
  }
}
