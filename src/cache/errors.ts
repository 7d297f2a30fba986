import { RegaugeError } from '../errors/index.ts'

/** A cache was asked for a key that has no text. */
export class InvalidCacheKey extends RegaugeError<'REGAUGE_INVALID_CACHE_KEY'> {
  static override code = 'REGAUGE_INVALID_CACHE_KEY' as const
}
