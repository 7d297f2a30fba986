import { dueTimes } from '../schedules/due_times.ts'
import type { RecurringJob, ScheduleProgress, ScheduleStatus } from '../schedules/recurring_job.ts'
import { timeAfter } from '../schedules/times.ts'
import type { NewEntry } from './adding/entries.ts'
import type { Note, Notes } from './notes.ts'

/** What the journal keeps of a schedule. */
interface ScheduleNote {
  readonly cron: string
  readonly timeZone?: string | undefined
  /** Up to when its times are dealt with, in milliseconds since the epoch. */
  readonly after: number
  readonly lastAt?: number | undefined
}

/** What schedules need of the engine. */
export interface ScheduleEngine {
  readonly notes: Notes
  /** Stores jobs and a note together, or neither. */
  add(entries: readonly NewEntry[], note: Note): Promise<unknown>
  onFailure(key: string, error: unknown): void
}

const prefix = 'schedule:'
/** The clock is looked at this often, because it may be set. */
const longestSleepMilliseconds = 30_000
/** A clock that was further ahead was wrong, and has been put right: its times don't count, as in Vixie's cron. What was ahead by less is waited for, so
 * that no time is used twice. */
const mostAheadMilliseconds = 3 * 3600_000

/** Enqueues jobs again and again. Up to when a schedule was dealt with is journaled together with the jobs, so that a time is neither
 * missed nor used twice when the process dies; and since one process owns the journal, it alone keeps the schedules. */
export class Schedules {
  readonly #engine: ScheduleEngine
  readonly #jobs = new Map<string, RecurringJob>()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(engine: ScheduleEngine) {
    this.#engine = engine
  }

  /** Replaces all schedules. One whose times are the same goes on where it was.
   * @param progress where another backend was, by key
   */
  set(recurring: readonly RecurringJob[], progress: ScheduleProgress = {}): void {
    const { notes } = this.#engine
    this.#jobs.clear()
    for (const job of recurring) {
      this.#jobs.set(job.key, job)
      const { cron, timeZone } = job
      const known = this.#note(job.key)
      const moved = Object.hasOwn(progress, job.key) ? progress[job.key] : undefined
      if (moved !== undefined || known?.cron !== cron || known.timeZone !== timeZone) {
        notes.write(prefix + job.key, { cron, timeZone, after: Date.now(), ...moved })
      }
    }
    for (const name of notes.names(prefix)) if (!this.#jobs.has(name.slice(prefix.length))) notes.delete(name)
    this.#wake()
  }

  /** All schedules, with when they are next. */
  list(): ScheduleStatus[] {
    return [...this.#jobs.values()].map(({ key, schedule, cron, timeZone, job }) => {
      const note = this.#note(key)
      const nextAt = timeAfter(cron, timeZone, Math.max(note?.after ?? 0, Date.now()))
      return { key, schedule, cron, timeZone, job: job.name, queue: job.queue, nextAt, lastAt: note?.lastAt, after: note?.after }
    })
  }

  /** Where those of these jobs are in their times that are kept, also when they haven't been set. */
  progressOf(recurring: readonly RecurringJob[]): ScheduleProgress {
    const kept = recurring.flatMap(({ key, cron, timeZone }) => {
      const note = this.#note(key)
      if (note?.cron !== cron || note.timeZone !== timeZone) return []
      return [[key, { after: note.after, lastAt: note.lastAt }] as const]
    })
    return Object.fromEntries(kept)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #note(key: string): ScheduleNote | undefined {
    return this.#engine.notes.read(prefix + key) as ScheduleNote | undefined
  }

  /** Up to when the times of a schedule are dealt with. */
  #after(key: string, now: number): number {
    const note = this.#note(key)!
    if (note.after <= now + mostAheadMilliseconds) return note.after
    this.#engine.notes.write(prefix + key, { ...note, after: now })
    return now
  }

  readonly #wake = (): void => {
    if (this.#isClosed) return
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const job of this.#jobs.values()) {
      const after = this.#after(job.key, now)
      const time = timeAfter(job.cron, job.timeZone, after)
      if (time !== undefined && time <= now) this.#enqueue(job, after, now)
      next = Math.min(next, timeAfter(job.cron, job.timeZone, now) ?? next)
    }
    clearTimeout(this.#timer)
    if (this.#jobs.size === 0) return
    this.#timer = setTimeout(this.#wake, Math.max(1, Math.min(next - Date.now(), longestSleepMilliseconds))).unref()
  }

  #enqueue(recurring: RecurringJob, after: number, now: number): void {
    const times = dueTimes(recurring, after, now)
    const { cron, timeZone, job } = recurring
    const { lastAt } = this.#note(recurring.key)!
    const { notes } = this.#engine
    const name = prefix + recurring.key
    const before: ScheduleNote = { cron, timeZone, after, lastAt }
    if (times.length === 0) {
      notes.write(name, { ...before, after: now })
      return
    }
    const note = notes.note(name, { cron, timeZone, after: now, lastAt: times.at(-1) })
    const { queue, name: className, data, priority, constraints } = job
    const entries = times.map(() => ({ queue, name: className, data, priority, constraints }))
    this.#engine.add(entries, note).catch((error: unknown) => {
      notes.note(name, before)
      this.#engine.onFailure(recurring.key, error)
    })
  }
}
