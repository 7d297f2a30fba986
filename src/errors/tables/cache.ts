import { row } from '../row.ts'

/** Errors of caches. */
export const cacheErrors = {
  REGAUGE_INVALID_CACHE_KEY: row(
    500,
    (d: { given: string }) => `${d.given} is no key of a cache.`,
    'A key is a text, a number, a record (what has cacheKey or toParam), or a list of these.',
  ),
} as const
