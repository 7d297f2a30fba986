import { RegaugeError } from '../../src/errors/index.ts'

/** The package bullmq isn't installed, or can't be loaded. */
export class BullmqMissing extends RegaugeError<'REGAUGE_BULLMQ_MISSING'> {
  static override code = 'REGAUGE_BULLMQ_MISSING' as const
}
