import type { ErrorClass, JobMeta, RetryAttempt, RetryInterval } from '../jobs/index.ts'
import { errorOfRuby } from '../errors/index.ts'
import { didYouMean } from '../naming/index.ts'
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
  /** The queue of the jobs of a deferred subscriber. Default: `default`. */
  readonly queue?: string | undefined
}

/** One declaration of `subscribeTo`. */
export interface Subscription {
  readonly event: EventClass | EventMixin
  readonly deferred: boolean
  readonly inTransaction: boolean
  readonly everyProcess: boolean
  readonly priority: number
  readonly queue?: string
}

/** What can be subscribed to. */
export type EventSource<E extends object = object> = EventClass<E> | EventMixin<E>

/** The events that a subscriber can be called with. */
export type HandledEvent<S extends { call: (event: never, call: EventCall) => unknown }> =
  Parameters<S['call']> extends [infer E extends object, ...unknown[]] ? E : object

/** A handler, or the name of a method that gets the error. */
export type SubscriberHandler<S extends Subscriber> = ((subscriber: S, error: Error) => unknown) | (keyof S & string)

/** What an event is called with beside itself. */
export interface EventCall {
  /** What `publish` was given as context. */
  readonly context: Readonly<Record<string, unknown>>
  /** Which attempt it is, for a deferred subscriber. */
  readonly meta?: JobMeta | undefined
}

/** What a subscriber does with errors of some classes. */
export interface SubscriberRescue {
  readonly errors: readonly ErrorClass[]
  readonly handle: (subscriber: Subscriber, error: Error) => unknown
}

