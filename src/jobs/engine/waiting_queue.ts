import type { EngineJob } from './engine_job.ts'
import { JobHeap } from './heap.ts'
import { JobFifo } from './job_fifo.ts'
import { JobState } from './job_state.ts'

/** The jobs of one named queue that may run now: in the order they came, those with a priority sorted around them.
 *
 * Priorities are Solid Queue's: smaller runs first, 0 is the priority of a job without one, so a negative priority overtakes.
 */
export class WaitingQueue {
  readonly name: string
  readonly #fifo = new JobFifo()
  #fifoSize = 0
  /** Nothing may be taken now. */
  isHeld = false
  /** It may start only so many jobs in a time. */
  isLimited = false
  /** Jobs without a priority that were set aside and are back: by age, not behind those that came since. */
  readonly #returned = new JobHeap((a, b) => a.sequence < b.sequence)
  readonly #prioritized = new JobHeap((a, b) => a.priority < b.priority || (a.priority === b.priority && a.sequence < b.sequence))

  constructor(name: string) {
    this.name = name
  }

  get size(): number {
    return this.#fifoSize + this.#returned.size + this.#prioritized.size
  }

  get prioritizedSize(): number {
    return this.#prioritized.size
  }

  push(job: EngineJob): void {
    if (job.priority !== 0) {
      this.#prioritized.push(job)
      return
    }
    this.#fifo.push(job)
    this.#fifoSize++
  }

  /** Takes a job in again that was the first once. */
  putBack(job: EngineJob): void {
    if (job.priority !== 0) this.#prioritized.push(job)
    else this.#returned.push(job)
  }

  /** The job that runs next. */
  peek(): EngineJob | undefined {
    const urgent = this.#prioritized.peek()
    const first = this.#oldest()
    if (first === undefined) return urgent
    return urgent !== undefined && urgent.priority < 0 ? urgent : first
  }

  shift(): EngineJob | undefined {
    const job = this.peek()
    if (job === undefined) return undefined
    if (job.heapIndex >= 0) return job.priority === 0 ? this.#returned.pop() : this.#prioritized.pop()
    this.#fifo.shift()
    this.#fifoSize--
    return job
  }

  /** Forgets a job; in the FIFO part its place is passed over when its turn comes. */
  remove(job: EngineJob): void {
    if (job.heapIndex >= 0) (job.priority === 0 ? this.#returned : this.#prioritized).remove(job)
    else this.#fifoSize--
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (const job of this.#fifo) if (this.#holds(job)) yield job
    yield* this.#returned
    yield* this.#prioritized
  }

  #oldest(): EngineJob | undefined {
    const returned = this.#returned.peek()
    if (returned === undefined) return this.#firstOfFifo()
    const first = this.#firstOfFifo()
    return first !== undefined && first.sequence < returned.sequence ? first : returned
  }

  #firstOfFifo(): EngineJob | undefined {
    let job = this.#fifo.peek()
    while (job !== undefined && !this.#holds(job)) {
      this.#fifo.shift()
      job = this.#fifo.peek()
    }
    return job
  }

  #holds(job: EngineJob): boolean {
    return job.state === JobState.waiting && job.heapIndex < 0 && job.queue === this.name
  }
}
