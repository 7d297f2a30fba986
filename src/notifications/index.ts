export { Channel, RunningEvent } from './channel.ts'
export { InvalidNotificationSubscriber } from './errors.ts'
export { NotificationEvent } from './event.ts'
export { LogSubscriber } from './log_subscriber.ts'
export { type AttachOptions, NotificationSubscriber } from './notification_subscriber.ts'
export { channel, instrument, isListening, subscribe, subscribed, unsubscribe } from './notifications.ts'
export type {
  CallHandler,
  EventHandler,
  NotificationHandler,
  NotificationPattern,
  StartFinishHandler,
  TimedArguments,
  TimedHandler,
} from './subscription.ts'
export { Subscription } from './subscription.ts'
export { type StructuredEvent, StructuredEvents, type StructuredEventSubscriber, structuredEvents } from './structured_events.ts'
