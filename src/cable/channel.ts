import { broadcast } from './broadcast.ts'
import { type Callback, type CallbackConditions, declareCallbacks } from './callbacks.ts'
import type { Connection } from './connection.ts'
import { declare } from './declarations.ts'
import { InvalidTimer } from './errors.ts'
import { declareRescue, type ErrorClass, type RescueHandler } from './rescue.ts'
import { broadcastingName, channelNameOf } from './stream_names.ts'
import type { Subscription } from './subscription.ts'

/** What a client subscribed with: the fields of its identifier, `channel` among them. */
export type ChannelParams = Record<string, unknown>

/** A class of channels, however its subclasses are typed. */
export type ChannelClass = (new (
  subscription: Subscription,
) => Channel) &
  Pick<typeof Channel, 'channelName' | 'broadcastTo' | 'broadcastingFor'>

type ClassOf<T> = abstract new (...args: never[]) => T
type CallbackArgument<T> = Callback<T> | CallbackConditions<T>

/** Something clients subscribe to. One instance lives as long as one subscription.
 *
 * Public methods of subclasses are actions that clients may call with `perform`, but for `subscribed`, `unsubscribed`, methods that callbacks,
 * timers or rescue handlers name, names that start with an underscore, and everything inherited from Channel. Type annotations don't exist at
 * run time: make what clients must not call a `#private` method, or list what they may with `actions`.
 *
 * `C` is the application's connection class, `P` the type of `params`.
 *
 * Nothing of one connection runs at the same time as something else of it: actions, stream handlers and timers wait for each other.
 * @example
 * class ChatChannel extends Channel {
 *   subscribed() { if (!this.params.room) return this.reject(); this.streamFrom(`chat_${this.params.room}`) }
 *   async speak(data: { text: string }) { await broadcast(`chat_${this.params.room}`, { text: data.text }) }
 * }
 */
export abstract class Channel<C extends Connection = Connection, P extends object = ChannelParams> {
  readonly #subscription: Subscription

  constructor(subscription: Subscription) {
    this.#subscription = subscription
  }

  /** Runs before `subscribed`. Rejecting here doesn't skip the rest, as in Rails. */
  static beforeSubscribe<T extends Channel>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'beforeSubscribe', args)
  }

  /** Runs after `subscribed`, before the client hears of it; several run last declared first. */
  static afterSubscribe<T extends Channel>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'afterSubscribe', args)
  }

  /** Runs before `unsubscribed`. */
  static beforeUnsubscribe<T extends Channel>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'beforeUnsubscribe', args)
  }

  /** Runs after `unsubscribed`; several run last declared first. */
  static afterUnsubscribe<T extends Channel>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'afterUnsubscribe', args)
  }

  /** Handles errors of actions: the last argument is a method's name or a function of channel and error.
   * @example this.rescueFrom(RecordNotFound, (channel, error) => channel.transmit({ error: error.message }))
   */
  static rescueFrom<T extends Channel>(this: ClassOf<T>, ...args: [ErrorClass, ...ErrorClass[], RescueHandler<T>]): void {
    declareRescue(this, args)
  }

  /** Makes these methods the only actions of this class and its subclasses, beside what those list themselves. */
  static actions(...names: string[]): void {
    declare(this, 'actions', ...names)
  }

  /** Calls a method, or a function with the channel, again and again while a client is subscribed.
   * @param options.every seconds
   * @throws InvalidTimer (REGAUGE_INVALID_TIMER)
   */
  static periodically<T extends Channel>(this: ClassOf<T>, callback: Callback<T>, options: { every: number }): void {
    if (!(options.every > 0) || !Number.isFinite(options.every)) throw new InvalidTimer({ owner: this.name, every: options.every })
    declare(this, 'periodically', { callback, every: options.every })
  }

  /** The first part of the names that `broadcastTo` and `streamFor` make: `ChatChannel` → `chat`. Override it where Rails had a module. */
  static get channelName(): string {
    return channelNameOf(this.name)
  }

  /** The stream that `streamFor(record)` listens to.
   * @throws NoBroadcastingName (REGAUGE_NO_BROADCASTING_NAME)
   */
  static broadcastingFor(record: unknown): string {
    return broadcastingName([this.channelName, record])
  }

  /** Sends a message to everyone who did `streamFor(record)` in this class of channels. See `broadcast`. */
  static async broadcastTo(record: unknown, message: unknown): Promise<void> {
    await broadcast(this.broadcastingFor(record), message)
  }

  get params(): P {
    return this.#subscription.params as P
  }

  get connection(): C {
    return this.#subscription.connection as C
  }

  /** What the client subscribed with, as it wrote it. */
  get identifier(): string {
    return this.#subscription.identifier
  }

  get isRejected(): boolean {
    return this.#subscription.isRejected
  }

  /** Called when a client subscribes: open streams here, or `reject()`. */
  subscribed(): void | Promise<void> {}

  /** Called when the client unsubscribes or has gone, and after a rejection. */
  unsubscribed(): void | Promise<void> {}

  /** Refuses the subscription; meant for `subscribed`. It doesn't end the method. */
  reject(): void {
    this.#subscription.isRejected = true
  }

  /** Sends what is broadcast to `stream` to this client, or gives it to `handler` instead.
   *
   * The confirmation of a subscription waits until its streams are open.
   * @param handler gets the message; it runs in turn with this connection's actions
   */
  streamFrom(stream: string, handler?: (message: unknown) => unknown): void {
    this.#subscription.streamFrom(String(stream), handler)
  }

  /** Streams what `broadcastTo` sends for the record. */
  streamFor(record: unknown, handler?: (message: unknown) => unknown): void {
    this.streamFrom(this.broadcastingFor(record), handler)
  }

  /** Streams for the record, or rejects the subscription when there is none. */
  streamOrRejectFor(record: unknown): void {
    if (record === undefined || record === null || record === false) this.reject()
    else this.streamFor(record)
  }

  stopStreamFrom(stream: string): void {
    this.#subscription.stopStreamFrom(String(stream))
  }

  stopStreamFor(record: unknown): void {
    this.stopStreamFrom(this.broadcastingFor(record))
  }

  stopAllStreams(): void {
    this.#subscription.stopAllStreams()
  }

  /** Sends a message to this client alone. A subclass that overrides it sees what is streamed to the client, too.
   * @throws MessageNotSerializable (REGAUGE_MESSAGE_NOT_SERIALIZABLE)
   */
  transmit(message: unknown): void {
    this.#subscription.transmit(message)
  }

  broadcastingFor(record: unknown): string {
    return (this.constructor as typeof Channel).broadcastingFor(record)
  }

  broadcastTo(record: unknown, message: unknown): Promise<void> {
    return (this.constructor as typeof Channel).broadcastTo(record, message)
  }
}
