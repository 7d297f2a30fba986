import { createHash } from 'node:crypto'
import type { Queue } from 'bullmq'

/** Who has a lock. */
export interface Holder {
  /** The id of a job, or of a process. */
  readonly owner: string
  /** The queue of the job. */
  readonly queue?: string | undefined
  /** Milliseconds since the epoch. */
  readonly since: number
  /** When it is free again in any case. */
  readonly until?: number | undefined
}

/** Locks by name that all machines agree on. A lock is a job that nobody runs: adding one whose id is there changes nothing, on Redis as on
 * PostgreSQL, so of several that ask one gets it. */
export class Locks {
  readonly #queue: Queue
  readonly #isAbandoned: (holder: Holder) => Promise<boolean>

  /** @param isAbandoned whether a holder is gone without having let go of what it had */
  constructor(queue: Queue, isAbandoned: (holder: Holder) => Promise<boolean>) {
    this.#queue = queue
    this.#isAbandoned = isAbandoned
  }

  /** Takes a lock; whoever has it already keeps it.
   * @returns undefined, or who has it
   */
  async take(name: string, wanted: Omit<Holder, 'since'>): Promise<Holder | undefined> {
    const id = lockId(name)
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.#queue.add('lock', { ...wanted, since: Date.now(), name }, { jobId: id })
      const holder = await this.holder(name)
      if (holder === undefined) continue
      if (holder.owner === wanted.owner) return undefined
      if (!(await this.#isFree(holder))) return holder
      await this.#break(name, holder, wanted.owner)
    }
    return this.holder(name)
  }

  /** Who has a lock. */
  async holder(name: string): Promise<Holder | undefined> {
    return (await this.#queue.getJob(lockId(name)))?.data as Holder | undefined
  }

  /** Gives the lock of one owner to another, or the same one more time. */
  async pass(name: string, from: string, to: Omit<Holder, 'since'>): Promise<boolean> {
    const lock = await this.#queue.getJob(lockId(name))
    if (lock?.data.owner !== from) return false
    await lock.updateData({ ...to, since: Date.now(), name })
    return true
  }

  /** Lets go of a lock, if it is the owner's. */
  async release(name: string, owner: string): Promise<void> {
    const lock = await this.#queue.getJob(lockId(name))
    if (lock?.data.owner === owner) await lock.remove()
  }

  async #isFree(holder: Holder): Promise<boolean> {
    return (holder.until !== undefined && holder.until <= Date.now()) || this.#isAbandoned(holder)
  }

  /** Removes a lock that is free though somebody has it: one process at a time, and only if it is still the same. */
  async #break(name: string, stale: Holder, by: string): Promise<void> {
    const breaking = `${lockId(name)}-break`
    await this.#queue.add('lock', { owner: by }, { jobId: breaking })
    const breaker = await this.#queue.getJob(breaking)
    if (breaker?.data.owner !== by) {
      // Who broke it before us may have died: its right lasts a short time.
      if (breaker !== undefined && Date.now() - breaker.timestamp > 5000) await breaker.remove()
      return
    }
    const holder = await this.holder(name)
    if (holder?.owner === stale.owner && holder.since === stale.since) await (await this.#queue.getJob(lockId(name)))?.remove()
    await breaker.remove()
  }
}

function lockId(name: string): string {
  return `lock-${createHash('sha256').update(name).digest('base64url')}`
}
