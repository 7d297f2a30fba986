/** Counts the jobs started in a window of time. */
export class Limiter {
  count = 0
  expiresAt = 0

  /** Counts one job; the first one opens the window. */
  take(duration: number, now: number): void {
    if (this.#isOver(now)) this.count = 0
    this.count++
    if (this.count === 1) this.expiresAt = now + Math.floor(Math.abs(duration))
  }

  /** Closes the queue for so many milliseconds. */
  close(milliseconds: number, now: number): void {
    this.count = Number.MAX_SAFE_INTEGER
    this.expiresAt = now + milliseconds
  }

  /** @returns whether there was a window */
  reset(now: number): boolean {
    const wasOpen = this.count > 0 && !this.#isOver(now)
    this.count = 0
    this.expiresAt = 0
    return wasOpen
  }

  /** Milliseconds until the window ends; -2 when there is none, as for PTTL. */
  remaining(now: number): number {
    return this.count === 0 || this.#isOver(now) ? -2 : this.expiresAt - now
  }

  /** Milliseconds to wait before another job may start, when at most `maxJobs` may in a window. */
  waitTime(maxJobs: number | undefined, now: number): number {
    if (maxJobs === undefined || this.#isOver(now) || maxJobs > this.count) return 0
    return Math.max(0, this.expiresAt - now)
  }

  #isOver(now: number): boolean {
    return this.expiresAt <= now
  }
}
