import { RegaugeError } from '../../src/errors/index.ts'

/** Redis is to be used, and no client is installed. */
export class RedisMissing extends RegaugeError<'REGAUGE_REDIS_MISSING'> {
  static override code = 'REGAUGE_REDIS_MISSING' as const
}
