import type { StoredJob } from '../jobs/index.ts'

/** How a job ended. */
export type JobOutcome = Pick<StoredJob, 'state'> & Partial<Pick<StoredJob, 'result' | 'error' | 'isDiscarded'>>

/** What became of the children of jobs under test: a queue forgets a job that is performed by hand, and who waits for it. */
export class TestFamilies {
  /** By the ids of parents. */
  readonly #ended = new Map<string, StoredJob[]>()
  /** The parents of jobs that are tried again, which are other jobs to the queue. */
  readonly #parents = new Map<string, string>()

  /** Whether a job waits for another one. */
  isWaiting({ id, state }: StoredJob): boolean {
    return state === 'waiting-children' || [...this.#parents.values()].includes(id)
  }

  childrenOf(parent: string): StoredJob[] {
    return this.#ended.get(parent) ?? []
  }

  /** Puts the job that is tried again in the place of a job: its parent waits for that one, and its children are that one's. */
  replace(job: StoredJob, retry: string): void {
    const parent = this.#parentOf(job)
    this.#parents.delete(job.id)
    this.#ended.set(retry, this.childrenOf(job.id))
    if (parent !== undefined) this.#parents.set(retry, parent)
  }

  /** Notes what became of a job. */
  end(job: StoredJob, outcome: JobOutcome): void {
    const parent = this.#parentOf(job)
    this.#parents.delete(job.id)
    if (parent !== undefined) this.#ended.set(parent, [...this.childrenOf(parent), { ...job, ...outcome }])
  }

  /** Lets nobody wait any longer for jobs that a test takes out of the queue. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#parents.delete(id)
  }

  #parentOf({ id, parent }: StoredJob): string | undefined {
    return parent ?? this.#parents.get(id)
  }
}
