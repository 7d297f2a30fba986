import { RegaugeError } from '../../../src/errors/index.ts'

/** A job for Sidekiq that it would refuse. Nothing was pushed. */
export class InvalidSidekiqJob extends RegaugeError<'REGAUGE_INVALID_SIDEKIQ_JOB'> {
  static override code = 'REGAUGE_INVALID_SIDEKIQ_JOB' as const
}
