import { RegaugeError } from '../errors/index.ts'

/** Something was broadcast and no application is running in this process. */
export class PubSubMissing extends RegaugeError<'REGAUGE_PUBSUB_MISSING'> {
  static override code = 'REGAUGE_PUBSUB_MISSING' as const
}
