import type { ErrorClass } from '../jobs/index.ts'
import { InvalidSubscription, NoEventClass } from './errors.ts'
import type { EventClass } from './event.ts'
import { registerEventClasses } from './event_classes.ts'
import { type EventMixin, isEventMixin } from './mixin.ts'
import { currentSubscribers } from './subscribers.ts'

/** How a subscriber wants its events. */
export interface SubscribeOptions {
  /** Runs as a durable job. Default: before `publish` resolves, or within a transaction after its commit. */
  readonly deferred?: boolean | undefined
  /** Runs within the transaction that the event is published in, so that what it writes is committed or rolled back with it. It is called
   * for events whose transaction is rolled back later, too. */
  readonly inTransaction?: boolean | undefined
  /** Runs in every process of the application, not only where the event is published: for what each process keeps, such as a cache in memory.
   * At most once in each, whatever becomes of the process. */
  readonly everyProcess?: boolean | undefined
  /** Smaller comes first; without one it is 0. For a deferred subscriber it is the priority of its jobs, a whole number. */
  readonly priority?: number | undefined
}

/** One declaration of `subscribeTo`. */
export interface Subscription {
  readonly event: EventClass | EventMixin
  readonly deferred: boolean
  readonly inTransaction: boolean
  readonly everyProcess: boolean
  readonly priority: number
}

/** What an event is called with beside itself. */
export interface EventCall {
  /** What `publish` was given as context. */
  readonly context: Readonly<Record<string, unknown>>
}

/** What a subscriber does with errors of some classes. */
export interface SubscriberRescue {
  readonly errors: readonly ErrorClass[]
  readonly handle: (subscriber: Subscriber, error: Error) => unknown
}

/** A class of subscribers. */
export type SubscriberClass = (new () => Subscriber) & { readonly name: string }

const declared = new WeakMap<object, Subscription[]>()
const rescues = new WeakMap<object, SubscriberRescue[]>()
/** Classes that unsubscribed: what they subscribe to from then on is all they have. */
const ended = new WeakSet<object>()

/** What a class subscribes to, inherited declarations included. */
export function subscriptionsOf(subscriber: object): Subscription[] {
  return inheritedFrom(declared, subscriber)
}

/** Adds classes that subscribe to nothing themselves, but whose parents do: loading them is all that tells of them. */
export function registerSubscribers(classes: Iterable<object>): void {
  for (const subscriber of classes) {
    if (!declared.has(subscriber) && subscriptionsOf(subscriber).length > 0) currentSubscribers().add(subscriber as SubscriberClass)
  }
}

/** What a class does with errors, inherited declarations first. */
export function rescuesOf(subscriber: object): SubscriberRescue[] {
  return inheritedFrom(rescues, subscriber)
}

function inheritedFrom<T>(declarations: WeakMap<object, T[]>, subscriber: object): T[] {
  const parent = Object.getPrototypeOf(subscriber) as object | null
  const inherited = parent === null || parent === Function.prototype ? [] : inheritedFrom(declarations, parent)
  return [...inherited, ...(declarations.get(subscriber) ?? [])]
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
  /** Subscribes to events of a class and of the classes derived from it, or of all classes made with a mixin.
   * @throws NoEventClass for anything that is no class; InvalidSubscription for options that contradict each other
   */
  static subscribeTo<S extends { call: (event: E, call: EventCall) => unknown }, E extends object>(
    this: new () => S,
    event: EventClass<E> | EventMixin<E>,
    options: SubscribeOptions = {},
  ): void {
    const isMixin = isEventMixin(event)
    if (typeof event !== 'function' || (!isMixin && event.prototype === undefined)) {
      throw new NoEventClass({ subscriber: this.name, given: typeof event === 'function' ? event.name || 'a function' : String(event) })
    }
    const { deferred = false, inTransaction = false, everyProcess = false, priority = 0 } = options
    if (Number(deferred) + Number(inTransaction) + Number(everyProcess) > 1) {
      const given = Object.entries({ deferred, inTransaction, everyProcess }).flatMap(([name, isGiven]) => (isGiven ? [name] : []))
      throw new InvalidSubscription({ subscriber: this.name, reason: `${given.join(' and ')} exclude each other` })
    }
    if (deferred && !Number.isInteger(priority)) {
      throw new InvalidSubscription({ subscriber: this.name, reason: `the priority ${priority} of its jobs is no whole number` })
    }
    const own = ended.delete(this) ? [] : (declared.get(this) ?? [])
    const subscription = { event, deferred, inTransaction, everyProcess, priority }
    declared.set(this, [...own.filter((other) => other.event !== event), subscription])
    if (!isMixin) registerEventClasses([event as EventClass])
    currentSubscribers().add(this as unknown as SubscriberClass)
  }

  /** Handles errors of these classes (also where one of them caused the error): the last declaration that fits is asked. A deferred event is
   * done then, and isn't tried again; what the handler throws counts as the subscriber's error.
   * @example this.rescueFrom(RecordNotFound, (subscriber, error) => logger.warn(error.message))
   */
  static rescueFrom<S extends Subscriber>(
    this: abstract new () => S,
    ...args: [...ErrorClass[], (subscriber: S, error: Error) => unknown]
  ): void {
    const handle = args.at(-1) as SubscriberRescue['handle']
    const errors = args.slice(0, -1) as ErrorClass[]
    if (errors.length === 0 || typeof handle !== 'function') {
      throw new InvalidSubscription({ subscriber: this.name, reason: 'rescueFrom needs one or more error classes and a handler' })
    }
    rescues.set(this, [...(rescues.get(this) ?? []), { errors, handle }])
  }

  /** Ends all subscriptions of the class. */
  static unsubscribe(this: new () => Subscriber): void {
    ended.add(this)
    currentSubscribers().remove(this as SubscriberClass)
  }

  /** Handles one event. */
  abstract call(event: never, call: EventCall): unknown
}
