import type { EngineJob } from './engine_job.ts'
import type { JobTable } from './job_table.ts'
import { TimeHeap } from './time_heap.ts'

/** The clock is looked at this often even when nothing is due, because it may be set forward. */
const longestSleepMilliseconds = 30_000
/** When more are due at once, other events get their turn in between. */
const jobsPerTurn = 1000
/** So many entries of jobs that aren't delayed any more may always stay. */
const mostGone = 1000
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** The jobs that may not run yet, soonest first, and the one timer that waits for them. It knows their numbers only, so that they may sleep; an entry
 * of a job that was taken out stays until its time has come. */
export class DelayedJobs {
  readonly #heap = new TimeHeap()
  readonly #jobs: JobTable
  readonly #onDue: (job: EngineJob) => void
  readonly #afterDue: () => void
  #size = 0
  #timer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  #isClosed = false

  /** @param onDue takes each job whose time has come
   *  @param afterDue called once after a round of these */
  constructor(jobs: JobTable, onDue: (job: EngineJob) => void, afterDue: () => void) {
    this.#jobs = jobs
    this.#onDue = onDue
    this.#afterDue = afterDue
  }

  get size(): number {
    return this.#size
  }

  push(runAt: number, sequence: number): void {
    this.#heap.push(runAt, sequence)
    this.#size++
    if (runAt < this.#wakeAt) this.#arm()
  }

  /** Notes that one of them isn't delayed any more, before its state says so. */
  remove(): void {
    this.#size--
    if (this.#heap.size <= 2 * this.#size + mostGone) return
    // The one that goes now is still there by its state: one entry too many does no harm.
    this.#heap.keep((time, sequence) => this.#jobs.runAtOfDelayed(sequence) === time)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  /** Those that sleep go on sleeping. */
  *[Symbol.iterator](): Iterator<EngineJob> {
    const seen = this.#heap.size > this.#size ? new Set<number>() : undefined
    for (let index = 0; index < this.#heap.size; index++) {
      const sequence = this.#heap.sequenceAt(index)
      if (this.#jobs.runAtOfDelayed(sequence) !== this.#heap.timeAt(index) || seen?.has(sequence)) continue
      seen?.add(sequence)
      yield this.#jobs.peek(sequence)!
    }
  }

  #arm(): void {
    if (this.#heap.size === 0 || this.#heap.timeAt(0) >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = this.#heap.timeAt(0)
    const wait = Math.max(0, Math.min(this.#wakeAt - Date.now(), longestSleepMilliseconds))
    this.#timer = setTimeout(this.#wake, wait).unref()
  }

  readonly #wake = (): void => {
    if (this.#isClosed) return
    const now = Date.now()
    let due = 0
    while (this.#heap.size > 0 && this.#heap.timeAt(0) <= now && due < jobsPerTurn) {
      due++
      const time = this.#heap.timeAt(0)
      const sequence = this.#heap.sequenceAt(0)
      this.#heap.pop()
      if (this.#jobs.runAtOfDelayed(sequence) !== time) continue
      this.#size--
      this.#onDue(this.#jobs.get(sequence)!)
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
