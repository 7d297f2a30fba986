import type { EngineJob } from '../engine_job.ts'
import { JobHeap } from '../queues/heap.ts'

const moreUrgent = (a: EngineJob, b: EngineJob): boolean =>
  a.priority < b.priority || (a.priority === b.priority && a.sequence < b.sequence)

/** Those of one queue. */
interface QueueOfBlocked {
  readonly jobs: JobHeap
  /** The keys of all of them, when all have the same. */
  keys: string | undefined
}

/** Jobs of one key whose turn came while its limit was reached, by queue: the most urgent of all may be in a queue that nobody works on. */
export class BlockedJobs {
  readonly #byQueue = new Map<string, QueueOfBlocked>()

  get isEmpty(): boolean {
    return this.#byQueue.size === 0
  }

  add(job: EngineJob): void {
    const keys = keysOf(job)
    let queue = this.#byQueue.get(job.queue)
    if (queue === undefined) this.#byQueue.set(job.queue, (queue = { jobs: new JobHeap(moreUrgent), keys }))
    if (queue.keys !== keys) queue.keys = undefined
    queue.jobs.push(job)
  }

  has(job: EngineJob): boolean {
    return this.#byQueue.get(job.queue)?.jobs.has(job) === true
  }

  remove(job: EngineJob): void {
    const { jobs } = this.#byQueue.get(job.queue)!
    jobs.remove(job)
    if (jobs.size === 0) this.#byQueue.delete(job.queue)
  }

  /** The one of a queue that is next. */
  first(queue: string): EngineJob | undefined {
    return this.#byQueue.get(queue)?.jobs.peek()
  }

  /** Whether one of the job's queue is to run before it. */
  isAnyBefore(job: EngineJob): boolean {
    const first = this.first(job.queue)
    return first !== undefined && moreUrgent(first, job)
  }

  /** Those that are next, one of each queue. */
  firsts(): EngineJob[] {
    return [...this.#byQueue.values()].map(({ jobs }) => jobs.peek()!)
  }

  /** Whether all of the job's queue have the same keys as it: what holds one of them back holds back all. */
  areLike(job: EngineJob): boolean {
    return this.#byQueue.get(job.queue)?.keys === keysOf(job)
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (const { jobs } of this.#byQueue.values()) yield* jobs
  }
}

function keysOf({ constraints }: EngineJob): string {
  return JSON.stringify([constraints?.limit?.key, ...(constraints?.rates ?? []).map(({ key }) => key)])
}
