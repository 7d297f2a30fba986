import { didYouMeanText, row } from '../row.ts'

/** Errors of domain events. */
export const eventErrors = {
  REGAUGE_NO_EVENT_CLASS: row(
    500,
    (d: { subscriber: string; given: string }) => `${d.subscriber} subscribes to ${d.given}, which is no class of events.`,
    'Give subscribeTo the class itself: this.subscribeTo(OrderPlaced).',
  ),
  REGAUGE_NO_EVENT: row(
    500,
    (d: { given: string }) => `publish was given ${d.given}, which is no event.`,
    'Make an event of its class: publish(new OrderPlaced({ order })).',
  ),
  REGAUGE_INVALID_SUBSCRIPTION: row(
    500,
    (d: { subscriber: string; reason: string; hint?: string | undefined }) => `${d.subscriber} can't subscribe like that: ${d.reason}.`,
    (d) => d.hint ?? 'Choose one of deferred, inTransaction and everyProcess; rescueFrom takes classes of errors and then a function.',
  ),
  REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER: row(
    500,
    (d: { reason: string }) => `Nobody can subscribe to notifications ${d.reason}.`,
    'A function of one parameter gets the event, any other the name, both times, the id and the payload.',
  ),
  REGAUGE_DUPLICATE_EVENT_NAME: row(
    500,
    (d: { name: string; kind: 'events' | 'subscribers' }) => `Two classes of ${d.kind} are called ${d.name}.`,
    'Events on their way to a deferred subscriber, or to another process, know classes by their names: rename one of them.',
  ),
  REGAUGE_UNKNOWN_SUBSCRIBER: row(
    500,
    (d: { name: string; suggestion?: string | undefined }) =>
      `An event is to be delivered to ${d.name}, which doesn't exist.${didYouMeanText(d.suggestion)}`,
    'Export the subscriber from a file under app/subscribers, or discard the job.',
  ),
  REGAUGE_UNKNOWN_EVENT: row(
    500,
    (d: { name: string; suggestion?: string | undefined }) =>
      `An event of the class ${d.name} is to be delivered, which doesn't exist.${didYouMeanText(d.suggestion)}`,
    'Export the event from a file under app/events, or discard the job.',
  ),
} as const
