import { Addition, type AdditionTarget, isJob } from './addition.ts'
import type { ConstrainedJobs } from './constrained_jobs.ts'
import type { CustomIds } from './custom_ids.ts'
import type { DelayedJobs } from './delayed_jobs.ts'
import { EngineJob } from './engine_job.ts'
import type { NewEntry } from './entries.ts'
import { entryText } from './entry_data.ts'
import type { JobRecords } from './job_records.ts'
import { JobState } from './job_state.ts'
import type { JobTable } from './job_table.ts'
import type { Note } from './notes.ts'
import type { WaitingQueues } from './waiting_queues.ts'

/** What new jobs become a part of. */
export interface Entrance {
  readonly records: JobRecords
  readonly jobs: JobTable
  readonly queues: WaitingQueues
  readonly delayed: DelayedJobs
  readonly customIds: CustomIds
  readonly constrained: ConstrainedJobs
  readonly maxDataLength: number
  nextSequence(): number
  place(job: EngineJob): void
  remove(job: EngineJob): void
  wake(): void
}

/** The way of jobs into the queue that are added together, have to do with others, or have an id of their author's choice. */
export class NewJobs implements AdditionTarget {
  readonly #entrance: Entrance

  constructor(entrance: Entrance) {
    this.#entrance = entrance
  }

  /** Writes the records of jobs, or of none of them.
   * @param note what is remembered when they are stored, and only then */
  create(
    entries: readonly NewEntry[],
    note: Note | undefined,
    resolve: (ids: (string | null)[]) => void,
    reject: (error: Error) => void,
  ): Addition {
    const addition = new Addition(this, entries.length, resolve, reject)
    const mark = this.#entrance.records.mark()
    const now = Date.now()
    try {
      for (let index = 0; index < entries.length; index++) addition.outcomes[index] = this.#create(entries[index]!, now, addition)
    } catch (error) {
      addition.failed(error as Error)
      this.#entrance.records.rollBack(mark)
      throw error
    }
    if (note !== undefined) this.#remember(note, addition)
    return addition
  }

  /** Jobs are on disk. */
  enter(addition: Addition): void {
    for (const job of addition.replaced) if (job.state !== JobState.active) this.#entrance.remove(job)
    let isAny = false
    for (const job of addition.outcomes) {
      if (!isJob(job) || job.state === JobState.removed) continue
      this.#entrance.customIds.set(job)
      this.#entrance.place(job)
      this.#entrance.jobs.enter(job, this.#entrance.records.blockOf(job))
      isAny = true
    }
    if (isAny) this.#entrance.wake()
  }

  /** Takes back what was noted of jobs that couldn't be stored. */
  forget(addition: Addition): void {
    addition.forEachJob((job) => {
      if (job.state === JobState.removed) return
      this.#entrance.customIds.delete(job)
      this.#entrance.constrained.leave(job)
      this.#entrance.records.letGo(job)
    })
    for (const job of addition.replaced) this.#entrance.constrained.restore(job)
    if (addition.note !== undefined) this.#entrance.records.restore(addition.note)
  }

  remove(job: EngineJob): void {
    this.#entrance.remove(job)
  }

  /** The new job of an entry, the id of one that is there already, or null when it isn't to be stored. */
  #create(entry: NewEntry, now: number, addition: Addition): EngineJob | string | null {
    const { id, name, queue, constraints, priority = 0, runAt = 0 } = entry
    const longest = this.#entrance.maxDataLength
    if (id !== undefined && this.#entrance.customIds.has(id, addition)) return id
    const job = new EngineJob(this.#entrance.nextSequence(), name, queue, priority, runAt > now ? runAt : 0)
    const data = constraints === undefined ? entry.data : entryText(entry, longest)
    if (constraints !== undefined) {
      job.constraints = constraints
      if (!this.#entrance.constrained.admit(job, now, (holder) => addition.replace(holder))) return null
    }
    const options = constraints && JSON.stringify(constraints)
    const isWritten = this.#entrance.records.create(job, { data, customId: id, options }, now, longest)
    if (!isWritten) this.#entrance.records.create(job, { data: entryText(entry, longest), customId: id, options }, now)
    addition.wroteTo(this.#entrance.records.block)
    if (id !== undefined) this.#entrance.customIds.reserve(id, job, addition)
    return job
  }

  /** Journals a note together with jobs. */
  #remember({ job, text }: Note, addition: Addition): void {
    const before = { bytes: job.bytes, at: job.at }
    this.#entrance.records.createNote(job, text)
    addition.note = { job, before, bytes: job.bytes, at: job.at }
  }
}
