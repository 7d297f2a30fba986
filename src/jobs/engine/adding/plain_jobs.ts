import type { Waiter } from '../../journal/index.ts'
import type { RecordPlace } from './addition.ts'
import type { NewEntry } from './entries.ts'
import { entryText } from './entry_data.ts'
import type { Entrance } from './new_jobs.ts'
import type { RecordBlock } from '../records/record_block.ts'
import { restoreJob } from '../records/restore_job.ts'

// Kept here, so that an application's tests may replace the global timers.
const { queueMicrotask: runNext } = globalThis

/** Whether a job has nothing that must be known before its turn or its time comes: most jobs. */
export function isPlain({ id, constraints, priority }: NewEntry): boolean {
  return id === undefined && constraints === undefined && (priority === undefined || priority === 0)
}

/** The way of plain jobs into the queue, one at a time: of each there is nothing but its record and who waits for it, until it is on disk, and nothing but
 * where its record is from then on. */
export class PlainJobs {
  readonly #entrance: Entrance
  /** What the clock says, for all that come one behind the other without a turn of the loop in between; 0 when nobody has looked yet. */
  #now = 0

  constructor(entrance: Entrance) {
    this.#entrance = entrance
  }

  /** Writes the record of a new job.
   * @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), and what JSON.stringify throws */
  create(addition: PlainAddition, entry: NewEntry): void {
    const { records, maxDataLength } = this.#entrance
    const { runAt = 0 } = entry
    const now = this.#now === 0 ? this.#lookAtClock() : this.#now
    addition.sequence = this.#entrance.nextSequence()
    if (runAt > now) addition.runAt = runAt
    if (!records.createPlain(addition, entry, entry.data, now, maxDataLength)) {
      records.createPlain(addition, entry, entryText(entry, maxDataLength), now, Number.POSITIVE_INFINITY)
    }
    addition.block = records.block
    addition.block.unsettled++
  }

  #lookAtClock(): number {
    runNext(this.#forgetTime)
    return (this.#now = Date.now())
  }

  readonly #forgetTime = (): void => {
    this.#now = 0
  }

  /** A job is on disk. */
  enter({ sequence, queue, runAt, bytes, at, block }: PlainAddition): void {
    const { jobs, queues, delayed } = this.#entrance
    if (runAt === 0) {
      jobs.sleep(sequence, block!, at)
      queues.pushNumber(queue, sequence)
    } else if (runAt > Date.now()) {
      block!.staysInMemory = true
      jobs.sleep(sequence, block!, at)
      delayed.push(runAt, sequence, queue)
    } else {
      const job = restoreJob(bytes, at)
      queues.push(job)
      jobs.enter(job, block!)
    }
    this.#entrance.wake()
  }

  /** A job couldn't be stored. */
  forget(addition: PlainAddition): void {
    this.#entrance.records.letGo(addition)
  }
}

const noBytes = Buffer.alloc(0)

/** A plain job that isn't on disk yet, and who waits for it. */
export class PlainAddition implements Waiter {
  readonly #jobs: PlainJobs
  readonly queue: string
  sequence = 0
  /** Milliseconds since the epoch; 0 is at once. */
  runAt = 0
  /** The bytes among which its record is… */
  bytes: Buffer = noBytes
  /** …and where that begins. */
  at = 0
  /** They stay as they are until it is told. */
  block: RecordBlock | undefined = undefined
  readonly #subject: unknown
  readonly #tell: (subject: never, id: string) => unknown
  readonly #resolve: (answer: never) => void
  readonly #reject: (error: Error) => void

  /** @param tell what `resolve` is called with, of the subject and the job's id */
  constructor(
    jobs: PlainJobs,
    queue: string,
    subject: unknown,
    tell: (subject: never, id: string) => unknown,
    resolve: (answer: never) => void,
    reject: (error: Error) => void,
  ) {
    this.#jobs = jobs
    this.queue = queue
    this.#subject = subject
    this.#tell = tell
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Calls `visit` with its record. */
  forEachRecord(visit: (place: RecordPlace) => void): void {
    visit(this)
  }

  stored(): void {
    this.#jobs.enter(this)
    this.block!.unsettled--
    this.#resolve(this.#tell(this.#subject as never, String(this.sequence)) as never)
  }

  failed(error: Error): void {
    this.#jobs.forget(this)
    this.block!.unsettled--
    this.#reject(error)
  }
}
