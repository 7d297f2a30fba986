import { BlockedJobs } from './blocked_jobs.ts'
import type { RateLimit } from './constraints.ts'

/** So many moments are told apart exactly. When there are more, starts within this part of the time count as one moment, the last of theirs: a
 * limit of thousands takes no more memory than one of fifty, and lets begin two in a hundred less at worst. */
const exactMoments = 50

/** Jobs that began at one time, or within a short one. */
interface Moment {
  readonly from: number
  until: number
  count: number
}

/** What is kept of a window. */
export interface RateNote {
  readonly span: number
  /** When the first of the moments was, in milliseconds since the epoch… */
  readonly from: number
  /** …and how many milliseconds after it each ended, followed by how many began. */
  readonly moments: readonly number[]
}

/** The starts of one key that still count, in a sliding window, and the jobs that wait for its limit. */
export class RateWindow {
  readonly key: string
  readonly number: number
  readonly blocked = new BlockedJobs()
  /** When it is looked at next. */
  wakeAt = Number.POSITIVE_INFINITY
  #moments: Moment[] = []
  /** How long starts count, in milliseconds: the longest time of those that were asked for. */
  #span = 0
  /** How many starts of the last moment the note counts already. */
  #noted = 0

  constructor(key: string, number: number) {
    this.key = key
    this.number = number
  }

  /** Takes in what was kept; what is none of it counts for nothing. */
  restore(note: RateNote): void {
    const { span, from, moments = [] } = note
    if (![span, from, ...moments].every(Number.isFinite)) return
    this.#span = span
    for (let index = 0; index + 1 < moments.length; index += 2) {
      const time = from + moments[index]!
      this.#moments.push({ from: time, until: time, count: moments[index + 1]! })
    }
  }

  /** Counts a start.
   * @returns whether it has to be noted: of a limit of hundreds, each note counts some that are still to come */
  record(rate: RateLimit, now: number): boolean {
    this.#span = Math.max(this.#span, rate.per)
    let last = this.#moments.at(-1)
    if (last !== undefined && now - last.from <= this.#step) {
      last.until = now
      last.count++
    } else {
      this.#moments.push((last = { from: now, until: now, count: 1 }))
      this.#noted = 0
    }
    if (last.count <= this.#noted) return false
    this.#noted = last.count + Math.floor(rate.to / exactMoments)
    return true
  }

  /** What is to be kept of it. */
  get note(): RateNote {
    const from = this.#moments[0]!.from
    const last = this.#moments.at(-1)!
    const moments = this.#moments.flatMap(({ until, count }) => [until - from, count])
    moments.splice(-2, 2, Math.max(last.until, last.from + this.#step) - from, Math.max(last.count, this.#noted))
    return { span: this.#span, from, moments }
  }

  /** Whether one more may begin. */
  hasRoomFor(rate: RateLimit, now: number): boolean {
    return this.#countFor(rate, now) < rate.to
  }

  /** When one more may begin, in milliseconds since the epoch. */
  opensAt(rate: RateLimit, now: number): number {
    let tooMany = this.#countFor(rate, now) - rate.to
    for (const { until, count } of this.#moments) {
      if (until + rate.per <= now) continue
      tooMany -= count
      if (tooMany < 0) return until + rate.per
    }
    return now
  }

  /** When no start counts any more; never when none does now. */
  get endsAt(): number {
    const last = this.#moments.at(-1)
    return last === undefined ? Number.POSITIVE_INFINITY : last.until + this.#span
  }

  /** Forgets the starts that don't count any more. A clock that was set back doesn't make them last. */
  forget(now: number): void {
    while (this.#moments.length > 0 && this.#moments[0]!.until + this.#span <= now) this.#moments.shift()
    for (let index = this.#moments.length - 1; index >= 0 && this.#moments[index]!.until > now; index--) this.#moments[index]!.until = now
  }

  /** Whether no start counts any more, and nobody waits. */
  get isUnused(): boolean {
    return this.#moments.length === 0 && this.blocked.isEmpty
  }

  get #step(): number {
    return this.#moments.length < exactMoments ? 0 : this.#span / exactMoments
  }

  #countFor({ per }: RateLimit, now: number): number {
    let sum = 0
    for (let index = this.#moments.length - 1; index >= 0; index--) {
      const { until, count } = this.#moments[index]!
      if (until + per <= now) break
      sum += count
    }
    return sum
  }
}
