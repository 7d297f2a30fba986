import type { EngineJob } from './engine_job.ts'
import { JobHeap } from './heap.ts'

/** The clock is looked at this often even when nothing is due, because it may be set forward. */
const longestSleepMilliseconds = 30_000
/** When more are due at once, other events get their turn in between. */
const jobsPerTurn = 1000
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** The jobs that may not run yet, soonest first, and the one timer that waits for them. */
export class DelayedJobs {
  readonly #heap = new JobHeap((a, b) => a.runAt < b.runAt || (a.runAt === b.runAt && a.sequence < b.sequence))
  readonly #onDue: (job: EngineJob) => void
  readonly #afterDue: () => void
  #timer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  #isClosed = false

  /** @param onDue takes each job whose time has come
   *  @param afterDue called once after a round of these */
  constructor(onDue: (job: EngineJob) => void, afterDue: () => void) {
    this.#onDue = onDue
    this.#afterDue = afterDue
  }

  get size(): number {
    return this.#heap.size
  }

  push(job: EngineJob): void {
    this.#heap.push(job)
    this.#arm()
  }

  remove(job: EngineJob): void {
    this.#heap.remove(job)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  [Symbol.iterator](): Iterator<EngineJob> {
    return this.#heap[Symbol.iterator]()
  }

  #arm(): void {
    const next = this.#heap.peek()
    if (next === undefined || next.runAt >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = next.runAt
    const wait = Math.max(0, Math.min(next.runAt - Date.now(), longestSleepMilliseconds))
    this.#timer = setTimeout(this.#wake, wait).unref()
  }

  readonly #wake = (): void => {
    if (this.#isClosed) return
    const now = Date.now()
    let due = 0
    for (let job = this.#heap.peek(); job !== undefined && job.runAt <= now && due < jobsPerTurn; job = this.#heap.peek()) {
      this.#heap.pop()
      this.#onDue(job)
      due++
    }
    this.#wakeAt = Number.POSITIVE_INFINITY
    if (due < jobsPerTurn) this.#arm()
    else {
      this.#wakeAt = now
      runSoon(this.#wake)
    }
    if (due > 0) this.#afterDue()
  }
}
