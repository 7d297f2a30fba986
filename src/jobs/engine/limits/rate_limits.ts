import type { RateLimit } from './constraints.ts'
import type { EngineJob } from '../engine_job.ts'
import { JobState } from '../job_state.ts'
import type { Notes } from '../notes.ts'
import { type RateNote, RateWindow } from './rate_window.ts'
import { TimeHeap } from '../queues/time_heap.ts'

/** The clock is looked at this often even when nothing is due, because it may be set forward. */
const longestSleepMilliseconds = 30_000
/** When more are due at once, other events get their turn in between. */
const windowsPerTurn = 1000
const prefix = 'rate:'

/** How fast jobs of each key begin. What began is journaled, so that a restart lets nobody begin too early; a key is forgotten when none of its
 * starts counts any more. One timer waits for all keys. */
export class RateLimits {
  readonly #windows = new Map<string, RateWindow>()
  /** By number, as the heap knows them. */
  readonly #byNumber = new Map<number, RateWindow>()
  readonly #due = new TimeHeap()
  readonly #release: (jobs: readonly EngineJob[]) => void
  #notes: Notes | undefined
  #lastNumber = 0
  #blocked = 0
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  /** When the clock was looked at last. */
  #seenAt = 0
  #isClosed = false

  /** @param release takes blocked jobs whose turn may have come */
  constructor(release: (jobs: readonly EngineJob[]) => void) {
    this.#release = release
  }

  /** How many jobs are blocked. */
  get size(): number {
    return this.#blocked
  }

  /** Reads what the journal keeps, and keeps there what comes. */
  restore(notes: Notes): void {
    this.#notes = notes
    const now = Date.now()
    for (const name of notes.names(prefix)) {
      const window = this.#window(name.slice(prefix.length))
      window.restore(notes.read(name) as RateNote)
      this.#wakeLater(window, now)
    }
  }

  /** The first limit of a job that is reached, or that others wait for which come before it: the time may be over of which nobody told them yet. */
  reachedBy(job: EngineJob, now: number): RateLimit | undefined {
    return job.constraints?.rates?.find((rate) => {
      const window = this.#windows.get(rate.key)
      return window !== undefined && (!window.hasRoomFor(rate, now) || window.blocked.isAnyBefore(job))
    })
  }

  /** Counts the start of a job. */
  record(job: EngineJob, now: number): void {
    for (const rate of job.constraints?.rates ?? []) {
      const window = this.#window(rate.key)
      if (window.record(rate, now)) this.#notes?.write(prefix + rate.key, window.note)
      this.#wakeLater(window, now)
    }
  }

  /** Sets a job aside until one more of a key may begin. */
  block(job: EngineJob, rate: RateLimit, now: number): void {
    const window = this.#window(rate.key)
    window.blocked.add(job)
    job.state = JobState.blocked
    this.#blocked++
    const first = window.blocked.first(job.queue)!
    if (first !== job) this.#releaseIfRoom(window, first, now)
    this.#wakeLater(window, now)
  }

  /** Takes a blocked job out, if it is among those here. */
  unblock(job: EngineJob): void {
    for (const { key } of job.constraints?.rates ?? []) {
      const window = this.#windows.get(key)
      if (window?.blocked.has(job) !== true) continue
      this.#takeOut(job, window)
      return
    }
  }

  /** Lets the next of its queue have a try where one that had its own leaves room.
   * @param isBlocked whether it was blocked by something else, which holds back those that are like it */
  passOn(job: EngineJob, isBlocked: boolean): void {
    const { rates } = job.constraints!
    if (rates === undefined) return
    const now = Date.now()
    for (const { key } of rates) {
      const blocked = this.#windows.get(key)?.blocked
      const next = blocked?.first(job.queue)
      if (next !== undefined && !(isBlocked && blocked!.areLike(job))) this.#releaseIfRoom(this.#windows.get(key)!, next, now)
    }
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (const { blocked } of this.#windows.values()) yield* blocked
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
  }

  #window(key: string): RateWindow {
    let window = this.#windows.get(key)
    if (window === undefined) {
      window = new RateWindow(key, ++this.#lastNumber)
      this.#windows.set(key, window)
      this.#byNumber.set(window.number, window)
    }
    return window
  }

  #releaseIfRoom(window: RateWindow, job: EngineJob, now: number): void {
    const rate = rateOf(job, window)
    if (!window.hasRoomFor(rate, now)) return
    this.#takeOut(job, window)
    this.#release([job])
  }

  #takeOut(job: EngineJob, window: RateWindow): void {
    window.blocked.remove(job)
    this.#blocked--
    if (window.isUnused) this.#forget(window)
  }

  #forget(window: RateWindow): void {
    this.#windows.delete(window.key)
    this.#byNumber.delete(window.number)
    this.#notes?.delete(prefix + window.key)
  }

  /** Sees to it that a window is looked at when one more of its jobs may begin, or when it may be forgotten. */
  #wakeLater(window: RateWindow, now: number): void {
    this.#seenAt = now
    window.forget(now)
    let at = window.endsAt
    for (const job of window.blocked.firsts()) {
      const rate = rateOf(job, window)
      if (!window.hasRoomFor(rate, now)) at = Math.min(at, window.opensAt(rate, now))
    }
    if (at >= window.wakeAt) return
    window.wakeAt = at
    this.#due.push(at, window.number)
    this.#arm()
  }

  #arm(): void {
    if (this.#isClosed || this.#due.size === 0 || this.#due.timeAt(0) >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = this.#due.timeAt(0)
    const wait = Math.max(0, Math.min(Math.ceil(this.#timerAt - Date.now()), longestSleepMilliseconds))
    this.#timer = setTimeout(this.#wake, wait).unref()
  }

  readonly #wake = (): void => {
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = Date.now()
    // The clock was set back, and nobody's time may be so far away.
    if (now < this.#seenAt) for (const window of this.#windows.values()) this.#wakeLater(window, now)
    for (let count = 0; count < windowsPerTurn && this.#due.size > 0 && this.#due.timeAt(0) <= now; count++) {
      const window = this.#byNumber.get(this.#due.sequenceAt(0))
      const time = this.#due.timeAt(0)
      this.#due.pop()
      if (window?.wakeAt === time) this.#look(window, now)
    }
    this.#arm()
  }

  #look(window: RateWindow, now: number): void {
    window.wakeAt = Number.POSITIVE_INFINITY
    window.forget(now)
    for (const job of window.blocked.firsts()) this.#releaseIfRoom(window, job, now)
    if (window.isUnused) this.#forget(window)
    else this.#wakeLater(window, now)
  }
}

/** The limit of a job that a window is for. */
function rateOf(job: EngineJob, window: RateWindow): RateLimit {
  return job.constraints!.rates!.find(({ key }) => key === window.key)!
}
