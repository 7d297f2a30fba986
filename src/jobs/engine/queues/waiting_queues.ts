import type { EngineJob } from '../engine_job.ts'
import { JobState } from '../job_state.ts'
import type { JobTable } from '../job_table.ts'
import { WaitingQueue } from './waiting_queue.ts'

/** So many queues may always be there without a job. */
const mostEmpty = 100

/** The queues by name. A queue is there once a job was in it, and for a while after that. */
export class WaitingQueues {
  readonly byName = new Map<string, WaitingQueue>()
  readonly #jobs: JobTable
  readonly #onNew: (queue: WaitingQueue) => void
  #sweepAt = mostEmpty
  /** The one that a job came into last. */
  #last: WaitingQueue | undefined

  constructor(jobs: JobTable, onNew: (queue: WaitingQueue) => void) {
    this.#jobs = jobs
    this.#onNew = onNew
  }

  /** How many jobs wait in all of them, and how many of these have a priority. */
  sizes(): { waiting: number; prioritized: number } {
    let waiting = 0
    let prioritized = 0
    for (const queue of this.byName.values()) {
      prioritized += queue.prioritizedSize
      waiting += queue.size - queue.prioritizedSize
    }
    return { waiting, prioritized }
  }

  push(job: EngineJob): void {
    job.state = JobState.waiting
    this.#queue(job.queue).push(job)
  }

  /** Takes in a job that sleeps. */
  pushNumber(queue: string, sequence: number): void {
    this.#queue(queue).pushNumber(sequence)
  }

  /** Takes in jobs again that were first once. */
  putBack(jobs: readonly EngineJob[]): void {
    for (const job of jobs) {
      job.state = JobState.waiting
      this.#queue(job.queue).putBack(job)
    }
  }

  remove(job: EngineJob): void {
    this.byName.get(job.queue)?.remove(job)
  }

  #queue(name: string): WaitingQueue {
    if (this.#last?.name !== name) this.#last = this.#find(name)
    return this.#last
  }

  #find(name: string): WaitingQueue {
    let queue = this.byName.get(name)
    if (queue === undefined) {
      if (this.byName.size >= this.#sweepAt) this.#forgetEmpty()
      this.byName.set(name, (queue = new WaitingQueue(name, this.#jobs)))
      this.#onNew(queue)
    }
    return queue
  }

  /** Whoever takes from all queues looks at each: names that are used for a few jobs only, such as those of customers, must not pile up. */
  #forgetEmpty(): void {
    for (const [name, queue] of this.byName) if (queue.size === 0) this.byName.delete(name)
    this.#last = undefined
    this.#sweepAt = 2 * this.byName.size + mostEmpty
  }
}
