import type { EngineJob } from '../engine_job.ts'
import { JobHeap } from './heap.ts'
import { type JobTable, orUnreadable } from '../job_table.ts'
import { unreadableJob } from '../records/unreadable_job.ts'
import { SequenceFifo } from './sequence_fifo.ts'

/** The jobs of one named queue that may run now: in the order they came, those with a priority sorted around them.
 *
 * Priorities are Solid Queue's: smaller runs first, 0 is the priority of a job without one, so a negative priority overtakes.
 */
export class WaitingQueue {
  readonly name: string
  readonly jobs: JobTable
  /** Numbers of jobs without a priority, which may sleep. */
  readonly #fifo = new SequenceFifo()
  #fifoSize = 0
  /** Nothing may be taken now. */
  isHeld = false
  /** It may start only so many jobs in a time. */
  isLimited = false
  /** Jobs without a priority that were set aside and are back: by age, not behind those that came since. */
  readonly #returned = new JobHeap((a, b) => a.sequence < b.sequence)
  readonly #prioritized = new JobHeap((a, b) => a.priority < b.priority || (a.priority === b.priority && a.sequence < b.sequence))

  constructor(name: string, jobs: JobTable) {
    this.name = name
    this.jobs = jobs
  }

  get size(): number {
    return this.#fifoSize + this.#returned.size + this.#prioritized.size
  }

  get prioritizedSize(): number {
    return this.#prioritized.size
  }

  push(job: EngineJob): void {
    if (job.priority !== 0) this.#prioritized.push(job)
    else this.pushNumber(job.sequence)
  }

  /** Takes in a job without a priority. */
  pushNumber(sequence: number): void {
    this.#fifo.push(sequence)
    this.#fifoSize++
  }

  /** Takes a job in again that was the first once. */
  putBack(job: EngineJob): void {
    if (job.priority !== 0) this.#prioritized.push(job)
    else this.#returned.push(job)
  }

  /** Whether the job that runs next is to run before that of another queue. */
  isBefore(other: WaitingQueue): boolean {
    const first = this.#next()
    const second = other.#next()
    return first.priority < second.priority || (first.priority === second.priority && first.sequence < second.sequence)
  }

  /** Takes the job that runs next.
   * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when it can't be read back: it is the last then */
  shift(): EngineJob | undefined {
    const { priority, sequence } = this.#next()
    if (sequence === 0) return undefined
    if (priority !== 0) return this.#prioritized.pop()
    if (this.#returned.peek()?.sequence === sequence) return this.#returned.pop()
    this.#fifo.shift()
    try {
      const job = this.jobs.get(sequence)
      this.#fifoSize--
      return job
    } catch (error) {
      this.#fifo.push(sequence)
      throw error
    }
  }

  /** Forgets a job; in the FIFO part its place is passed over when its turn comes. */
  remove(job: EngineJob): void {
    if (job.heapIndex >= 0) (job.priority === 0 ? this.#returned : this.#prioritized).remove(job)
    else this.#fifoSize--
  }

  /** The first in line, and those that others overtake: one of them has waited longest. */
  *longestWaiting(): Iterable<EngineJob> {
    const first = this.#firstOfFifo()
    if (first !== 0) yield this.#shown(first)
    yield* this.#returned
    yield* this.#prioritized
  }

  /** The jobs without a priority behind the first `offset`, in the order they came; those behind them that are back. None may come or go meanwhile. */
  *from(offset: number): Generator<EngineJob, void> {
    for (const sequence of this.#numbersFrom(Math.max(0, Math.ceil(offset)))) yield this.#shown(sequence)
    let left = offset - this.#fifoSize
    for (const job of this.#returned) if (--left < 0) yield job
  }

  /** The jobs with a priority, in no promised order. */
  get prioritized(): Iterable<EngineJob> {
    return this.#prioritized
  }

  /** The numbers of the jobs without a priority, in the order they came. None may come or go meanwhile. */
  numbers(): Iterable<number> {
    return this.#waitingNumbers()
  }

  /** A job for those who look at it. */
  #shown(sequence: number): EngineJob {
    return orUnreadable(
      () => this.jobs.peek(sequence)!,
      () => unreadableJob(sequence, this.name),
    )
  }

  *#numbersFrom(offset: number): Generator<number, void> {
    // Where each has one place and none is of a job that is gone, nobody looks at those before.
    if (offset >= this.#fifoSize) return
    if (this.#fifo.size === this.#fifoSize) yield* this.#fifo.from(offset)
    else {
      let left = offset
      for (const sequence of this.#waitingNumbers()) if (--left < 0) yield sequence
    }
  }

  *#waitingNumbers(): Generator<number, void> {
    const awake = new Set<number>()
    for (const sequence of this.#fifo.from(0)) {
      // One that was taken out and put in again may have two places.
      if (!this.jobs.waits(sequence, this.name) || awake.has(sequence)) continue
      if (this.jobs.isAwake(sequence)) awake.add(sequence)
      yield sequence
    }
  }

  /** What decides the turn of the job that runs next; a number of 0 stands for none. */
  #next(): { readonly priority: number; readonly sequence: number } {
    const urgent = this.#prioritized.peek()
    if (urgent !== undefined && urgent.priority < 0) return urgent
    const first = this.#firstOfFifo()
    const returned = this.#returned.peek()
    if (returned !== undefined && (first === 0 || returned.sequence < first)) return returned
    return first === 0 && urgent !== undefined ? urgent : { priority: 0, sequence: first }
  }

  #firstOfFifo(): number {
    let sequence = this.#fifo.peek()
    while (sequence !== 0 && !this.jobs.waits(sequence, this.name)) {
      this.#fifo.shift()
      sequence = this.#fifo.peek()
    }
    return sequence
  }
}
