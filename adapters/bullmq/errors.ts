import { RegaugeError } from '../../src/errors/index.ts'

/** The package bullmq isn't installed, or can't be loaded. */
export class BullmqMissing extends RegaugeError<'REGAUGE_BULLMQ_MISSING'> {
  static override code = 'REGAUGE_BULLMQ_MISSING' as const
}

/** The database where BullMQ keeps jobs can't be reached, or doesn't let its tables be looked at. */
export class BullmqUnreadable extends RegaugeError<'REGAUGE_BULLMQ_UNREADABLE'> {
  static override code = 'REGAUGE_BULLMQ_UNREADABLE' as const
}
