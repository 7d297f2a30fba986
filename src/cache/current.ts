import { PerApplication } from '../context/index.ts'
import { Cache } from './cache.ts'
import type { CacheStore } from './cache_store.ts'
import { MemoryCacheStore } from './memory_cache_store.ts'

const stores = new PerApplication<CacheStore>()
let fallback: CacheStore | undefined

/** Sets where an application keeps cached values, and code outside of any. The application calls it at boot. */
export function useCacheStore(store: CacheStore | undefined, application?: object): void {
  stores.use(store, application)
}

/** Forgets what `useCacheStore` set for an application that has stopped. */
export function releaseCacheStore(application: object): void {
  stores.release(application)
}

/** The cache of the running application. Always the same object, so it may be kept in a variable before the application has booted.
 * @example const rates = await cache.fetch('rates', { expiresIn: minutes(10) }, () => fetchRates())
 */
export const cache: Cache = new Cache(() => stores.current ?? (fallback ??= new MemoryCacheStore()))
