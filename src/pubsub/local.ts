import { logger } from '../logging/index.ts'
import type { PubSub, Unsubscribe } from './pubsub.ts'

type Handler = (message: string) => void

/** Fans messages out inside this process.
 *
 * Handlers run before `publish` returns, in the order they subscribed. One that throws is reported and doesn't stop the others;
 * one that unsubscribes (itself or another) while a message is handed out takes effect at once.
 *
 * @example
 * const pubsub = new LocalPubSub()
 * const unsubscribe = pubsub.subscribe('orders', (message) => console.log(message))
 * pubsub.publish('orders', '{"status":"created"}')
 */
export class LocalPubSub implements PubSub {
  readonly #streams = new Map<string, Set<{ handler: Handler }>>()
  readonly #reportError: (error: unknown, stream: string) => void

  /** @param options.onError gets what a handler threw; the default logs it */
  constructor(options: { onError?: (error: unknown, stream: string) => void } = {}) {
    this.#reportError = options.onError ?? ((error, stream) => logger.error(`A subscriber of the stream '${stream}' failed`, { error }))
  }

  publish(stream: string, message: string): void {
    const subscribers = this.#streams.get(stream)
    if (subscribers === undefined) return
    for (const subscriber of subscribers) {
      try {
        subscriber.handler(message)
      } catch (error) {
        this.#reportError(error, stream)
      }
    }
  }

  subscribe(stream: string, handler: Handler): Unsubscribe {
    const subscriber = { handler }
    const subscribers = this.#streams.get(stream)
    if (subscribers) subscribers.add(subscriber)
    else this.#streams.set(stream, new Set([subscriber]))
    return () => this.#remove(stream, subscriber)
  }

  async close(): Promise<void> {
    this.#streams.clear()
  }

  /** Names of the streams somebody listens to. */
  get streams(): string[] {
    return [...this.#streams.keys()]
  }

  #remove(stream: string, subscriber: { handler: Handler }): void {
    const subscribers = this.#streams.get(stream)
    if (subscribers?.delete(subscriber) && subscribers.size === 0) this.#streams.delete(stream)
  }
}
