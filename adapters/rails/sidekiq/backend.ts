import type {
  JobBackend,
  JobCounts,
  JobHandler,
  JobStateName,
  JobWorker,
  NewJob,
  Page,
  ProcessOptions,
  StoredJob,
} from '../../../src/jobs/index.ts'
import { wrapJob } from './active_job.ts'
import type { SidekiqOptions } from './client.ts'
import { InvalidSidekiqJob } from './errors.ts'
import { hasInexactNumber } from './exact_numbers.ts'
import { completeItem, payloadText, writeOf } from './item.ts'
import { countOfState, type Found, pageOf, storedJob } from './listing.ts'
import { asNew } from './next_item.ts'
import { applyWrites, settle, type SidekiqRedis } from './redis.ts'
import { SidekiqWorker } from './worker.ts'

/** How the queues are used. */
export interface SidekiqBackendOptions {
  /** Milliseconds between looks into empty queues. Default 250. */
  readonly poll?: number | undefined
  /** What the `sidekiq_options` of Rails' classes say for the jobs that are enqueued here, by the names of the classes.
   * @example { InvoiceJob: { retry: 3, dead: false } } */
  readonly sidekiqOptions?: Readonly<Record<string, Omit<SidekiqOptions, 'queue' | 'wait'>>> | undefined
}

/** The Sidekiq queues of a Rails application as a job backend: what is enqueued here, Rails may perform (as Active Job), and what Rails
 * enqueues is performed here, where a class of that name exists. Jobs that fail go to Sidekiq's own retry and dead sets.
 *
 * @example useJobBackend(new SidekiqBackend(new Redis(process.env.REDIS_URL)))
 */
export class SidekiqBackend implements JobBackend {
  readonly #redis: SidekiqRedis
  readonly #poll: number
  readonly #options: ReadonlyMap<string, object>
  readonly #workers = new Set<SidekiqWorker>()

  /** @param redis a client of `ioredis`, which stays the caller's */
  constructor(redis: SidekiqRedis, { poll = 250, sidekiqOptions = {} }: SidekiqBackendOptions = {}) {
    this.#redis = redis
    this.#poll = poll
    this.#options = new Map(Object.entries(sidekiqOptions))
  }

  /** @throws InvalidSidekiqJob for classes with `uniqueFor`, `limitsConcurrency` or `limitsRate`, which only our own queues keep */
  async add(entries: readonly NewJob[]): Promise<string[]> {
    const now = Date.now() / 1000
    const bound = entries.find(({ constraints }) => constraints !== undefined)
    if (bound !== undefined)
      throw new InvalidSidekiqJob({ reason: `of the class ${bound.name} is unique or limited, which Sidekiq's queues don't keep` })
    const items = entries.map((entry) => completeItem(wrapJob(entry, now, entries.length > 1), now, this.#options.get(entry.name)))
    await applyWrites(
      this.#redis,
      items.map((item) => writeOf(item, now)),
    )
    return items.map(({ jid }) => jid)
  }

  /** @throws WrongRedisType where the names of the queues are none */
  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const letGo = () => this.#workers.delete(worker)
    const worker: SidekiqWorker = new SidekiqWorker(this.#redis, handler, options, { poll: this.#poll, onStopped: letGo })
    this.#workers.add(worker)
    try {
      await worker.start()
    } catch (error) {
      await worker.stop()
      throw error
    }
    return worker
  }

  async counts(): Promise<JobCounts> {
    const [waiting, delayed, failed] = await Promise.all(states.map((state) => countOfState(this.#redis, state)))
    const none = { prioritized: 0, blocked: 0, active: 0, completed: 0, paused: 0, 'waiting-children': 0 }
    return { ...none, waiting: waiting!, delayed: delayed!, failed: failed! }
  }

  /** What is no job of Sidekiq's is listed with a `dataError`: it can be removed, and is not run. */
  async list(state: JobStateName, { limit = 100, ...page }: Page = {}): Promise<StoredJob[]> {
    return (await pageOf(this.#redis, state, { limit, ...page })).map(storedJob)
  }

  async find(id: string): Promise<StoredJob | undefined> {
    const found = (await this.#everything()).find((one) => one.id === id)
    return found && storedJob(found)
  }

  async retry(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids)
    const dead = await pageOf(this.#redis, 'failed')
    const retried = dead.map(async ({ id, key, payload, item }) => {
      if (item === undefined || !wanted.has(id) || hasInexactNumber(payload)) return false
      return settle(this.#redis, key, payload, { to: 'queue', queue: item.queue, payload: payloadText(asNew(item)) })
    })
    return (await Promise.all(retried)).filter(Boolean).length
  }

  async remove(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids)
    const found = (await this.#everything()).filter(({ id }) => wanted.has(id))
    const removed = found.map(({ key, payload }) => settle(this.#redis, key, payload))
    return (await Promise.all(removed)).filter(Boolean).length
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop({ timeout: 0 })))
  }

  async #everything(): Promise<Found[]> {
    return (await Promise.all(states.map((state) => pageOf(this.#redis, state)))).flat()
  }
}

const states = ['waiting', 'delayed', 'failed'] as const
