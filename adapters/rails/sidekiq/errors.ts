import { RegaugeError } from '../../../src/errors/index.ts'

/** A job for Sidekiq that it would refuse. Nothing was pushed. */
export class InvalidSidekiqJob extends RegaugeError<'REGAUGE_INVALID_SIDEKIQ_JOB'> {
  static override code = 'REGAUGE_INVALID_SIDEKIQ_JOB' as const
}

/** Something else is in Redis under a name that Sidekiq uses. */
export class WrongRedisType extends RegaugeError<'REGAUGE_WRONG_REDIS_TYPE'> {
  static override code = 'REGAUGE_WRONG_REDIS_TYPE' as const
}
