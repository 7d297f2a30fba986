import type { EngineJob } from './engine_job.ts'
import type { JobTable } from './job_table.ts'
import { QueueNumbers } from './queue_numbers.ts'
import { type TimedJob, TimesInOrder } from './times_in_order.ts'

/** The clock is looked at this often even when nothing is due, because it may be set forward. */
const longestSleepMilliseconds = 30_000
/** When more are due at once, other events get their turn in between. */
const jobsPerTurn = 1000
/** So many entries of jobs that aren't delayed any more may always stay. */
const mostGone = 1000
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** The jobs that may not run yet, soonest first, and the one timer that waits for them. It knows their numbers and queues only, so that they may sleep. */
export class DelayedJobs {
  readonly #times = new TimesInOrder()
  readonly #queues = new QueueNumbers()
  /** Those that weren't among the jobs yet when they came. */
  readonly #newest: Pick<TimedJob, 'time' | 'sequence'>[] = []
  /** How many entries are of jobs that aren't delayed any more. */
  #gone = 0
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
    return this.#times.size + this.#newest.length - this.#gone
  }

  /** How many there are of each queue that has any. */
  get byQueue(): Iterable<readonly [queue: string, jobs: number]> {
    this.#settle()
    return this.#queues
  }

  push(runAt: number, sequence: number, queue = this.#jobs.peek(sequence)?.queue): void {
    this.#enterNewest()
    if (queue === undefined) this.#newest.push({ time: runAt, sequence })
    else this.#enter(runAt, sequence, queue)
    if (runAt < this.#wakeAt) this.#arm()
  }

  /** Notes that one of them isn't delayed any more, before its state says so. */
  remove(): void {
    this.#gone++
    // The one that goes now is still there by its state: one entry too many does no harm.
    if (2 * this.#gone > this.#times.size + mostGone) this.#settle()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  /** Those behind the first `offset`, soonest first. They go on sleeping, and none may come or go meanwhile.
   * @param queue those of one queue only */
  *from(offset: number, queue?: string): Generator<EngineJob, void> {
    this.#settle()
    const number = queue === undefined ? undefined : this.#queues.get(queue)
    if (queue !== undefined && number === undefined) return
    const sequences = number === undefined ? this.#times.from(offset) : this.#times.ofQueue(number, offset)
    for (const sequence of sequences) yield this.#jobs.peek(sequence)!
  }

  #enter(time: number, sequence: number, queue: string): void {
    // One that was delayed until the same time before.
    if (this.#gone > 0) this.#forget(time, sequence)
    this.#times.push(time, sequence, this.#queues.add(queue))
  }

  /** Drops the entry of a job that isn't delayed any more. */
  #forget(time: number, sequence: number): void {
    const known = this.#times.remove(time, sequence)
    if (known === undefined) return
    this.#queues.remove(known.queue)
    this.#gone--
  }

  #enterNewest(): void {
    if (this.#newest.length === 0) return
    for (const job of this.#newest.splice(0)) {
      const { queue } = this.#jobs.peek(job.sequence) ?? {}
      if (queue === undefined) this.#newest.push(job)
      else this.#enter(job.time, job.sequence, queue)
    }
  }

  /** Drops the entries of all jobs that aren't delayed any more. */
  #settle(): void {
    this.#enterNewest()
    if (this.#gone === 0) return
    const gone = [...this.#times].filter(({ time, sequence }) => this.#jobs.runAtOfDelayed(sequence) !== time)
    for (const { time, sequence } of gone) this.#forget(time, sequence)
  }

  #arm(): void {
    const first = Math.min(this.#times.firstTime, ...this.#newest.map(({ time }) => time))
    if (first === Number.POSITIVE_INFINITY || first >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = first
    const wait = Math.max(0, Math.min(first - Date.now(), longestSleepMilliseconds))
    this.#timer = setTimeout(this.#wake, wait).unref()
  }

  readonly #wake = (): void => {
    if (this.#isClosed) return
    this.#enterNewest()
    const now = Date.now()
    let due = 0
    while (this.#times.firstTime <= now && due < jobsPerTurn) {
      due++
      const { time, sequence, queue } = this.#times.shift()
      this.#queues.remove(queue)
      if (this.#jobs.runAtOfDelayed(sequence) === time) this.#onDue(this.#jobs.get(sequence)!)
      else this.#gone--
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
