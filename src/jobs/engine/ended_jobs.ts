import type { EngineJob } from './engine_job.ts'
import { FinishedJobs, type Retention } from './finished_jobs.ts'
import { JobState } from './job_state.ts'

/** How a job ends. */
export type EndState = typeof JobState.completed | typeof JobState.failed

/** The jobs that have ended and are kept, by how they did. */
export class EndedJobs {
  readonly completed: FinishedJobs
  readonly failed: FinishedJobs
  readonly #remove: (job: EngineJob) => void

  /** @param remove forgets a job that is kept no longer */
  constructor(retention: { readonly completed: Retention; readonly failed: Retention }, remove: (job: EngineJob) => void) {
    this.completed = new FinishedJobs(retention.completed)
    this.failed = new FinishedJobs(retention.failed)
    this.#remove = remove
  }

  /** Those that ended in a way. */
  in(state: EndState): FinishedJobs {
    return state === JobState.failed ? this.failed : this.completed
  }

  delete(job: EngineJob): void {
    this.completed.delete(job)
    this.failed.delete(job)
  }

  /** Takes a child whose parent is gone for one among the others. */
  releaseChild(child: EngineJob): void {
    const ended = this.in(child.state === JobState.failed ? JobState.failed : JobState.completed)
    if (ended.keeps && child.details?.isDiscarded !== true) ended.release(child)
    else this.#remove(child)
  }

  /** Puts those in order that were found on disk, and forgets those that are kept no longer. */
  settle(now: number): void {
    for (const ended of [this.completed, this.failed]) for (const job of ended.settle(now)) this.#remove(job)
  }

  /** Forgets those that are kept no longer. */
  expire(state: EndState, now: number): void {
    for (const expired of this.in(state).expired(now)) this.#remove(expired)
  }
}
