import { types } from 'node:util'
import { Channel } from './channel.ts'
import {
  type EventHandler,
  type NotificationHandler,
  type NotificationPattern,
  type OwnCallHandler,
  type StartFinishHandler,
  Subscription,
  type TimedHandler,
  type UntypedHandler,
} from './subscription.ts'

const channels = new Map<string, Channel>()
const subscriptions = new Set<Subscription>()

/** The channel of a name; always the same one, so that it may be kept.
 * @example const sending = channel('send.newsletter')
 */
export function channel(name: string): Channel {
  const known = channels.get(name)
  if (known !== undefined) return known
  const made = new Channel(name)
  channels.set(name, made)
  connect(made)
  return made
}

/** Subscribes to the events of a name, of those that match a pattern, or (undefined) to all.
 *
 * A function with one parameter gets the event, any other, such as `(...args: TimedArguments)`, Rails' five arguments; what has `start` and `finish` is told of
 * beginnings and ends.
 * An object or a class with a method `call` is a subscriber, too. What a subscriber throws is logged. Names and payload keys are those of Rails: `process_action.action_controller`, `sql.active_record`, …
 * @param options `monotonic: true` gives the five-argument handler milliseconds of `performance.now()` in place of dates
 * @returns what `unsubscribe` takes
 * @throws InvalidNotificationSubscriber (REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER)
 * @example subscribe('process_action.action_controller', (event) => metrics.timing('request', event.duration, { status: event.payload.status }))
 */
export function subscribe(pattern: NotificationPattern, handler: UntypedHandler): Subscription
export function subscribe(
  pattern: NotificationPattern,
  handler: UntypedHandler<Date | number>,
  options: { readonly monotonic?: boolean },
): Subscription
export function subscribe(pattern: NotificationPattern, handler: EventHandler, options?: { readonly monotonic?: boolean }): Subscription
export function subscribe(pattern: NotificationPattern, handler: TimedHandler, options?: { readonly monotonic?: false }): Subscription
export function subscribe(pattern: NotificationPattern, handler: StartFinishHandler): Subscription
export function subscribe(pattern: NotificationPattern, handler: TimedHandler<number>, options: { readonly monotonic: true }): Subscription
export function subscribe(pattern: NotificationPattern, handler: OwnCallHandler): Subscription
export function subscribe(
  pattern: NotificationPattern,
  handler: NotificationHandler | UntypedHandler<never>,
  options: { readonly monotonic?: boolean } = {},
): Subscription {
  return listen(pattern, handler as NotificationHandler, options.monotonic === true)
}

function listen(pattern: NotificationPattern, handler: NotificationHandler, isMonotonic: boolean): Subscription {
  const subscription = new Subscription(pattern, handler, isMonotonic)
  subscriptions.add(subscription)
  reconnect()
  return subscription
}

/** Ends a subscription; a name ends all of it, and leaves the name out of those of a pattern. Those to all events go on, as in Rails. */
export function unsubscribe(subscription: Subscription | string): void {
  if (typeof subscription !== 'string') subscriptions.delete(subscription)
  else {
    for (const one of subscriptions) {
      if (one.pattern === subscription) subscriptions.delete(one)
      else if (types.isRegExp(one.pattern)) one.excluded.add(subscription)
    }
  }
  reconnect()
}

/** Runs `work` with a subscription that ends with it.
 * @param options `monotonic`, as `subscribe` takes it
 * @example const queries = []
 * await subscribed('sql.active_record', (event) => queries.push(event.payload.sql), () => Order.count())
 */
export function subscribed<T>(pattern: NotificationPattern, handler: UntypedHandler, work: () => T): T
export function subscribed<T>(
  pattern: NotificationPattern,
  handler: UntypedHandler<Date | number>,
  work: () => T,
  options: { readonly monotonic?: boolean },
): T
export function subscribed<T>(
  pattern: NotificationPattern,
  handler: EventHandler,
  work: () => T,
  options?: { readonly monotonic?: boolean },
): T
export function subscribed<T>(
  pattern: NotificationPattern,
  handler: TimedHandler,
  work: () => T,
  options?: { readonly monotonic?: false },
): T
export function subscribed<T>(pattern: NotificationPattern, handler: StartFinishHandler, work: () => T): T
export function subscribed<T>(
  pattern: NotificationPattern,
  handler: TimedHandler<number>,
  work: () => T,
  options: { readonly monotonic: true },
): T
export function subscribed<T>(pattern: NotificationPattern, handler: OwnCallHandler, work: () => T): T
export function subscribed<T>(
  pattern: NotificationPattern,
  handler: NotificationHandler | UntypedHandler<never>,
  work: () => T,
  options: { readonly monotonic?: boolean } = {},
): T {
  const subscription = listen(pattern, handler as NotificationHandler, options.monotonic === true)
  let result: T
  try {
    result = work()
  } catch (error) {
    unsubscribe(subscription)
    throw error
  }
  if (types.isPromise(result)) return result.finally(() => unsubscribe(subscription)) as T
  unsubscribe(subscription)
  return result
}

/** Tells subscribers of an event: that it happened, or how long `work` took, which may be asynchronous and may add to the payload.
 * @returns what `work` returned
 * @example await instrument('render.report', { id }, () => renderReport(id))
 */
export function instrument(name: string, payload?: Record<string, unknown>): void
export function instrument<T>(name: string, payload: Record<string, unknown>, work: (payload: Record<string, unknown>) => T): T
export function instrument<T>(
  name: string,
  payload: Record<string, unknown> = {},
  work?: (payload: Record<string, unknown>) => T,
): T | undefined {
  // A name that nobody instruments with a channel of its own isn't remembered: it may be made of what comes from outside.
  const known = channels.get(name) ?? unkept(name)
  if (work !== undefined) return known.instrument(payload, work)
  known.publish(payload)
  return undefined
}

/** Whether anybody would be told of an event. */
export function isListening(name: string): boolean {
  return (channels.get(name) ?? unkept(name)).isOn
}

function unkept(name: string): Channel {
  const made = new Channel(name)
  connect(made)
  return made
}

function reconnect(): void {
  for (const one of channels.values()) connect(one)
}

function connect(one: Channel): void {
  const own = [...subscriptions].filter((subscription) => subscription.isFor(one.name))
  // As in Rails those to the name are told first, whenever they came.
  const isByName = ({ pattern }: Subscription) => typeof pattern === 'string'
  one.subscriptions = [...own.filter(isByName), ...own.filter((subscription) => !isByName(subscription))]
  one.isOn = one.subscriptions.length > 0
}
