import type { QueueUnreadable } from '../../errors.ts'
import type { EngineJob, JobDetails } from '../engine_job.ts'
import { JobState } from '../job_state.ts'
import { type JobTable, orUnreadable } from '../job_table.ts'
import type { EngineLogger } from '../options.ts'
import type { QueueControls } from '../queues/queue_controls.ts'
import type { WaitingQueue } from '../queues/waiting_queue.ts'
import type { WaitingQueues } from '../queues/waiting_queues.ts'
import type { JobRecords } from './job_records.ts'
import { unreadableJob } from './unreadable_job.ts'

const retryMilliseconds = 1000
/** Less than a minute, after which a snapshot is tried again. */
const patienceMilliseconds = 30_000
/** So many are passed over before the queue has to wait. */
const mostPassedOver = 200
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon, setTimeout: runLater, clearTimeout: cancel } = globalThis

/** What the jobs that can't be read are a part of. */
export interface UnreadableAmong {
  readonly jobs: JobTable
  readonly records: JobRecords
  readonly queues: WaitingQueues
  readonly controls: QueueControls
  readonly logger: EngineLogger
  /** Called when they may be read again. */
  wake(): void
  fail(job: EngineJob, error: NonNullable<JobDetails['error']>): void
}

/** Jobs whose records the disk doesn't give back: others run before them, and they are tried again. When the journal is written anew, and they could not be
 * read for a while, they fail, and the files that they were in are put into quarantine: the others wouldn't go on for ever otherwise. */
export class UnreadableJobs {
  readonly #among: UnreadableAmong
  #held: WaitingQueue[] = []
  #timer: NodeJS.Timeout | undefined
  /** Since when a snapshot finds them unreadable, in milliseconds since the epoch. */
  #since: ReadonlyMap<number, number> = new Map()
  #isClosed = false

  constructor(among: UnreadableAmong) {
    this.#among = among
  }

  /** Takes the first job of a queue that can be read; where there is none, the queue is held for a while. */
  shift(queue: WaitingQueue): EngineJob | undefined {
    let passedOver = 0
    do {
      try {
        return queue.shift()
      } catch (error) {
        this.#report(queue, error)
      }
    } while (++passedOver < Math.min(queue.size, mostPassedOver))
    queue.isHeld = true
    this.#held.push(queue)
    this.#arm()
    return undefined
  }

  /** Settles what becomes of those that could not be read for a snapshot. It goes on meanwhile: within a write of the journal nothing may be changed.
   * @throws QueueUnreadable while they may still be read some time */
  *settle(found: ReadonlyMap<number, QueueUnreadable>): Generator<void, void> {
    const now = Date.now()
    this.#since = new Map([...found.keys()].map((sequence) => [sequence, this.#since.get(sequence) ?? now]))
    for (const [sequence, error] of found) if (this.#since.get(sequence)! > now - patienceMilliseconds) throw error
    let isSettled = found.size === 0
    if (isSettled) return
    runSoon(() => {
      if (this.#isClosed) return
      this.#giveUp(new Set(found.keys()))
      isSettled = true
    })
    while (!isSettled) yield
  }

  close(): void {
    cancel(this.#timer)
    this.#isClosed = true
  }

  #giveUp(sequences: Set<number>): void {
    const { jobs, records, queues } = this.#among
    const queueOf = new Map<number, WaitingQueue>()
    for (const queue of queues.byName.values()) {
      for (const sequence of queue.numbers()) if (sequences.has(sequence)) queueOf.set(sequence, queue)
    }
    for (const sequence of sequences) {
      const queue = queueOf.get(sequence)
      const block = jobs.blockOf(sequence)
      if (block !== undefined) block.isSalvaged = true
      orUnreadable(
        () => {
          const job = jobs.peek(sequence)
          if (job !== undefined) records.renew(job)
        },
        (error) => {
          for (const segment of block?.segments ?? []) segment.isDamaged = true
          if (queue !== undefined) this.#fail(sequence, queue, error)
        },
      )
    }
  }

  #fail(sequence: number, queue: WaitingQueue, error: QueueUnreadable): void {
    const { jobs, records, logger } = this.#among
    const job = unreadableJob(sequence, queue.name)
    records.adopt(job.bytes, job.at)
    queue.remove(job)
    jobs.set(job)
    job.state = JobState.active
    this.#among.fail(job, { name: error.name, message: error.message })
    const message = 'A waiting job can not be read back from the journal; it has failed, and its file is put into quarantine'
    logger.error(message, { job_id: job.id, queue: queue.name, error })
  }

  #report({ name }: WaitingQueue, error: unknown): void {
    if (this.#timer !== undefined) return
    this.#among.logger.error('A waiting job could not be read back from the journal; it is tried again', { queue: name, error })
    this.#arm()
  }

  #arm(): void {
    this.#timer ??= runLater(() => {
      this.#timer = undefined
      for (const queue of this.#held.splice(0)) this.#among.controls.apply(queue)
      this.#among.wake()
    }, retryMilliseconds).unref()
  }
}
