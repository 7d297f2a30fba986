import { ancestorsOf } from './event.ts'
import { type SubscriberClass, type Subscription, subscriptionsOf } from './subscriber.ts'

/** One subscriber of an event, as it will be called. */
export interface Delivery {
  readonly subscriber: SubscriberClass
  readonly deferred: boolean
  readonly inTransaction: boolean
  readonly everyProcess: boolean
  readonly priority: number
  /** Of its jobs, when it is deferred and not theirs by default. */
  readonly queue?: string
}

/** A row of the listing of subscribers. */
export interface SubscriberListing {
  readonly event: string
  readonly subscriber: string
  readonly deferred: boolean
  readonly inTransaction: boolean
  readonly everyProcess: boolean
  readonly priority: number
  /** Of its jobs, when it is deferred and not theirs by default. */
  readonly queue?: string
}

/** The subscribers of an application. Which of them an event class reaches is worked out once, and again when one comes or goes. */
export class Subscribers {
  readonly #classes = new Set<SubscriberClass>()
  #deliveries = new WeakMap<object, readonly Delivery[]>()

  /** Adds a class with all it subscribes to, inherited subscriptions included. */
  add(subscriber: SubscriberClass): void {
    this.#classes.add(subscriber)
    this.#deliveries = new WeakMap()
  }

  remove(subscriber: SubscriberClass): void {
    this.#classes.delete(subscriber)
    this.#deliveries = new WeakMap()
  }

  clear(): void {
    this.#classes.clear()
    this.#deliveries = new WeakMap()
  }

  /** The subscriber class of a name. */
  named(name: string): SubscriberClass | undefined {
    for (const subscriber of this.#classes) if (subscriber.name === name) return subscriber
    return undefined
  }

  /** The names of all subscriber classes. */
  names(): string[] {
    return [...this.#classes].map((subscriber) => subscriber.name)
  }

  /** Who gets an event of this class, in order: by priority, then those of the class before those of its ancestors, then as they were added.
   * Each subscriber gets an event once, as its most specific subscription says. */
  deliveriesOf(eventClass: object): readonly Delivery[] {
    const known = this.#deliveries.get(eventClass)
    if (known !== undefined) return known
    const ancestors = ancestorsOf(eventClass)
    const found: { delivery: Delivery; distance: number }[] = []
    for (const subscriber of this.#classes) {
      const nearest = nearestSubscription(subscriber, ancestors)
      if (nearest === undefined) continue
      const { subscription, distance } = nearest
      const { event: _, ...how } = subscription
      found.push({ delivery: { subscriber, ...how }, distance })
    }
    found.sort((a, b) => a.delivery.priority - b.delivery.priority || a.distance - b.distance)
    const deliveries = found.map(({ delivery }) => delivery)
    this.#deliveries.set(eventClass, deliveries)
    return deliveries
  }

  /** All subscriptions, for a listing. */
  list(): SubscriberListing[] {
    return [...this.#classes].flatMap((subscriber) =>
      subscriptionsOf(subscriber).map(({ event, ...how }) => ({ event: event.name, subscriber: subscriber.name, ...how })),
    )
  }
}

function nearestSubscription(
  subscriber: object,
  ancestors: readonly object[],
): { subscription: Subscription; distance: number } | undefined {
  let nearest: { subscription: Subscription; distance: number } | undefined
  for (const subscription of subscriptionsOf(subscriber)) {
    const distance = ancestors.indexOf(subscription.event)
    if (distance >= 0 && (nearest === undefined || distance <= nearest.distance)) nearest = { subscription, distance }
  }
  return nearest
}

let current = new Subscribers()

/** The subscribers that `publish` calls. */
export function currentSubscribers(): Subscribers {
  return current
}

/** Makes `replacement` the subscribers that `subscribeTo` adds to and `publish` calls. */
export function useSubscribers(replacement: Subscribers): void {
  current = replacement
}

/** Every subscription: event, subscriber, whether it is deferred. */
export function listSubscribers(): SubscriberListing[] {
  return current.list()
}
