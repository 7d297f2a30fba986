/** Finished jobs per minute, newest first, as BullMQ counts them. */
export class MetricSeries {
  count = 0
  previousTime: number | undefined
  previousCount = 0
  points: number[] = []

  /** Counts one job.
   * @returns whether a minute ended */
  add(maxPoints: number, now: number): boolean {
    const count = this.count++
    if (this.previousTime === undefined) {
      this.previousTime = now
      this.previousCount = 0
      return true
    }
    const minutes = Math.min(Math.floor(now / 60_000) - Math.floor(this.previousTime / 60_000), maxPoints)
    if (minutes <= 0) return false
    // The silent minutes go in front of the count: they are younger than it.
    const newest = [...new Array<number>(minutes - 1).fill(0), count - this.previousCount]
    this.points = [...newest, ...this.points].slice(0, maxPoints)
    this.previousCount = count
    this.previousTime = now
    return true
  }

  reset(): void {
    this.count = 0
    this.previousTime = undefined
    this.previousCount = 0
    this.points = []
  }
}
