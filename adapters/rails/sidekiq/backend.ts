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
import { timesRun, unwrapJob, wrapJob } from './active_job.ts'
import type { SidekiqOptions } from './client.ts'
import { InvalidSidekiqJob } from './errors.ts'
import { type CompleteItem, completeItem, dateTime, payloadText, writeOf } from './item.ts'
import { asNew } from './next_item.ts'
import { applyWrites, ask, queueNames, settle, type SidekiqRedis } from './redis.ts'
import { SidekiqWorker } from './worker.ts'

/** How the queues are used. */
export interface SidekiqBackendOptions {
  /** Milliseconds between looks into empty queues. Default 250. */
  readonly poll?: number | undefined
  /** What the `sidekiq_options` of Rails' classes say for the jobs that are enqueued here, by the names of the classes.
   * @example { InvoiceJob: { retry: 3, dead: false } } */
  readonly sidekiqOptions?: Readonly<Record<string, Omit<SidekiqOptions, 'queue' | 'wait'>>> | undefined
}

interface Found {
  readonly key: string
  readonly payload: string
  readonly item: CompleteItem
  readonly state: JobStateName
  readonly runAt: number | undefined
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
    const worker = new SidekiqWorker(this.#redis, handler, options, this.#poll)
    this.#workers.add(worker)
    await worker.start()
    return worker
  }

  async counts(): Promise<JobCounts> {
    const count = async (command: string, key: string) => Number(await ask(this.#redis, command, key))
    const queues = await queueNames(this.#redis)
    const waiting = await Promise.all(queues.map((queue) => count('LLEN', `queue:${queue}`)))
    const [schedule, retry, dead] = await Promise.all([count('ZCARD', 'schedule'), count('ZCARD', 'retry'), count('ZCARD', 'dead')])
    const none = { prioritized: 0, blocked: 0, active: 0, completed: 0, paused: 0, 'waiting-children': 0 }
    return { ...none, waiting: waiting.reduce((sum, size) => sum + size, 0), delayed: schedule! + retry!, failed: dead! }
  }

  async list(state: JobStateName, { offset = 0, limit = 100, queue }: Page = {}): Promise<StoredJob[]> {
    const isWanted = ({ item }: Found) => queue === undefined || item.queue === queue
    const page = async () => (await this.#all(state)).filter(isWanted).slice(offset, offset + limit)
    return (state === 'failed' && queue === undefined ? await this.#dead(offset, limit) : await page()).map(storedJob)
  }

  async find(id: string): Promise<StoredJob | undefined> {
    const found = (await this.#everything()).find(({ item }) => item.jid === id)
    return found && storedJob(found)
  }

  async retry(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids)
    const dead = (await this.#all('failed')).filter(({ item }) => wanted.has(item.jid))
    const retried = dead.map(({ key, payload, item }) =>
      settle(this.#redis, key, payload, { to: 'queue', queue: item.queue, payload: payloadText(asNew(item)) }),
    )
    return (await Promise.all(retried)).filter(Boolean).length
  }

  async remove(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids)
    const found = (await this.#everything()).filter(({ item }) => wanted.has(item.jid))
    const removed = found.map(({ key, payload }) => settle(this.#redis, key, payload))
    return (await Promise.all(removed)).filter(Boolean).length
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop({ timeout: 0 })))
  }

  async #everything(): Promise<Found[]> {
    return (await Promise.all((['waiting', 'delayed', 'failed'] as const).map((state) => this.#all(state)))).flat()
  }

  async #all(state: JobStateName): Promise<Found[]> {
    if (state === 'waiting') {
      const queues = await queueNames(this.#redis)
      const lists = await Promise.all(
        queues.map(async (queue) => ({ key: `queue:${queue}`, payloads: await this.#range(`queue:${queue}`) })),
      )
      return lists.flatMap(({ key, payloads }) =>
        payloads.reverse().flatMap((payload) => {
          const item = read(payload)
          return item === undefined ? [] : [{ key, payload, item, state, runAt: undefined }]
        }),
      )
    }
    const keys = state === 'delayed' ? ['schedule', 'retry'] : state === 'failed' ? ['dead'] : []
    return (await Promise.all(keys.map((key) => this.#set(key, state)))).flat().filter((found) => found !== undefined)
  }

  async #range(key: string): Promise<string[]> {
    return (await ask(this.#redis, 'LRANGE', key, 0, -1)) as string[]
  }

  /** A page of the dead, who may be ten thousand: no others are read. What is no job is passed over. */
  async #dead(offset: number, limit: number): Promise<Found[]> {
    const found: Found[] = []
    for (let from = offset; found.length < limit; ) {
      const last = from + limit - found.length - 1
      const page = await this.#set('dead', 'failed', from, Number.isFinite(last) ? last : -1)
      if (page.length === 0) break
      found.push(...page.filter((one) => one !== undefined))
      from += page.length
    }
    return found
  }

  /** What is in a set, undefined in the place of what is no job. */
  async #set(key: string, state: JobStateName, first = 0, last = -1): Promise<(Found | undefined)[]> {
    const answer = (await ask(this.#redis, 'ZRANGE', key, first, last, 'WITHSCORES')) as (string | number | (string | number)[])[]
    const flat = answer.flat().map(String) // pairs in the newer protocol of Redis
    return flat.flatMap((payload, index) => {
      if (index % 2 === 1) return []
      const item = read(payload)
      return [item && { key, payload, item, state, runAt: timeOfScore(flat[index + 1]!) }]
    })
  }
}

/** Undefined for what isn't a job of Sidekiq. */
function read(payload: string): CompleteItem | undefined {
  try {
    return completeItem(JSON.parse(payload) as CompleteItem, 0)
  } catch {
    return undefined
  }
}

/** Redis writes `inf` for what is never. */
function timeOfScore(score: string): number {
  return dateTime(Math.round(Number(score.replace('inf', 'Infinity')) * 1000))
}

function storedJob({ item, state, runAt }: Found): StoredJob {
  const { id, queue, name, data, priority, createdAt } = unwrapJob(item)
  const { error_class: errorClass, error_message: message } = item
  return {
    id,
    queue,
    name,
    data,
    priority,
    state,
    attempts: timesRun(item),
    createdAt,
    runAt: state === 'delayed' ? runAt : undefined,
    finishedAt: state === 'failed' ? runAt : undefined,
    error: typeof errorClass === 'string' ? { name: errorClass, message: typeof message === 'string' ? message : '' } : undefined,
    result: undefined,
  }
}
