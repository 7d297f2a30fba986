import type { EngineJob } from '../engine_job.ts'

/** Which job has each key that only one may have. Follows from the jobs, as {@link Semaphores} does. */
export class UniqueLocks {
  readonly #byKey = new Map<string, { readonly job: EngineJob; readonly since: number }>()

  /** The job that has the key of another one's uniqueness. */
  holderFor(job: EngineJob, now: number): EngineJob | undefined {
    const key = job.constraints?.unique?.key
    const holder = key === undefined ? undefined : this.#byKey.get(key)
    if (holder === undefined) return undefined
    const lifetime = holder.job.constraints?.unique?.for
    return lifetime !== undefined && holder.since + lifetime <= now ? undefined : holder.job
  }

  /** Gives a job its key, unless it has begun to run and only needed it until then.
   * @param since when it was added, in milliseconds since the epoch */
  take(job: EngineJob, since: number): void {
    const unique = job.constraints?.unique
    if (unique !== undefined && (unique.until === 'executed' || job.attempts === 0)) this.#byKey.set(unique.key, { job, since })
  }

  /** Notes that a job begins to run. */
  started(job: EngineJob): void {
    if (job.constraints?.unique?.until === 'executing') this.release(job)
  }

  /** Frees the key of a job that is done, given up or removed. */
  release(job: EngineJob): void {
    const key = job.constraints?.unique?.key
    if (key !== undefined && this.#byKey.get(key)?.job === job) this.#byKey.delete(key)
  }
}
