import { RegaugeError } from '../errors/index.ts'

/** `notifications.subscribe` was given something that can't be told of events, or no name of any. */
export class InvalidNotificationSubscriber extends RegaugeError<'REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER'> {
  static override code = 'REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER' as const
}
