import { RegaugeError } from '../errors/index.ts'

/** `subscribeTo` was given something else than a class. */
export class NoEventClass extends RegaugeError<'REGAUGE_NO_EVENT_CLASS'> {
  static override code = 'REGAUGE_NO_EVENT_CLASS' as const
}

/** `publish` was given something else than an event. */
export class NoEvent extends RegaugeError<'REGAUGE_NO_EVENT'> {
  static override code = 'REGAUGE_NO_EVENT' as const
}

/** A stored event is for a subscriber that this process doesn't know. */
export class UnknownSubscriber extends RegaugeError<'REGAUGE_UNKNOWN_SUBSCRIBER'> {
  static override code = 'REGAUGE_UNKNOWN_SUBSCRIBER' as const
}

/** A stored event is of a class that this process doesn't know. */
export class UnknownEvent extends RegaugeError<'REGAUGE_UNKNOWN_EVENT'> {
  static override code = 'REGAUGE_UNKNOWN_EVENT' as const
}

/** Two classes have the name by which stored events are to find one of them. */
export class DuplicateEventName extends RegaugeError<'REGAUGE_DUPLICATE_EVENT_NAME'> {
  static override code = 'REGAUGE_DUPLICATE_EVENT_NAME' as const
}

/** `subscribeTo` was given options that contradict each other. */
export class InvalidSubscription extends RegaugeError<'REGAUGE_INVALID_SUBSCRIPTION'> {
  static override code = 'REGAUGE_INVALID_SUBSCRIPTION' as const
}
