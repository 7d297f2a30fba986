import type { EngineJob } from './engine_job.ts'

/** How many finished jobs of a kind are kept, and for how long. */
export interface Retention {
  /** At most so many; the oldest go first. */
  readonly count: number
  /** Seconds after they finished. */
  readonly age: number
}

/** The jobs that completed or failed and are kept to be looked at, oldest first. */
export class FinishedJobs {
  readonly #jobs = new Set<EngineJob>()
  /** Those that are kept as long as their parent is there. */
  readonly #ofParents = new Set<EngineJob>()
  readonly #retention: Retention

  constructor(retention: Retention) {
    this.#retention = retention
  }

  get size(): number {
    return this.#jobs.size + this.#ofParents.size
  }

  /** Whether any are kept at all. */
  get keeps(): boolean {
    return this.#retention.count > 0
  }

  /** @param isOfParent whether it is kept for its parent, however many and old they are */
  add(job: EngineJob, isOfParent: boolean): void {
    if (isOfParent) this.#ofParents.add(job)
    else this.#jobs.add(job)
  }

  delete(job: EngineJob): void {
    this.#jobs.delete(job)
    this.#ofParents.delete(job)
  }

  /** Notes that the parent of a job is gone: it is one among the others. */
  release(job: EngineJob): void {
    if (this.#ofParents.delete(job)) this.#jobs.add(job)
  }

  /** Puts those in order that were found on disk. @returns the jobs that are kept no longer, as more may have been kept before */
  settle(now: number): EngineJob[] {
    const jobs = [...this.#jobs].sort((a, b) => finishedAt(a) - finishedAt(b))
    this.#jobs.clear()
    for (const job of jobs) this.#jobs.add(job)
    return [...this.expired(now)]
  }

  /** The jobs that are kept no longer. */
  *expired(now: number): Iterable<EngineJob> {
    const limit = now - this.#retention.age * 1000
    let surplus = this.#jobs.size - this.#retention.count
    for (const job of this.#jobs) {
      if (surplus-- <= 0 && finishedAt(job) >= limit) return
      yield job
    }
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    yield* this.#jobs
    yield* this.#ofParents
  }
}

function finishedAt(job: EngineJob): number {
  return job.details?.finishedAt ?? 0
}
