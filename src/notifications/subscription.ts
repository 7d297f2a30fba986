import { types } from 'node:util'
import { InvalidNotificationSubscriber } from './errors.ts'
import { dateOf, NotificationEvent } from './event.ts'

type Payload = Record<string, unknown>

/** Gets the event once it has ended. */
export type EventHandler = (event: NotificationEvent) => void
/** Rails' five arguments; times are dates, with `monotonic` milliseconds of `performance.now()`.
 * @example subscribe(/active_job$/, (...args: TimedArguments) => metrics.push(args)) */
export type TimedArguments<Time = Date> = [name: string, started: Time, finished: Time, id: string, payload: Payload]
/** Gets the five. */
export type TimedHandler<Time = Date> = (...args: TimedArguments<Time>) => void
/** Is told of the beginning and of the end. */
export interface StartFinishHandler {
  start(name: string, id: string, payload: Payload): void
  finish(name: string, id: string, payload: Payload): void
}
/** What has a method `call` that gets the event, or the five: an object, or a class. */
export type CallHandler = { call(event: NotificationEvent): void } | { call(...args: TimedArguments): void }
/** Functions have a `call` of their own, which is another one. */
export type OwnCallHandler = (CallHandler & { readonly apply?: never }) | (CallHandler & (abstract new (...args: never[]) => unknown))
/** A function without types of its own gets them from the number of its parameters: one is the event, several are the five. `(...args)` may be either,
 * and must say which: a signature with another one beside it that it can't be united with gives no types. */
export type UntypedHandler<Time = Date> =
  | { (event: NotificationEvent): void; <T>(): T | void }
  | { (...five: TimedArguments<Time>): void; <T>(one: T): void }
export type NotificationHandler = EventHandler | TimedHandler<never> | StartFinishHandler | CallHandler

/** Which events: one by its name, those that match, or all. */
export type NotificationPattern = string | RegExp | undefined

/** Who is told of which events. Give it to `unsubscribe`. */
export class Subscription {
  readonly pattern: NotificationPattern
  readonly handler: NotificationHandler
  readonly isMonotonic: boolean
  readonly #tell: (name: string, id: string, payload: Payload, startedAt: number, finishedAt: number) => unknown
  /** Names that were unsubscribed from a pattern. */
  readonly excluded = new Set<string>()

  /** @throws InvalidNotificationSubscriber (REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER) */
  constructor(pattern: NotificationPattern, handler: NotificationHandler, isMonotonic: boolean) {
    const isPattern = pattern === undefined || pattern === null || typeof pattern === 'string' || types.isRegExp(pattern)
    if (!isPattern)
      throw new InvalidNotificationSubscriber({ reason: `by ${typeof pattern}: a name, a pattern or undefined (for all) comes first` })
    this.#tell = tellerOf(calledBy(handler), isMonotonic)
    this.pattern = types.isRegExp(pattern) ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')) : pattern
    this.handler = handler
    this.isMonotonic = isMonotonic
  }

  isFor(name: string): boolean {
    if (this.excluded.has(name)) return false
    return typeof this.pattern === 'string' ? this.pattern === name : (this.pattern?.test(name) ?? true)
  }

  started(name: string, id: string, payload: Payload): unknown {
    return tellsOfBoth(this.handler) ? this.handler.start(name, id, payload) : undefined
  }

  finished(name: string, id: string, payload: Payload, startedAt: number, finishedAt: number): unknown {
    return this.#tell(name, id, payload, startedAt, finishedAt)
  }
}

/** What has a `call` of its own is called by it, as in Rails. */
function calledBy(handler: NotificationHandler): NotificationHandler {
  const own: unknown = handler
  if (tellsOfBoth(handler) || !hasOwnCall(own)) return handler
  return takesOne(own.call) ? (event: NotificationEvent) => own.call(event) : (...args: TimedArguments) => own.call(...args)
}

function hasOwnCall(value: unknown): value is { call(...args: unknown[]): void } {
  const call: unknown = Reflect.get(Object(value), 'call')
  return typeof call === 'function' && call !== Function.prototype.call
}

/** Rails' rule: what has `start` and `finish` is told of both; what takes one argument, and may be called, gets the event; anything else the five. */
function tellerOf(handler: NotificationHandler, isMonotonic: boolean): (...args: [string, string, Payload, number, number]) => unknown {
  if (tellsOfBoth(handler)) return (name, id, payload) => handler.finish(name, id, payload)
  if (typeof handler !== 'function') {
    throw new InvalidNotificationSubscriber({ reason: 'with what is neither a function nor an object with call, or with start and finish' })
  }
  if (takesOne(handler)) {
    const onEvent = handler as EventHandler
    return (name, id, payload, startedAt, finishedAt) => onEvent(new NotificationEvent(name, payload, id, startedAt, finishedAt))
  }
  if (isMonotonic)
    return (name, id, payload, startedAt, finishedAt) => (handler as TimedHandler<number>)(name, startedAt, finishedAt, id, payload)
  return (name, id, payload, startedAt, finishedAt) => (handler as TimedHandler)(name, dateOf(startedAt), dateOf(finishedAt), id, payload)
}

function tellsOfBoth(handler: NotificationHandler): handler is StartFinishHandler {
  const { start, finish } = (handler ?? {}) as Partial<StartFinishHandler>
  return typeof start === 'function' && typeof finish === 'function'
}

/** Whether a function has exactly one parameter. `(name, ...rest)` has more, though its `length` is 1. */
function takesOne(handler: Function): boolean {
  return handler.length === 1 && !/^[^{[=>]*,\s*\.\.\./.test(String(handler))
}
