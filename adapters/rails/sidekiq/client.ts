import { InvalidSidekiqJob } from './errors.ts'
import { type CompleteItem, completeItem, type SidekiqItem, writeOf } from './item.ts'
import { applyWrites, type SidekiqRedis } from './redis.ts'

/** What a class of jobs in the Rails application says with `sidekiq_options`, and `set` for one job. */
export interface SidekiqOptions {
  readonly queue?: string | undefined
  readonly retry?: boolean | number | undefined
  readonly tags?: readonly string[] | undefined
  /** Seconds from now. */
  readonly wait?: number | undefined
  readonly [option: string]: unknown
}

const now = () => Date.now() / 1000

/** Pushes jobs to the Sidekiq of a Rails application.
 *
 * @example
 * const sidekiq = new SidekiqClient(new Redis(process.env.REDIS_URL))
 * await sidekiq.job('HardJob').performAsync(1, 'two')
 */
export class SidekiqClient {
  readonly #redis: SidekiqRedis

  constructor(redis: SidekiqRedis) {
    this.#redis = redis
  }

  /** Sidekiq's `Client.push`. @returns the job's id @throws InvalidSidekiqJob */
  async push(item: Partial<SidekiqItem>): Promise<string> {
    const [jid] = await this.pushAll([item])
    return jid!
  }

  /** Pushes several, all or none. @returns their ids */
  async pushAll(items: readonly Partial<SidekiqItem>[]): Promise<string[]> {
    const time = now()
    const isEncrypted = items.some(({ encrypt }) => encrypt === true)
    if (isEncrypted)
      throw new InvalidSidekiqJob({ reason: 'is to have encrypted arguments, for which only Sidekiq Enterprise has the key' })
    const complete: CompleteItem[] = items.map((item) => completeItem(item, time))
    await applyWrites(
      this.#redis,
      complete.map((item) => writeOf(item, time)),
    )
    return complete.map(({ jid }) => jid)
  }

  /** A class of the Rails application, by its name.
   * @param options what its `sidekiq_options` say, since they aren't known here */
  job(name: string, options: SidekiqOptions = {}): SidekiqJobClass {
    return new SidekiqJobClass(this, name, options, {})
  }
}

/** A class of jobs that is on the other side. */
export class SidekiqJobClass {
  readonly #client: SidekiqClient
  readonly #name: string
  readonly #options: SidekiqOptions
  readonly #set: SidekiqOptions

  constructor(client: SidekiqClient, name: string, options: SidekiqOptions, set: SidekiqOptions) {
    this.#client = client
    this.#name = name
    this.#options = options
    this.#set = set
  }

  /** Changes options for the job that follows. */
  set(options: SidekiqOptions): SidekiqJobClass {
    return new SidekiqJobClass(this.#client, this.#name, this.#options, { ...this.#set, ...options })
  }

  performAsync(...args: unknown[]): Promise<string> {
    return this.#client.push(asyncItem(this.#name, { ...this.#options, ...this.#set }, args, now()))
  }

  /** @param interval seconds from now, or a time since the epoch */
  performIn(interval: number, ...args: unknown[]): Promise<string> {
    return this.#client.push(laterItem(this.#name, { ...this.#options, ...this.#set }, interval, args, now()))
  }

  performAt(time: Date | number, ...args: unknown[]): Promise<string> {
    return this.performIn(time instanceof Date ? time.getTime() / 1000 : time, ...args)
  }

  /** One job for each list of arguments. */
  performBulk(argumentLists: readonly (readonly unknown[])[]): Promise<string[]> {
    const options = { ...this.#options, ...this.#set }
    return this.#client.pushAll(argumentLists.map((args) => bulkItem(this.#name, options, args)))
  }
}

/** What `perform_async` pushes. */
export function asyncItem(name: string, { wait, ...options }: SidekiqOptions, args: readonly unknown[], time: number): SidekiqItem {
  return { retry: true, queue: 'default', ...options, args, class: name, ...(wait !== undefined && wait > 0 && { at: time + wait }) }
}

/** What `perform_in` and `perform_at` push: an interval is less than a billion seconds, a time is more; one that has passed is at once. */
export function laterItem(name: string, options: SidekiqOptions, interval: number, args: readonly unknown[], time: number): SidekiqItem {
  const at = interval < 1_000_000_000 ? time + interval : interval
  return { ...bulkItem(name, options, args), ...(at > time && { at }) }
}

/** What `perform_bulk` pushes for each list of arguments. */
export function bulkItem(name: string, { wait: _, ...options }: SidekiqOptions, args: readonly unknown[]): SidekiqItem {
  return { retry: true, queue: 'default', ...options, class: name, args }
}
