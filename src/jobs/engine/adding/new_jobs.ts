import { JobTooLarge } from '../../errors.ts'
import { maxBodyBytes, type Waiter } from '../../journal/index.ts'
import { Addition, type AdditionTarget, isJob } from './addition.ts'
import type { ConstrainedJobs } from '../limits/constrained_jobs.ts'
import type { CustomIds } from './custom_ids.ts'
import type { DelayedJobs } from '../queues/delayed_jobs.ts'
import { EngineJob } from '../engine_job.ts'
import type { Families } from '../families.ts'
import type { NewEntry } from './entries.ts'
import { type FamilyMember, familyMembers, hasChildren } from '../family_members.ts'
import { entryText } from './entry_data.ts'
import type { JobRecords } from '../records/job_records.ts'
import { JobState } from '../job_state.ts'
import { lengthBytes } from '../records/record_frames.ts'
import { newRecordLimit, type RecordTexts } from '../records/put_record.ts'
import type { JobTable } from '../job_table.ts'
import type { Note } from '../notes.ts'
import type { WaitingQueues } from '../queues/waiting_queues.ts'

/** A job that is to be written. */
interface Plan {
  readonly job: EngineJob
  readonly texts: RecordTexts
}

/** What new jobs become a part of. */
export interface Entrance {
  readonly records: JobRecords
  readonly jobs: JobTable
  readonly queues: WaitingQueues
  readonly delayed: DelayedJobs
  readonly customIds: CustomIds
  readonly constrained: ConstrainedJobs
  readonly families: Families
  readonly maxDataLength: number
  nextSequence(): number
  place(job: EngineJob): void
  remove(job: EngineJob): void
  wake(): void
  /** Records were written, on which `waiter` may wait. */
  changed(waiter?: Waiter): void
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
    const members = entries.some(hasChildren) ? familyMembers(entries) : undefined
    const addition = new Addition(this, (members ?? entries).length, resolve, reject)
    const mark = this.#entrance.records.mark()
    const now = Date.now()
    try {
      if (members !== undefined) this.#createFamilies(members, now, addition)
      else for (let index = 0; index < entries.length; index++) addition.outcomes[index] = this.#create(entries[index]!, now, addition)
    } catch (error) {
      addition.failed(error as Error)
      if (!this.#entrance.records.rollBack(mark, addition.records)) this.#withdraw(addition)
      throw error
    }
    if (note !== undefined) this.#remember(note, addition)
    return addition
  }

  /** Code among the data of an addition that failed, a getter or a toJSON, has added other jobs, or had the first of its own written. */
  #withdraw(addition: Addition): void {
    if (!this.#entrance.records.isJournaled) return
    addition.forEachJob((job) => {
      if (job.at > 0) this.#entrance.records.writeRemoval(job.sequence)
    })
    this.#entrance.changed()
  }

  /** Jobs are on disk. */
  enter(addition: Addition): void {
    for (const job of addition.replaced) if (job.state !== JobState.active) this.#entrance.remove(job)
    let isAny = false
    addition.forEachJob((job) => {
      if (job.state !== JobState.removed) this.#entrance.families.enter(job)
    })
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
    const { id, constraints } = entry
    const longest = this.#entrance.maxDataLength
    if (id !== undefined && this.#entrance.customIds.has(id, addition)) return id
    const job = this.#job(entry, now)
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

  #job({ name, queue, priority = 0, runAt = 0, attempts = 0 }: NewEntry, now: number): EngineJob {
    const job = new EngineJob(this.#entrance.nextSequence(), name, queue, priority, runAt > now ? runAt : 0)
    job.attempts = attempts
    return job
  }

  /** Creates parents with their children, whose records are read back all or none. */
  #createFamilies(members: readonly FamilyMember[], now: number, addition: Addition): void {
    const { records } = this.#entrance
    const plans: (Plan | undefined)[] = []
    let limit = 0
    for (const { entry, parent } of members) {
      const above = parent === undefined ? undefined : plans[parent]
      // A child of a job that isn't stored isn't, either.
      const isWithout = parent !== undefined && above === undefined
      const plan = isWithout ? null : this.#plan(entry, above, now, addition)
      const isNew = plan !== null && typeof plan !== 'string'
      addition.outcomes[plans.length] = isNew ? plan.job : plan
      plans.push(isNew ? plan : undefined)
      if (isNew) limit += newRecordLimit(plan.job, plan.texts) + lengthBytes
    }
    if (limit > maxBodyBytes) throw new JobTooLarge({ name: members[0]!.entry.name, bytes: limit, limit: maxBodyBytes })
    records.together(limit, () => {
      for (const plan of plans) if (plan !== undefined) records.create(plan.job, plan.texts, now)
    })
    addition.wroteTo(records.block)
  }

  /** A job that is to be written, the id of one that is there already, or null when it isn't to be stored. */
  #plan(entry: NewEntry, parent: Plan | undefined, now: number, addition: Addition): Plan | string | null {
    const { id } = entry
    const { children, ...own } = entry.constraints ?? {}
    if (id !== undefined && this.#entrance.customIds.has(id, addition)) return id
    const job = this.#job(entry, now)
    const above = parent && { sequence: parent.job.sequence, id: parent.texts.customId ?? String(parent.job.sequence) }
    job.constraints = { ...own, ...(above && { parent: above }), ...(children && { onChildFailure: children.onFailure }) }
    const data = entryText(entry, this.#entrance.maxDataLength)
    if (!this.#entrance.constrained.admit(job, now, (holder) => addition.replace(holder))) return null
    if (children !== undefined) job.state = JobState.waitingChildren
    if (id !== undefined) this.#entrance.customIds.reserve(id, job, addition)
    return { job, texts: { data, customId: id, options: JSON.stringify(job.constraints) } }
  }

  /** Journals a note together with jobs. */
  #remember({ job, text }: Note, addition: Addition): void {
    const before = { bytes: job.bytes, at: job.at }
    this.#entrance.records.createNote(job, text)
    addition.note = { job, before, bytes: job.bytes, at: job.at }
  }
}
