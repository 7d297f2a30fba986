import { DuplicateJob, type JobConstraints, type NewJob } from '../../src/jobs/index.ts'
import type { Holder, Locks } from './locks.ts'
import type { Rates } from './rates.ts'

/** A job that is to be added, with the id that it will have. */
export type IdentifiedJob = NewJob & { readonly id: string }

/** What keeps a job from beginning. */
export interface Hold {
  /** When it looks again, in milliseconds from now. */
  readonly milliseconds: number
  /** The key of the limit of how many run, if that is it: the end of another one lets it begin. */
  readonly limit?: string | undefined
}

/** A job that a limit holds back looks again after so long, unless it is told before. */
const heldMilliseconds = 500

/** What limits and unique keys keep jobs from: being stored, and running. The rules of the embedded engine, by locks that all machines share. */
export class Constraints {
  readonly #locks: Locks
  readonly #rates: Rates

  constructor(locks: Locks, rates: Rates) {
    this.#locks = locks
    this.#rates = rates
  }

  /** Whether a job may be stored; then it has its key.
   * @returns the job whose place it takes, or `true`, or `false` for a job that isn't stored
   * @throws DuplicateJob (REGAUGE_DUPLICATE_JOB)
   */
  async admit({ id, name, queue, constraints }: IdentifiedJob): Promise<boolean | Holder> {
    const { limit, unique } = constraints ?? {}
    const wanted = { owner: id, queue }
    if (limit?.conflict === 'discard' && !(await this.#takeOne(`live/${limit.key}`, limit.to, wanted))) return false
    if (unique === undefined) return true
    const until = unique.for === undefined ? undefined : Date.now() + unique.for
    const holder = await this.#locks.take(`unique/${unique.key}`, { ...wanted, until })
    if (holder === undefined) return true
    if (unique.conflict === 'replace') {
      await this.#locks.pass(`unique/${unique.key}`, holder.owner, { ...wanted, until })
      return holder
    }
    await this.#freeLive(id, constraints)
    if (unique.conflict === 'raise') throw new DuplicateJob({ name, id: holder.owner })
    return false
  }

  /** Lets a job begin to run, or says what keeps it from that. */
  async start(id: string, queue: string, constraints: JobConstraints | undefined): Promise<Hold | undefined> {
    const { limit, unique, rates } = constraints ?? {}
    const isFree =
      limit === undefined || (await this.#takeOne(`run/${limit.key}`, limit.to, { owner: id, queue, until: Date.now() + limit.duration }))
    if (!isFree) return { milliseconds: heldMilliseconds, limit: limit.key }
    const milliseconds = rates === undefined ? 0 : await this.#rates.take(jobIn(queue, id), rates)
    if (milliseconds > 0) {
      await this.stop(id, constraints)
      return { milliseconds }
    }
    if (unique?.until === 'executing') await this.#locks.release(`unique/${unique.key}`, id)
    return undefined
  }

  /** Notes that a job runs no longer, but will again. */
  async stop(id: string, { limit }: JobConstraints = {}): Promise<void> {
    if (limit !== undefined) await this.#releaseAll(`run/${limit.key}`, limit.to, id)
  }

  /** Forgets a job that is done, given up or removed. */
  async leave(id: string, constraints: JobConstraints | undefined): Promise<void> {
    await this.stop(id, constraints)
    await this.#freeLive(id, constraints)
    if (constraints?.unique !== undefined) await this.#locks.release(`unique/${constraints.unique.key}`, id)
  }

  /** Forgets a job that was removed before it ran. */
  async takeOut(id: string, queue: string, constraints: JobConstraints | undefined): Promise<void> {
    await this.leave(id, constraints)
    if (constraints?.rates !== undefined) await this.#rates.forget(jobIn(queue, id), constraints.rates)
  }

  /** Counts a job again that was given up: it has its key if that is free. */
  async enter(id: string, queue: string, { limit, unique }: JobConstraints = {}): Promise<void> {
    if (limit?.conflict === 'discard') await this.#takeOne(`live/${limit.key}`, limit.to, { owner: id, queue })
    if (unique !== undefined) await this.#locks.take(`unique/${unique.key}`, { owner: id, queue })
  }

  async #freeLive(id: string, { limit }: JobConstraints = {}): Promise<void> {
    if (limit?.conflict === 'discard') await this.#releaseAll(`live/${limit.key}`, limit.to, id)
  }

  async #takeOne(name: string, count: number, wanted: Omit<Holder, 'since'>): Promise<boolean> {
    for (let place = 0; place < count; place++) {
      const holder = await this.#locks.holder(`${name}/${place}`)
      if (holder?.owner === wanted.owner) return true
    }
    for (let place = 0; place < count; place++) if ((await this.#locks.take(`${name}/${place}`, wanted)) === undefined) return true
    return false
  }

  async #releaseAll(name: string, count: number, owner: string): Promise<void> {
    for (let place = 0; place < count; place++) await this.#locks.release(`${name}/${place}`, owner)
  }
}

/** Ids of the author's choice may be the same in several queues. */
function jobIn(queue: string, id: string): string {
  return `${queue}/${id}`
}

/** Jobs by their queues. */
export function groupByQueue(entries: readonly IdentifiedJob[]): Map<string, IdentifiedJob[]> {
  const groups = new Map<string, IdentifiedJob[]>()
  for (const entry of entries) {
    const group = groups.get(entry.queue)
    if (group === undefined) groups.set(entry.queue, [entry])
    else group.push(entry)
  }
  return groups
}
