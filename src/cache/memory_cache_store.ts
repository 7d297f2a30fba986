import type { CacheStore } from './cache_store.ts'

interface Entry {
  readonly value: unknown
  readonly expiresAt: number | undefined
}

/** Keeps cached values in the memory of this process. Bounded: the values that weren't read for longest go first. */
export class MemoryCacheStore implements CacheStore {
  readonly name = 'MemoryStore'
  readonly #entries = new Map<string, Entry>()
  readonly #most: number

  /** @param options.most values kept; default 10,000 */
  constructor({ most = 10_000 }: { readonly most?: number } = {}) {
    this.#most = most
  }

  read(key: string): { readonly value: unknown } | undefined {
    const entry = this.#entry(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return { value: structuredClone(entry.value) }
  }

  write(key: string, value: unknown, expiresAt: number | undefined): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#most) this.#entries.delete(this.#entries.keys().next().value!)
    this.#entries.set(key, { value: structuredClone(value), expiresAt })
  }

  delete(key: string): boolean {
    const isThere = this.#entry(key) !== undefined
    this.#entries.delete(key)
    return isThere
  }

  increment(key: string, amount: number, expiresAt: number | undefined): number {
    const entry = this.#entry(key)
    const sum = Number(entry?.value ?? 0) + amount
    this.write(key, sum, entry === undefined ? expiresAt : entry.expiresAt)
    return sum
  }

  clear(): void {
    this.#entries.clear()
  }

  #entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.expiresAt === undefined || entry.expiresAt > Date.now()) return entry
    this.#entries.delete(key)
    return undefined
  }
}
