import { DuplicateEventName } from './errors.ts'
import type { EventClass } from './event.ts'
import { type SubscriberClass, subscriptionsOf } from './subscriber.ts'
import { currentSubscribers } from './subscribers.ts'

/** Sees to it that a name stands for one class wherever an event travels by names: to a deferred subscriber, or to another process.
 * @throws DuplicateEventName (REGAUGE_DUPLICATE_EVENT_NAME)
 */
export function requireDistinctNames(subscribers: Iterable<SubscriberClass>, events: Iterable<EventClass>): void {
  const deferred = [...subscribers].filter((subscriber) => subscriptionsOf(subscriber).some((subscription) => subscription.deferred))
  const travelling = [...events].filter((event) =>
    currentSubscribers()
      .deliveriesOf(event)
      .some((delivery) => delivery.deferred || delivery.everyProcess),
  )
  refuseTwice('subscribers', deferred)
  refuseTwice('events', travelling)
}

function refuseTwice(kind: 'events' | 'subscribers', classes: readonly { readonly name: string }[]): void {
  const known = new Set<string>()
  for (const { name } of new Set(classes)) {
    if (known.has(name)) throw new DuplicateEventName({ name, kind })
    known.add(name)
  }
}
