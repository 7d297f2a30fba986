import { RegaugeError } from '../errors/index.ts'

/** A stored event is for a subscriber that this process doesn't know. */
export class UnknownSubscriber extends RegaugeError<'REGAUGE_UNKNOWN_SUBSCRIBER'> {
  static override code = 'REGAUGE_UNKNOWN_SUBSCRIBER' as const
}

/** A stored event is of a class that this process doesn't know. */
export class UnknownEvent extends RegaugeError<'REGAUGE_UNKNOWN_EVENT'> {
  static override code = 'REGAUGE_UNKNOWN_EVENT' as const
}
