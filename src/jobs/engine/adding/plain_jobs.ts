import { entryText } from './entry_data.ts'
import type { NewEntry } from './entries.ts'
import type { Entrance } from './new_jobs.ts'
import type { RecordPlace } from './addition.ts'
import { PlainGroup, type PlainJob, type PlainTarget, type Tell } from './plain_group.ts'
import { restoreJob } from '../records/restore_job.ts'

/** More jobs of a group at a time would keep the disk, and all other events, waiting. */
const mostInGroup = 64
/** So many groups are kept to be used again: as many as a batch of a thousand calls needs. */
const mostFree = 32
// Kept here, so that an application's tests may replace the global timers.
const { queueMicrotask: runNext } = globalThis

/** Whether a job has nothing that must be known before its turn or its time comes: most jobs. */
export function isPlain({ id, constraints, priority }: NewEntry): boolean {
  return id === undefined && constraints === undefined && (priority === undefined || priority === 0)
}

/** The way of plain jobs into the queue, one at a time: of each there is nothing but its record and who waits for it, until it is on disk, and nothing but
 * where its record is from then on. */
export class PlainJobs implements PlainTarget {
  readonly #entrance: Entrance
  /** What the clock says, for all that come one behind the other without a turn of the loop in between; 0 when nobody has looked yet. */
  #now = 0
  #group: PlainGroup | undefined
  readonly #free: PlainGroup[] = []

  constructor(entrance: Entrance) {
    this.#entrance = entrance
  }

  /** Stores a job; resolves when it is stored with what `tell` answers, of the subject and the job's id.
   * @throws QueueWriteFailed, JobTooLarge (REGAUGE_JOB_TOO_LARGE), and what JSON.stringify throws */
  add<S, T>(entry: NewEntry, subject: S, tell: (subject: S, id: string) => T): Promise<T> {
    try {
      const job = this.#create(entry)
      if (this.#entrance.records.isJournaled) return this.#gather(job, subject, tell as Tell) as Promise<T>
      this.enter(job)
      this.entered()
      this.#entrance.changed()
      return Promise.resolve(tell(subject, String(job.sequence)))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #gather(job: PlainJob, subject: unknown, tell: Tell): Promise<unknown> {
    const { batches } = this.#entrance.records
    const group = this.#group
    if (group?.isOpen(batches) && group.size < mostInGroup) {
      const answer = group.add(job, subject, tell)
      this.#entrance.changed()
      return answer
    }
    const next = this.#free.pop() ?? new PlainGroup(this)
    this.#group = next
    next.begin(batches)
    const answer = next.add(job, subject, tell)
    this.#entrance.changed(next)
    return answer
  }

  /** Lets no more jobs go together with those that were added last: whoever is added next is told behind others. */
  closeGroup(): void {
    this.#group?.close()
  }

  enter({ sequence, queue, runAt, block, at }: PlainJob): void {
    const { jobs, queues, delayed } = this.#entrance
    if (runAt === 0) {
      jobs.sleep(sequence, block, at)
      queues.pushNumber(queue, sequence)
    } else if (runAt > Date.now()) {
      block.staysInMemory = true
      jobs.sleep(sequence, block, at)
      delayed.push(runAt, sequence, queue)
    } else {
      const job = restoreJob(block.bytes, at)
      queues.push(job)
      jobs.enter(job, block)
    }
  }

  entered(): void {
    this.#entrance.wake()
  }

  forget(job: RecordPlace): void {
    this.#entrance.records.letGo(job)
  }

  told(group: PlainGroup): void {
    if (this.#free.length < mostFree) this.#free.push(group)
  }

  #create(entry: NewEntry): PlainJob {
    const { records, maxDataLength } = this.#entrance
    const { queue, data, runAt: time = 0 } = entry
    const now = this.#now === 0 ? this.#lookAtClock() : this.#now
    const sequence = this.#entrance.nextSequence()
    const runAt = time > now ? time : 0
    let at = records.createPlain(sequence, runAt, entry, data, now, maxDataLength)
    if (at < 0) at = records.createPlain(sequence, runAt, entry, entryText(entry, maxDataLength), now, Number.POSITIVE_INFINITY)
    return { sequence, queue, runAt, block: records.block, at }
  }

  #lookAtClock(): number {
    runNext(this.#forgetTime)
    return (this.#now = Date.now())
  }

  readonly #forgetTime = (): void => {
    this.#now = 0
  }
}
