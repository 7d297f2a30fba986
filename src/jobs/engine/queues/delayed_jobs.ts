import type { EngineJob } from '../engine_job.ts'
import { JobState } from '../job_state.ts'
import type { JobTable } from '../job_table.ts'
import { QueueNumbers } from './queue_numbers.ts'
import { TimesInOrder } from './times_in_order.ts'

/** The clock is looked at this often even when nothing is due, because it may be set forward. */
const longestSleepMilliseconds = 30_000
/** When more are due at once, other events get their turn in between. */
const jobsPerTurn = 1000
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** The jobs that may not run yet, soonest first, and the one timer that waits for them. It knows their numbers and queues only, so that they may sleep. */
export class DelayedJobs {
  readonly #times = new TimesInOrder()
  readonly #queues = new QueueNumbers()
  readonly #jobs: JobTable
  readonly #onDue: (job: EngineJob) => void
  readonly #afterDue: () => void
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
    return this.#times.size
  }

  /** How many there are of each queue that has any. */
  get byQueue(): Iterable<readonly [queue: string, jobs: number]> {
    return this.#queues
  }

  push(runAt: number, sequence: number, queue: string): void {
    this.#times.push(runAt, sequence, this.#queues.add(queue))
    if (runAt < this.#wakeAt) this.#arm()
  }

  /** Takes one of them out. */
  remove({ runAt, sequence }: EngineJob): void {
    const known = this.#times.remove(runAt, sequence)
    if (known !== undefined) this.#queues.remove(known.queue)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  /** Those behind the first `offset`, soonest first. They go on sleeping, and none may come or go meanwhile.
   * @param queue those of one queue only */
  *from(offset: number, queue?: string): Generator<EngineJob, void> {
    const number = queue === undefined ? undefined : this.#queues.get(queue)
    if (queue !== undefined && number === undefined) return
    const sequences = number === undefined ? this.#times.from(offset) : this.#times.ofQueue(number, offset)
    for (const sequence of sequences) yield this.#jobs.peek(sequence)!
  }

  #arm(): void {
    const first = this.#times.firstTime
    if (first >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = first
    const wait = Math.max(0, Math.min(first - Date.now(), longestSleepMilliseconds))
    this.#timer = setTimeout(this.#wake, wait).unref()
  }

  readonly #wake = (): void => {
    if (this.#isClosed) return
    const now = Date.now()
    let due = 0
    while (this.#times.firstTime <= now && due < jobsPerTurn) {
      due++
      const { time, sequence, queue } = this.#times.shift()
      this.#queues.remove(queue)
      const job = this.#jobs.get(sequence)
      if (job?.state === JobState.delayed && job.runAt === time) this.#onDue(job)
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
