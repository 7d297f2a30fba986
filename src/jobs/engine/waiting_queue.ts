import type { EngineJob } from './engine_job.ts'
import { JobHeap } from './heap.ts'
import { JobState } from './job_state.ts'

/** The jobs of one named queue that may run now: in the order they came, those with a priority sorted around them.
 *
 * Priorities are Solid Queue's: smaller runs first, 0 is the priority of a job without one, so a negative priority overtakes.
 */
export class WaitingQueue {
  readonly name: string
  #fifo: (EngineJob | undefined)[] = []
  #head = 0
  #fifoSize = 0
  readonly #prioritized = new JobHeap((a, b) => a.priority < b.priority || (a.priority === b.priority && a.sequence < b.sequence))

  constructor(name: string) {
    this.name = name
  }

  get size(): number {
    return this.#fifoSize + this.#prioritized.size
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

  /** The job that runs next. */
  peek(): EngineJob | undefined {
    const urgent = this.#prioritized.peek()
    const first = this.#firstOfFifo()
    if (first === undefined) return urgent
    return urgent !== undefined && urgent.priority < 0 ? urgent : first
  }

  shift(): EngineJob | undefined {
    const job = this.peek()
    if (job === undefined) return undefined
    if (job.heapIndex >= 0) return this.#prioritized.pop()
    this.#fifo[this.#head++] = undefined
    this.#fifoSize--
    this.#compact()
    return job
  }

  /** Forgets a job; in the FIFO part its place is passed over when its turn comes. */
  remove(job: EngineJob): void {
    if (job.heapIndex >= 0) this.#prioritized.remove(job)
    else this.#fifoSize--
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (let index = this.#head; index < this.#fifo.length; index++) {
      const job = this.#fifo[index]
      if (job !== undefined && this.#holds(job)) yield job
    }
    yield* this.#prioritized
  }

  #firstOfFifo(): EngineJob | undefined {
    while (this.#head < this.#fifo.length) {
      const job = this.#fifo[this.#head]!
      if (this.#holds(job)) return job
      this.#fifo[this.#head++] = undefined
    }
    this.#compact()
    return undefined
  }

  #holds(job: EngineJob): boolean {
    return job.state === JobState.waiting && job.heapIndex < 0 && job.queue === this.name
  }

  #compact(): void {
    if (this.#head === this.#fifo.length) {
      this.#fifo = []
      this.#head = 0
    } else if (this.#head > 4096 && this.#head * 2 > this.#fifo.length) {
      this.#fifo = this.#fifo.slice(this.#head)
      this.#head = 0
    }
  }
}
