import type { EventClass } from './event.ts'
import { NoEventClass } from './errors.ts'
import { registerEventClasses } from './event_classes.ts'
import { currentSubscribers } from './subscribers.ts'

/** How a subscriber wants its events. */
export interface SubscribeOptions {
  /** Runs as a durable job, after the transaction's commit. Default: before `publish` resolves. */
  readonly deferred?: boolean | undefined
  /** Smaller comes first; without one it is 0. For a deferred subscriber it is the priority of its jobs, a whole number. */
  readonly priority?: number | undefined
}

/** One declaration of `subscribeTo`. */
export interface Subscription {
  readonly event: EventClass
  readonly deferred: boolean
  readonly priority: number
}

/** A class of subscribers. */
export type SubscriberClass = (new () => Subscriber) & { readonly name: string }

const declared = new WeakMap<object, Subscription[]>()

/** What a class subscribes to, inherited declarations included. */
export function subscriptionsOf(subscriber: object): Subscription[] {
  const parent = Object.getPrototypeOf(subscriber) as object | null
  const inherited = parent === null || parent === Function.prototype ? [] : subscriptionsOf(parent)
  return [...inherited, ...(declared.get(subscriber) ?? [])]
}

/** Something that is called when events happen; a new instance for each event.
 *
 * @example
 * class UpdateInventory extends Subscriber {
 *   static { this.subscribeTo(OrderPlaced, { deferred: true }) }
 *   async call(event: OrderPlaced) { … }
 * }
 */
export abstract class Subscriber {
  /** Subscribes to events of a class and of the classes derived from it.
   * @throws NoEventClass for anything that is no class
   */
  static subscribeTo<S extends { call: (event: E) => unknown }, E extends object>(
    this: new () => S,
    event: EventClass<E>,
    options: SubscribeOptions = {},
  ): void {
    if (typeof event !== 'function') throw new NoEventClass({ subscriber: this.name, given: String(event) })
    const { deferred = false, priority = 0 } = options
    const own = declared.get(this) ?? []
    declared.set(this, [...own.filter((subscription) => subscription.event !== event), { event, deferred, priority }])
    registerEventClasses([event])
    currentSubscribers().add(this as unknown as SubscriberClass)
  }

  /** Ends all subscriptions of the class. */
  static unsubscribe(this: new () => Subscriber): void {
    currentSubscribers().remove(this as SubscriberClass)
  }

  /** Handles one event. */
  abstract call(event: never): unknown
}
