import { InvalidJobId } from '../../errors.ts'
import type { Addition } from './addition.ts'
import type { EngineJob } from '../engine_job.ts'
import { isSequence } from './entry_data.ts'

/** The jobs whose author chose their id. */
export class CustomIds {
  readonly #jobs = new Map<string, EngineJob>()
  /** The calls whose jobs aren't on disk yet. */
  readonly #pending = new Map<string, Addition>()

  get(id: string): EngineJob | undefined {
    return this.#jobs.get(id)
  }

  /** Whether a job of the id is there. If it isn't stored yet, another call that adds it again stands or falls with it.
   * @throws InvalidJobId (REGAUGE_INVALID_JOB_ID) when the id isn't for its author to choose */
  has(id: string, addition: Addition): boolean {
    if (isSequence(id) || id === '') throw new InvalidJobId({ id })
    const pending = this.#pending.get(id)
    if (pending !== undefined) addition.dependOn(pending)
    return this.#jobs.has(id)
  }

  /** Takes in a new job. */
  reserve(id: string, job: EngineJob, addition: Addition): void {
    this.#jobs.set(id, job)
    this.#pending.set(id, addition)
  }

  /** A job is on disk. */
  set(job: EngineJob): void {
    const id = job.customId
    if (id === undefined) return
    this.#jobs.set(id, job)
    this.#pending.delete(id)
  }

  delete(job: EngineJob): void {
    const id = job.customId
    if (id === undefined || this.#jobs.get(id) !== job) return
    this.#jobs.delete(id)
    this.#pending.delete(id)
  }
}
