import { LocalPubSub } from './local.ts'
import type { PubSub, Unsubscribe } from './pubsub.ts'

/** What was published, on its way to the other processes of a cluster. */
export interface Published {
  readonly stream: string
  readonly message: string
}

/** Between one process and the one that hands messages on to all others. */
export interface PubSubWire {
  send(published: Published): void
  /** Called with what others published. */
  receive(handler: (published: Published) => void): void
}

/** Fans messages out in this process and in the others of its cluster, in the order of each publisher.
 *
 * @example new LinkedPubSub({ send: (published) => process.send(published), receive: (handler) => process.on('message', handler) })
 */
export class LinkedPubSub implements PubSub {
  readonly #local: LocalPubSub
  readonly #wire: PubSubWire

  /** @param options.onError gets what a handler threw; the default logs it */
  constructor(wire: PubSubWire, options: { onError?: (error: unknown, stream: string) => void } = {}) {
    this.#local = new LocalPubSub(options)
    this.#wire = wire
    wire.receive(({ stream, message }) => this.#local.publish(stream, message))
  }

  publish(stream: string, message: string): void {
    this.#wire.send({ stream, message })
    this.#local.publish(stream, message)
  }

  subscribe(stream: string, handler: (message: string) => void): Unsubscribe {
    return this.#local.subscribe(stream, handler)
  }

  async close(): Promise<void> {
    await this.#local.close()
  }
}
