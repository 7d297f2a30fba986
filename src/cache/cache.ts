import { fromOutside } from '../values/index.ts'
import { type Channel, channel } from '../notifications/index.ts'
import { type CacheKey, keyText } from './cache_key.ts'
import type { CacheStore } from './cache_store.ts'

/** How a value is kept. */
export interface CacheOptions {
  /** Seconds, or a duration. */
  readonly expiresIn?: number | { readonly seconds: number } | undefined
  readonly expiresAt?: Date | undefined
}

/** How a value is fetched. */
export interface FetchOptions extends CacheOptions {
  /** Work it out anew, whether it is there or not. */
  readonly force?: boolean
  /** Don't keep `null` and undefined. */
  readonly skipNil?: boolean
}

type Payload = Record<string, unknown>

const operations = [
  'read',
  'write',
  'fetch_hit',
  'generate',
  'exist?',
  'increment',
  'decrement',
  'read_multi',
  'write_multi',
  'delete',
  'delete_multi',
] as const
const events = Object.fromEntries(operations.map((name) => [name, channel(`cache_${name}.active_support`)])) as Record<
  (typeof operations)[number],
  Channel
>

/** Values that are worked out once and kept for a while: Rails' `Rails.cache`. Keys of an application share the store; put who may see a value
 * into its key. */
export class Cache {
  readonly #store: () => CacheStore

  constructor(store: () => CacheStore) {
    this.#store = store
  }

  /** The value; undefined when there is none. */
  read(key: CacheKey): Promise<unknown> {
    return this.#read(keyText(key), {}).then((entry) => entry?.value)
  }

  write(key: CacheKey, value: unknown, options: CacheOptions = {}): Promise<void> {
    return this.#write(keyText(key), value, options)
  }

  /** The value, else what `work` returns, which is kept.
   * @example await cache.fetch(['rates', day], { expiresIn: 3600 }, () => fetchRates(day))
   */
  fetch<T>(key: CacheKey, work: () => T | Promise<T>): Promise<T>
  fetch<T>(key: CacheKey, options: FetchOptions, work: () => T | Promise<T>): Promise<T>
  async fetch<T>(key: CacheKey, ...args: [() => T | Promise<T>] | [FetchOptions, () => T | Promise<T>]): Promise<T> {
    const work = args.at(-1) as () => T | Promise<T>
    const options = args.length === 2 ? args[0] : {}
    const name = keyText(key)
    const entry = options.force ? undefined : await this.#read(name, { super_operation: 'fetch' })
    if (entry !== undefined) {
      events.fetch_hit.publish(this.#payload(name))
      return entry.value as T
    }
    const value = await events.generate.instrument(this.#payload(name), async () => work())
    if (!options.skipNil || (value !== null && value !== undefined)) await this.#write(name, value, options)
    return value
  }

  exists(key: CacheKey): Promise<boolean> {
    const name = keyText(key)
    return events['exist?'].instrument(this.#payload(name), async () => (await this.#store().read(name)) !== undefined)
  }

  /** @returns whether there was one */
  delete(key: CacheKey): Promise<boolean> {
    const name = keyText(key)
    return events.delete.instrument(this.#payload(name), async () => this.#store().delete(name))
  }

  /** Adds to a number in one step. @returns the sum */
  increment(key: CacheKey, amount = 1, options: CacheOptions = {}): Promise<number> {
    const name = keyText(key)
    return events.increment.instrument(this.#payload(name, { amount }), () => this.#add(name, amount, options))
  }

  decrement(key: CacheKey, amount = 1, options: CacheOptions = {}): Promise<number> {
    const name = keyText(key)
    return events.decrement.instrument(this.#payload(name, { amount }), () => this.#add(name, -amount, options))
  }

  /** The values that are there, by key. */
  readMulti(...keys: readonly CacheKey[]): Promise<Record<string, unknown>> {
    return this.#readMulti(keys.map(keyText), {})
  }

  writeMulti(values: Readonly<Record<string, unknown>>, options: CacheOptions = {}): Promise<void> {
    return events.write_multi.instrument(this.#payload(values), async () => {
      for (const [key, value] of Object.entries(values)) await this.#store().write(key, value, expiryOf(options))
    })
  }

  /** The values of all keys; those that aren't there are worked out and kept.
   * @example await cache.fetchMulti(['a', 'b'], (key) => countOf(key))
   */
  async fetchMulti<T>(
    keys: readonly CacheKey[],
    work: (key: string) => T | Promise<T>,
    options: CacheOptions = {},
  ): Promise<Record<string, T>> {
    const names = keys.map(keyText)
    const values = (await this.#readMulti(names, { super_operation: 'fetch_multi' })) as Record<string, T>
    const made: Record<string, T> = Object.create(null)
    for (const name of names) if (!Object.hasOwn(values, name)) made[name] = await work(name)
    if (Object.keys(made).length > 0) await this.writeMulti(made, options)
    return Object.assign(values, made)
  }

  /** @returns how many there were */
  deleteMulti(keys: readonly CacheKey[]): Promise<number> {
    const names = keys.map(keyText)
    return events.delete_multi.instrument(this.#payload(names), async () => {
      let count = 0
      for (const name of names) if (await this.#store().delete(name)) count++
      return count
    })
  }

  /** Forgets everything in the store. */
  async clear(): Promise<void> {
    await this.#store().clear()
  }

  #read(name: string, more: Payload): Promise<{ readonly value: unknown } | undefined> {
    return events.read.instrument(this.#payload(name, more), async (payload) => {
      const entry = await this.#store().read(name)
      payload['hit'] = entry !== undefined
      return fromOutside(entry)
    })
  }

  #write(name: string, value: unknown, options: CacheOptions): Promise<void> {
    const more = options.expiresIn === undefined ? {} : { expires_in: secondsOf(options.expiresIn) }
    return events.write.instrument(this.#payload(name, more), async () => this.#store().write(name, value, expiryOf(options)))
  }

  /** Rails tells of a number that begins as of one that is written. */
  async #add(name: string, amount: number, options: CacheOptions): Promise<number> {
    const store = this.#store()
    if (events.write.isOn && (await store.read(name)) === undefined) events.write.publish(this.#payload(name))
    return store.increment(name, amount, expiryOf(options))
  }

  #readMulti(names: readonly string[], more: Payload): Promise<Record<string, unknown>> {
    return events.read_multi.instrument(this.#payload(names, more), async (payload) => {
      const values: Record<string, unknown> = Object.create(null)
      for (const name of names) {
        const entry = await this.#store().read(name)
        if (entry !== undefined) values[name] = fromOutside(entry.value)
      }
      payload['hits'] = Object.keys(values)
      return values
    })
  }

  #payload(key: unknown, more: Payload = {}): Payload {
    return { key, store: this.#store().name, ...more }
  }
}

function expiryOf({ expiresIn, expiresAt }: CacheOptions): number | undefined {
  return expiresIn === undefined ? expiresAt?.getTime() : Date.now() + secondsOf(expiresIn) * 1000
}

function secondsOf(duration: number | { readonly seconds: number }): number {
  return typeof duration === 'number' ? duration : duration.seconds
}
