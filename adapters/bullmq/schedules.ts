import { createHash, randomUUID } from 'node:crypto'
import type { Queue } from 'bullmq'
import { dueTimes, type NewJob, type RecurringJob, type ScheduleProgress, type ScheduleStatus, timeAfter } from '../../src/jobs/index.ts'
import type { Locks } from './locks.ts'

/** What is kept of a schedule, as a job that nobody runs. */
interface ScheduleNote {
  readonly key: string
  readonly cron: string
  readonly timeZone?: string | undefined
  readonly after: number
  readonly lastAt?: number | undefined
}

/** What schedules need of the backend. */
export interface ScheduleKeeping {
  readonly notes: Queue
  readonly locks: Locks
  add(entries: readonly NewJob[]): Promise<unknown>
  onFailure(error: unknown): void
}

const leadership = 'schedules'
const leaseMilliseconds = 15_000
/** How long a process sleeps at most: it may have to lead in another's place. */
const longestSleepMilliseconds = 5_000

/** Enqueues jobs again and again, from one of the processes that were given them: the others take over when it is gone. Up to when a schedule is
 * dealt with is kept after its jobs were added, and these have ids made of their times, so that none is missed and none is there twice. */
export class BullmqSchedules {
  readonly #keeping: ScheduleKeeping
  readonly #me = randomUUID()
  #jobs: ReadonlyMap<string, RecurringJob> = new Map()
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(keeping: ScheduleKeeping) {
    this.#keeping = keeping
  }

  /** Replaces all schedules. One whose times are the same goes on where it was. */
  async set(recurring: readonly RecurringJob[], progress: ScheduleProgress = {}): Promise<void> {
    this.#jobs = new Map(recurring.map((job) => [job.key, job]))
    for (const { key, cron, timeZone } of recurring) {
      const known = await this.#note(key)
      const moved = Object.hasOwn(progress, key) ? progress[key] : undefined
      if (moved !== undefined || known?.cron !== cron || known.timeZone !== timeZone) {
        await this.#write({ key, cron, timeZone, after: Date.now(), ...moved })
      }
    }
    for (const note of await this.#keeping.notes.getJobs(['waiting'])) {
      if (note !== undefined && !this.#jobs.has((note.data as ScheduleNote).key)) await note.remove()
    }
    this.#wake()
  }

  async list(): Promise<ScheduleStatus[]> {
    return Promise.all(
      [...this.#jobs.values()].map(async ({ key, schedule, cron, timeZone, job }) => {
        const note = await this.#note(key)
        const nextAt = timeAfter(cron, timeZone, Math.max(note?.after ?? 0, Date.now()))
        return { key, schedule, cron, timeZone, job: job.name, queue: job.queue, nextAt, lastAt: note?.lastAt, after: note?.after }
      }),
    )
  }

  /** Where those of these jobs are in their times that are kept, also when they haven't been set. */
  async progressOf(recurring: readonly RecurringJob[]): Promise<ScheduleProgress> {
    const kept: [string, { readonly after: number; readonly lastAt: number | undefined }][] = []
    for (const { key, cron, timeZone } of recurring) {
      const note = await this.#note(key)
      if (note?.cron === cron && note.timeZone === timeZone) kept.push([key, { after: note.after, lastAt: note.lastAt }])
    }
    return Object.fromEntries(kept)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#turn
    if (this.#jobs.size > 0) await this.#keeping.locks.release(leadership, this.#me).catch(() => {})
  }

  readonly #wake = (): void => {
    clearTimeout(this.#timer)
    this.#turn = this.#turn
      .then(() => this.#enqueueDue())
      .catch((error: unknown) => this.#keeping.onFailure(error))
      .then(() => {
        if (this.#isClosed || this.#jobs.size === 0) return
        this.#timer = setTimeout(this.#wake, Math.max(1, Math.min(this.#nextAt() - Date.now(), longestSleepMilliseconds))).unref()
      })
  }

  #nextAt(): number {
    const now = Date.now()
    return Math.min(...[...this.#jobs.values()].map(({ cron, timeZone }) => timeAfter(cron, timeZone, now) ?? Number.POSITIVE_INFINITY))
  }

  async #enqueueDue(): Promise<void> {
    if (this.#isClosed || this.#jobs.size === 0 || !(await this.#leads())) return
    const now = Date.now()
    for (const recurring of this.#jobs.values()) {
      const { key, cron, timeZone, job } = recurring
      const note = (await this.#note(key)) ?? { key, cron, timeZone, after: now }
      const next = timeAfter(cron, timeZone, note.after)
      if (next === undefined || next > now) continue
      const times = dueTimes(recurring, note.after, now)
      await this.#keeping.add(times.map((time) => ({ ...job, id: `${noteId(key)}-${time}` })))
      await this.#write({ key, cron, timeZone, after: now, lastAt: times.at(-1) ?? note.lastAt })
    }
  }

  async #leads(): Promise<boolean> {
    const mine = { owner: this.#me, until: Date.now() + leaseMilliseconds }
    if ((await this.#keeping.locks.take(leadership, mine)) !== undefined) return false
    return this.#keeping.locks.pass(leadership, this.#me, mine)
  }

  async #note(key: string): Promise<ScheduleNote | undefined> {
    return (await this.#keeping.notes.getJob(noteId(key)))?.data as ScheduleNote | undefined
  }

  async #write(note: ScheduleNote): Promise<void> {
    const known = await this.#keeping.notes.getJob(noteId(note.key))
    if (known === undefined) await this.#keeping.notes.add('schedule', note, { jobId: noteId(note.key) })
    else await known.updateData(note)
  }
}

function noteId(key: string): string {
  return `schedule-${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`
}
