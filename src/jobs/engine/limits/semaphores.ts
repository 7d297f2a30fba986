import { BlockedJobs } from './blocked_jobs.ts'
import type { EngineJob } from '../engine_job.ts'
import { JobState } from '../job_state.ts'

/** The jobs of one key. */
interface Semaphore {
  /** Jobs that run, with the time until which they count. */
  readonly holders: Map<EngineJob, number>
  /** Jobs whose turn came while the limit was reached. */
  readonly blocked: BlockedJobs
  /** Jobs of the key that are neither done nor given up. */
  live: number
}

/** Who may run of the jobs that limit how many of them do. Nothing of it is journaled: it follows from the jobs, so a crash leaves no
 * slot taken. */
export class Semaphores {
  readonly #byKey = new Map<string, Semaphore>()
  readonly #release: (jobs: readonly EngineJob[]) => void
  #blocked = 0
  #timer: NodeJS.Timeout | undefined
  #wakeAt = Number.POSITIVE_INFINITY

  /** @param release takes blocked jobs whose turn may have come */
  constructor(release: (jobs: readonly EngineJob[]) => void) {
    this.#release = release
  }

  /** How many jobs are blocked. */
  get size(): number {
    return this.#blocked
  }

  /** Whether a job that isn't to wait may be added. */
  hasRoomFor(job: EngineJob): boolean {
    const limit = job.constraints?.limit
    return limit?.conflict !== 'discard' || (this.#byKey.get(limit.key)?.live ?? 0) < limit.to
  }

  /** Counts a job in that was added. */
  enter(job: EngineJob): void {
    const key = job.constraints?.limit?.key
    if (key !== undefined) this.#semaphore(key).live++
  }

  /** Takes a slot for a job that is about to run. @returns false when there is none */
  acquire(job: EngineJob): boolean {
    const limit = job.constraints?.limit
    if (limit === undefined) return true
    const { holders } = this.#semaphore(limit.key)
    const now = Date.now()
    if (holders.size >= limit.to) dropExpired(holders, now)
    if (holders.size >= limit.to) return false
    holders.set(job, now + limit.duration)
    return true
  }

  /** Sets a job aside until a slot of its key is free. */
  block(job: EngineJob): void {
    const { blocked, holders } = this.#semaphore(job.constraints!.limit!.key)
    blocked.add(job)
    job.state = JobState.blocked
    this.#blocked++
    this.#arm(Math.min(...holders.values()))
  }

  /** Takes a blocked job out, without running it, if it is among those here. */
  unblock(job: EngineJob): void {
    const blocked = this.#semaphoreOf(job)?.blocked
    if (blocked?.has(job) !== true) return
    blocked.remove(job)
    this.#blocked--
  }

  /** Lets the next of its queue have a try where one that had its own leaves room.
   * @param isBlocked whether it was blocked by something else, which holds back those that are like it */
  passOn(job: EngineJob, isBlocked: boolean): void {
    const { blocked, holders } = this.#semaphoreOf(job) ?? {}
    const next = blocked?.first(job.queue)
    if (next === undefined || holders!.size >= next.constraints!.limit!.to || (isBlocked && blocked!.areLike(job))) return
    this.unblock(next)
    this.#release([next])
  }

  /** Gives the slot of a job back that doesn't run any more. */
  giveBack(job: EngineJob): void {
    const semaphore = this.#semaphoreOf(job)
    if (semaphore?.holders.delete(job)) this.#releaseFirst(semaphore)
  }

  /** Forgets a job that is done, given up or removed. */
  leave(job: EngineJob): void {
    const key = job.constraints?.limit?.key
    const semaphore = key === undefined ? undefined : this.#byKey.get(key)
    if (key === undefined || semaphore === undefined) return
    semaphore.live--
    if (semaphore.live <= 0 && semaphore.holders.size === 0) this.#byKey.delete(key)
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (const { blocked } of this.#byKey.values()) yield* blocked
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  #semaphoreOf(job: EngineJob): Semaphore | undefined {
    const key = job.constraints?.limit?.key
    return key === undefined ? undefined : this.#byKey.get(key)
  }

  #semaphore(key: string): Semaphore {
    let semaphore = this.#byKey.get(key)
    if (semaphore === undefined) this.#byKey.set(key, (semaphore = { holders: new Map(), blocked: new BlockedJobs(), live: 0 }))
    return semaphore
  }

  /** The first job of each queue: the most urgent of all may be in a queue that nobody works on. Who gets no slot is blocked again. */
  #releaseFirst(semaphore: Semaphore): void {
    const jobs = semaphore.blocked.firsts()
    for (const job of jobs) this.unblock(job)
    if (jobs.length > 0) this.#release(jobs)
  }

  #arm(at: number): void {
    if (at >= this.#wakeAt) return
    clearTimeout(this.#timer)
    this.#wakeAt = at
    this.#timer = setTimeout(this.#wake, Math.max(0, Math.min(at - Date.now(), 2 ** 31 - 1))).unref()
  }

  readonly #wake = (): void => {
    this.#wakeAt = Number.POSITIVE_INFINITY
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const semaphore of [...this.#byKey.values()]) {
      if (semaphore.blocked.isEmpty) continue
      if (dropExpired(semaphore.holders, now)) this.#releaseFirst(semaphore)
      for (const expiresAt of semaphore.holders.values()) next = Math.min(next, expiresAt)
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next)
  }
}

function dropExpired(holders: Map<EngineJob, number>, now: number): boolean {
  let isAny = false
  for (const [job, expiresAt] of holders) {
    if (expiresAt > now) continue
    holders.delete(job)
    isAny = true
  }
  return isAny
}
