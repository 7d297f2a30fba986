import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { LeaseStore } from '../jobs/index.ts'
import type { Lease, Leases } from './leases.ts'

/** Who holds a lease. */
export interface Holder {
  readonly host: string
  readonly pid: number
}

/** Leases among the processes of all machines that use one store. A lease lasts for a time and is renewed in good time before its end; a holder that
 * can't renew it gives it up a little before others may take it.
 */
export class SharedLeases implements Leases {
  readonly #store: LeaseStore
  readonly #milliseconds: number
  readonly #owner = `${process.pid}@${hostname()}/${randomUUID()}`

  /** @param milliseconds how long a lease lasts that isn't renewed */
  constructor(store: LeaseStore, milliseconds: number) {
    this.#store = store
    this.#milliseconds = milliseconds
  }

  async acquire(name: string, onLost: () => void): Promise<Lease | undefined> {
    const take = () => this.#store.take(name, this.#owner, this.#milliseconds)
    const askedAt = new Moment()
    if (!(await take())) return undefined
    const held = new HeldLease(take, this.#milliseconds, askedAt, onLost)
    return {
      release: async () => {
        await held.end()
        // What can't be given back now ends by itself.
        await this.#store.release(name, this.#owner).catch(() => {})
      },
    }
  }

  /** The process that has a lease; undefined when none has. */
  async holder(name: string): Promise<Holder | undefined> {
    const [, pid, host] = /^(\d+)@(.*)\/[^/]+$/.exec((await this.#store.holder(name)) ?? '') ?? []
    return host === undefined ? undefined : { host, pid: Number(pid) }
  }
}

/** A moment by two clocks: one is set now and then, the other one may stand still while the machine sleeps. */
class Moment {
  readonly #date = Date.now()
  readonly #time = performance.now()

  /** Milliseconds since then, of the two the more. */
  get age(): number {
    return Math.max(Date.now() - this.#date, performance.now() - this.#time)
  }
}

class HeldLease {
  readonly #take: () => Promise<boolean>
  readonly #renewAfter: number
  readonly #loseAfter: number
  readonly #onLost: () => void
  readonly #timer: NodeJS.Timeout
  #renewedAt: Moment
  #renewing: Promise<void> | undefined

  constructor(take: () => Promise<boolean>, milliseconds: number, askedAt: Moment, onLost: () => void) {
    this.#take = take
    this.#renewAfter = milliseconds / 3
    this.#loseAfter = (milliseconds * 5) / 6
    this.#onLost = onLost
    this.#renewedAt = askedAt
    this.#timer = setInterval(() => this.#look(), Math.min(1000, milliseconds / 12)).unref()
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
  }

  #look(): void {
    const { age } = this.#renewedAt
    if (age >= this.#loseAfter) this.#lose()
    else if (age >= this.#renewAfter) this.#renewing ??= this.#renew()
  }

  /** What fails is tried again with the next look, as long as there is time. */
  async #renew(): Promise<void> {
    const askedAt = new Moment()
    try {
      if (!(await this.#take())) this.#lose()
      else this.#renewedAt = askedAt
    } catch {
    } finally {
      this.#renewing = undefined
    }
  }

  #lose(): void {
    clearInterval(this.#timer)
    this.#onLost()
  }
}
