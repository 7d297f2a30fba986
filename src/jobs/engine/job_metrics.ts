import type { EndState } from './ended_jobs.ts'
import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'

/** Minutes are kept for two weeks, as by BullMQ. */
export const mostMinutes = 14 * 24 * 60
const minutesUnlessSaid = 60
/** So many queues may always be there that no job ended in for two weeks. */
const mostQuiet = 100

/** How many jobs ended in a way. */
export interface FinishedCounts {
  /** All since counting began: it begins anew with each owner of an embedded queue, and goes on for ever on a server. */
  readonly count: number
  /** Minute by minute, the newest first; the minute that isn't over yet is left out. */
  readonly data: readonly number[]
}

/** Those of a queue that completed, or were discarded, and those that failed. */
export interface FinishedJobCounts {
  readonly completed: FinishedCounts
  readonly failed: FinishedCounts
}

/** What the jobs of each queue came to, counted in memory: what becomes of a job costs one number more. */
export class JobMetrics {
  readonly #queues = new Map<string, { readonly completed: MinuteCounts; readonly failed: MinuteCounts }>()
  /** When jobs were called again that had waited or run before. */
  readonly #calledAgain = new WeakMap<EngineJob, number>()
  #sweepAt = mostQuiet

  /** Counts a job that ends now. */
  add(queue: string, state: EndState): void {
    const minute = minuteOf(Date.now())
    const counts = this.#queues.get(queue) ?? this.#enter(queue, minute)
    ;(state === JobState.failed ? counts.failed : counts.completed).add(minute)
  }

  /** Notes that a job waits from now on, whenever it was added. */
  callAgain(job: EngineJob): void {
    this.#calledAgain.set(job, Date.now())
  }

  /** Since when a job has waited that may run, in milliseconds since the epoch. */
  waitsSince(job: EngineJob): number {
    return Math.max(job.createdAt, job.runAt, this.#calledAgain.get(job) ?? 0)
  }

  /** The queues that are counted. */
  get queues(): Iterable<string> {
    return this.#queues.keys()
  }

  /** What the jobs of a queue came to.
   * @param minutes how many of the last minutes */
  of(queue: string, minutes: number): FinishedJobCounts {
    const counts = this.#queues.get(queue)
    const now = minuteOf(Date.now())
    return { completed: countsOf(counts?.completed, minutes, now), failed: countsOf(counts?.failed, minutes, now) }
  }

  #enter(queue: string, minute: number) {
    if (this.#queues.size >= this.#sweepAt) this.#forgetQuiet(minute)
    const counts = { completed: new MinuteCounts(), failed: new MinuteCounts() }
    this.#queues.set(queue, counts)
    return counts
  }

  /** Names that are used for a few jobs only, such as those of customers, must not pile up. */
  #forgetQuiet(minute: number): void {
    const oldest = minute - mostMinutes
    for (const [name, { completed, failed }] of this.#queues) {
      if (completed.newest < oldest && failed.newest < oldest) this.#queues.delete(name)
    }
    this.#sweepAt = 2 * this.#queues.size + mostQuiet
  }
}

/** Jobs that ended, by the minute: only minutes in which any did are kept. */
class MinuteCounts {
  count = 0
  newest = Number.NEGATIVE_INFINITY
  readonly #minutes: number[] = []
  readonly #counts: number[] = []

  add(minute: number): void {
    this.count++
    // A clock that was set back lets a minute go on.
    if (minute > this.newest) this.#begin(minute)
    this.#counts[this.#counts.length - 1]!++
  }

  /** The minutes before one, the last first. */
  before(minute: number, length: number): number[] {
    const data = new Array<number>(length).fill(0)
    for (let index = this.#minutes.length - 1; index >= 0; index--) {
      const ago = minute - this.#minutes[index]! - 1
      if (ago >= length) break
      if (ago >= 0) data[ago] = this.#counts[index]!
    }
    return data
  }

  #begin(minute: number): void {
    this.newest = minute
    this.#minutes.push(minute)
    this.#counts.push(0)
    const old = this.#minutes.findIndex((one) => one >= minute - mostMinutes)
    if (old <= 0) return
    this.#minutes.splice(0, old)
    this.#counts.splice(0, old)
  }
}

/** How many minutes are answered to one who asks for so many. */
export function minutesAnswered(asked: number = minutesUnlessSaid): number {
  return Math.floor(Math.min(Math.max(asked, 0), mostMinutes))
}

function countsOf(counts: MinuteCounts | undefined, minutes: number, now: number): FinishedCounts {
  return { count: counts?.count ?? 0, data: counts?.before(now, minutes) ?? new Array<number>(minutes).fill(0) }
}

function minuteOf(time: number): number {
  return Math.floor(time / 60_000)
}