/** A class of subscribers. */
export type SubscriberClass = (new () => Subscriber) & Pick<typeof Subscriber, 'maxRetries' | 'retryInterval'> & { readonly name: string }

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
  /** How often a deferred event is brought again after an error. */
  static maxRetries = 9

  /** Decides when a deferred event is brought again after an error, where a class overrides it. It is asked `maxRetries` times at most.
   *
   * @param attempt how often it was brought, 1 after the first time
   * @returns how long to wait, in seconds or as a duration; false, null or nothing when its job has failed. What `super` answers is some 3 seconds after
   * the first failure, four minutes after the fourth, and so on
   * @example
   * static override retryInterval(error: Error, context: RetryAttempt) {
   *   return error instanceof InvalidAddress ? false : super.retryInterval(error, context)
   * }
   */
  static retryInterval(_error: Error, { attempt }: RetryAttempt): RetryInterval {
    return attempt ** 4 * (1 + 0.15 * Math.random()) + 2
  }

  /** Subscribes to events of one or more classes, and of the classes derived from them, or of all classes made with a mixin.
   * @throws NoEventClass for anything that is no class; InvalidSubscription for options that contradict each other, or that there are not
   * @example this.subscribeTo(OrderPlaced, OrderCancelled, { deferred: true })
   */
  static subscribeTo<S extends { call: (event: never, call: EventCall) => unknown }>(
    this: new () => S,
    ...args: readonly EventSource<HandledEvent<S>>[] | readonly [...EventSource<HandledEvent<S>>[], SubscribeOptions | undefined]
  ): void {
    const last: unknown = args.at(-1)
    const hasOptions = typeof last === 'object' && last !== null && args.length > 1
    const how = subscriptionOptions(this.name, hasOptions ? last : {})
    const events = (hasOptions || (last === undefined && args.length > 1) ? args.slice(0, -1) : args) as readonly EventSource[]
    for (const event of events.length === 0 ? [undefined as never] : events)
      subscribe(this as unknown as SubscriberClass, { event, ...how })
  }

  /** Handles errors of these classes (also where one of them caused the error): the last declaration that fits is asked. A deferred event is
   * done then, and isn't tried again; what the handler throws counts as the subscriber's error.
   * @example this.rescueFrom(RecordNotFound, (subscriber, error) => logger.warn(error.message))
   * @example this.rescueFrom(RecordNotFound, { with: 'forget' })
   */
  static rescueFrom<S extends Subscriber>(
    this: abstract new () => S,
    ...args: [...ErrorClass[], SubscriberHandler<S> | { readonly with: SubscriberHandler<S> }]
  ): void {
    const last: unknown = args.at(-1)
    const given: unknown = typeof last === 'object' && last !== null ? Reflect.get(last, 'with') : last
    const errors = args.slice(0, -1) as ErrorClass[]
    const isHandler =
      typeof given === 'string'
        ? typeof Reflect.get(this.prototype, given) === 'function'
        : typeof given === 'function' && !isErrorClass(given)
    const areErrors = errors.length > 0 && errors.every((error) => typeof error === 'string' || isErrorClass(error))
    if (!areErrors || !isHandler) {
      throw new InvalidSubscription({
        subscriber: this.name,
        reason: 'rescueFrom needs one or more error classes and a handler',
        hint: 'Pass a function of the subscriber and the error behind the classes, or the name of a method: { with: "forget" }.',
      })
    }
    const general = errorOfRuby(errors)
    if (general !== undefined) {
      const reason = `rescueFrom names ${general} of Ruby, which nothing here is`
      throw new InvalidSubscription({ subscriber: this.name, reason, hint: 'Pass Error: all errors are of it.' })
    }
    const handle: SubscriberRescue['handle'] =
      typeof given === 'string'
        ? (subscriber, error) => Reflect.get(subscriber, given).call(subscriber, error)
        : (given as SubscriberRescue['handle'])
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

function subscribe(subscriber: SubscriberClass, subscription: Subscription): void {
  const { event } = subscription
  const isMixin = isEventMixin(event)
  if (typeof event !== 'function' || (!isMixin && event.prototype === undefined)) {
    throw new NoEventClass({
      subscriber: subscriber.name,
      given: typeof event === 'function' ? (event as Function).name || 'a function' : String(event),
    })
  }
  const own = ended.delete(subscriber) ? [] : (declared.get(subscriber) ?? [])
  declared.set(subscriber, [...own.filter((other) => other.event !== event), subscription])
  if (!isMixin) registerEventClasses([event as EventClass])
  currentSubscribers().add(subscriber)
}

const kinds = ['deferred', 'inTransaction', 'everyProcess'] as const
const optionNames: readonly string[] = [...kinds, 'priority', 'queue']

function subscriptionOptions(subscriber: string, options: SubscribeOptions): Omit<Subscription, 'event'> {
  const invalid = (reason: string, hint?: string) => new InvalidSubscription({ subscriber, reason, hint })
  for (const name of Object.keys(options)) {
    if (optionNames.includes(name)) continue
    const suggestion = didYouMean(name, optionNames)
    throw invalid(
      `there is no option '${name}'${suggestion === undefined ? '' : `, perhaps ${suggestion} is meant`}`,
      `The options are ${optionNames.join(', ')}.`,
    )
  }
  const { deferred = false, inTransaction = false, everyProcess = false, priority = 0, queue } = options
  const how = { deferred, inTransaction, everyProcess, priority, ...(queue !== undefined && { queue }) }
  const odd = kinds.find((name) => typeof how[name] !== 'boolean')
  if (odd !== undefined) throw invalid(`${odd} is ${String(how[odd])}`, 'It is true or false.')
  const given = kinds.filter((name) => how[name])
  if (given.length > 1) throw invalid(`${given.join(' and ')} exclude each other`)
  if (typeof priority !== 'number' || Number.isNaN(priority))
    throw invalid(`the priority ${String(priority)} is no number`, 'Smaller comes first.')
  if (deferred && !Number.isInteger(priority)) throw invalid(`the priority ${priority} of its jobs is no whole number`)
  if (queue !== undefined && (typeof queue !== 'string' || queue.trim() === ''))
    throw invalid(`the queue ${String(queue)} is no name of one`)
  if (queue !== undefined && !deferred)
    throw invalid(`it has a queue, and no jobs to be in it`, 'A deferred subscriber has: { deferred: true, queue }.')
  return how
}

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value === Error || value.prototype instanceof Error)
}
