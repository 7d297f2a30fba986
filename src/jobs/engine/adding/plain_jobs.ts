import { entryText } from './entry_data.ts'
import type { NewEntry } from './entries.ts'
import type { Entrance } from './new_jobs.ts'
import type { RecordPlace } from './addition.ts'
import { PlainGroup, type PlainJob, type PlainTarget } from './plain_group.ts'
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

  /** Writes the record of a new job.
   * @param subject what `tell` is called with, and with the job's id
   * @returns what `tell` answers, when the job is stored
   * @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), and what JSON.stringify throws */
  add(entry: NewEntry, subject: unknown, tell: (subject: never, id: string) => unknown): Promise<unknown> {
    const { records } = this.#entrance
    const job = this.#create(entry)
    if (!records.isJournaled) {
      this.enter(job)
      this.entered()
      this.#entrance.changed()
      return Promise.resolve(tell(subject as never, String(job.sequence)))
    }
    let group = this.#group
    if (group?.isOpen(records.batches) && group.size < mostInGroup) {
      const answer = group.add(job, subject, tell)
      this.#entrance.changed()
      return answer
    }
    this.#group = group = this.#free.pop() ?? new PlainGroup(this)
    group.begin(records.batches)
    const answer = group.add(job, subject, tell)
    this.#entrance.changed(group)
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
