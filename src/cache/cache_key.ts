import { InvalidCacheKey } from './errors.ts'

/** What a cached value is found by: a text, a number, a record (its `cacheKey`), or a list of these. */
export type CacheKey = string | number | boolean | bigint | null | { cacheKey(): string } | { toParam(): unknown } | readonly CacheKey[]

/** The text of a key: `['posts', 1]` → `posts/1`.
 * @throws InvalidCacheKey (REGAUGE_INVALID_CACHE_KEY)
 */
export function keyText(key: CacheKey): string {
  if (Array.isArray(key)) return key.map((one: CacheKey) => keyText(one)).join('/')
  if (typeof key !== 'object' || key === null) return String(key ?? '')
  if ('cacheKeyWithVersion' in key && typeof key.cacheKeyWithVersion === 'function') return String(key.cacheKeyWithVersion())
  if ('cacheKey' in key && typeof key.cacheKey === 'function') return String(key.cacheKey())
  if ('toParam' in key && typeof key.toParam === 'function') return String(key.toParam())
  throw new InvalidCacheKey({ given: `An object of ${key.constructor?.name ?? 'no class'}` })
}
