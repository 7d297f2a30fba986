import { DuplicateJob } from '../../errors.ts'
import type { EngineJob } from '../engine_job.ts'
import { JobState } from '../job_state.ts'
import type { Notes } from '../notes.ts'
import { RateLimits } from './rate_limits.ts'
import { Semaphores } from './semaphores.ts'
import { UniqueLocks } from './unique_locks.ts'

/** The jobs that have something to do with others: by a limit of how many run or begin, or because only one may be there. Others pass through. */
export class ConstrainedJobs {
  readonly #semaphores: Semaphores
  readonly #rates: RateLimits
  readonly #locks = new UniqueLocks()

  /** @param release takes jobs that were blocked and whose turn may have come */
  constructor(release: (jobs: readonly EngineJob[]) => void) {
    this.#semaphores = new Semaphores(release)
    this.#rates = new RateLimits(release)
  }

  /** Reads what the journal keeps of the starts that count, and keeps there what comes. */
  restoreRates(notes: Notes): void {
    this.#rates.restore(notes)
  }

  /** How many jobs are blocked. */
  get blocked(): number {
    return this.#semaphores.size + this.#rates.size
  }

  /** Whether a new job may be stored; then it counts.
   *
   * @param now milliseconds since the epoch
   * @param replace told of the job whose place it takes
   * @throws DuplicateJob (REGAUGE_DUPLICATE_JOB)
   */
  admit(job: EngineJob, now: number, replace: (holder: EngineJob) => void): boolean {
    if (job.constraints === undefined) return true
    if (!this.#semaphores.hasRoomFor(job)) return false
    const holder = this.#locks.holderFor(job, now)
    if (holder !== undefined) {
      const { conflict } = job.constraints.unique!
      if (conflict === 'raise') throw new DuplicateJob({ name: job.name, id: holder.id })
      if (conflict === 'discard') return false
      replace(holder)
    }
    this.enter(job, now)
    return true
  }

  /** Counts a job that is to run.
   * @param since when it was added, in milliseconds since the epoch */
  enter(job: EngineJob, since: number): void {
    if (job.constraints === undefined) return
    this.#semaphores.enter(job)
    this.#locks.take(job, since)
  }

  /** Gives a replaced job its key again: what replaces it couldn't be stored. */
  restore(job: EngineJob): void {
    if (isLive(job)) this.#locks.take(job, job.createdAt)
  }

  /** Whether a job whose turn has come may run; else it is blocked.
   * @param isRunning whether somebody runs it already, so that this is no start */
  start(job: EngineJob, isRunning: boolean): boolean {
    if (job.constraints === undefined) return true
    const isStarted = this.#acquire(job, isRunning)
    this.#passOn(job, !isStarted)
    return isStarted
  }

  /** Notes that a job doesn't run any more. */
  stop(job: EngineJob): void {
    if (job.constraints !== undefined) this.#semaphores.giveBack(job)
  }

  /** Takes out a job that is blocked, or was and waits for its turn. */
  takeOut(job: EngineJob): void {
    if (job.constraints === undefined || (job.state !== JobState.blocked && job.state !== JobState.waiting)) return
    this.#semaphores.unblock(job)
    this.#rates.unblock(job)
    this.#passOn(job, false)
  }

  /** Forgets a job that is done, given up or removed. */
  leave(job: EngineJob): void {
    if (job.constraints === undefined) return
    this.#semaphores.leave(job)
    this.#locks.release(job)
  }

  close(): void {
    this.#semaphores.close()
    this.#rates.close()
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    yield* this.#semaphores
    yield* this.#rates
  }

  #acquire(job: EngineJob, isRunning: boolean): boolean {
    const now = Date.now()
    const reached = isRunning ? undefined : this.#rates.reachedBy(job, now)
    if (reached !== undefined) this.#rates.block(job, reached, now)
    else if (!this.#semaphores.acquire(job)) this.#semaphores.block(job)
    else {
      if (!isRunning) this.#rates.record(job, now)
      this.#locks.started(job)
      return true
    }
    return false
  }

  /** Those behind a job that left the queue may begin where it took no place. */
  #passOn(job: EngineJob, isBlocked: boolean): void {
    this.#semaphores.passOn(job, isBlocked)
    this.#rates.passOn(job, isBlocked)
  }
}

/** Whether a job still is to run, or runs. */
export function isLive(job: EngineJob): boolean {
  return job.state !== JobState.completed && job.state !== JobState.failed && job.state !== JobState.removed
}
