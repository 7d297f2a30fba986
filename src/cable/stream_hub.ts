import type { PubSub, Unsubscribe } from '../pubsub/index.ts'
import { transmissions } from './cable_events.ts'
import { decodeMessage } from './json.ts'
import type { CableLogger } from './logger.ts'
import type { CableClient, Wire } from './transport.ts'

/** Somebody who gets the messages of a stream: a client under one identifier, or a function. */
export type StreamListener =
  | { readonly client: CableClient; readonly identifier: string; readonly subscription: Told }
  | { readonly handler: (json: string) => void }

/** Who tells what a client got, while somebody listens. */
interface Told {
  tellTransmitted(data: unknown, via: string): void
}

interface Stream {
  readonly name: string
  /** Clients who get the very same text are one group: it is encoded once for all of them. */
  readonly groups: Map<string, Map<Wire, Set<{ readonly client: CableClient; readonly subscription: Told }>>>
  readonly handlers: Set<(json: string) => void>
  listeners: number
  subscription: Unsubscribe | Promise<Unsubscribe>
}

/** Brings each stream into the process once, however many clients listen to it, and hands its messages out. */
export class StreamHub {
  readonly #streams = new Map<string, Stream>()
  readonly #pubsub: PubSub
  readonly #logger: CableLogger

  constructor(pubsub: PubSub, logger: CableLogger) {
    this.#pubsub = pubsub
    this.#logger = logger
  }

  /** @returns a promise where messages will only arrive once it has resolved */
  add(name: string, listener: StreamListener): void | Promise<void> {
    const stream = this.#streams.get(name) ?? this.#open(name)
    stream.listeners++
    if ('handler' in listener) stream.handlers.add(listener.handler)
    else members(stream, listener.identifier, listener.client.wire).add(listener)
    if (stream.subscription instanceof Promise) return stream.subscription.then(() => undefined)
  }

  remove(name: string, listener: StreamListener): void {
    const stream = this.#streams.get(name)
    if (stream === undefined || !drop(stream, listener)) return
    if (--stream.listeners > 0) return
    this.#streams.delete(name)
    void this.#close(stream)
  }

  /** How many listeners each stream has. */
  statistics(): { stream: string; listeners: number }[] {
    return [...this.#streams.values()].map(({ name, listeners }) => ({ stream: name, listeners }))
  }

  #open(name: string): Stream {
    const stream: Stream = { name, groups: new Map(), handlers: new Set(), listeners: 0, subscription: () => undefined }
    this.#streams.set(name, stream)
    stream.subscription = this.#pubsub.subscribe(name, (json) => this.#deliver(stream, json))
    if (stream.subscription instanceof Promise) {
      stream.subscription = stream.subscription.then(
        (unsubscribe) => (stream.subscription = unsubscribe),
        (error) => {
          if (this.#streams.get(name) === stream) this.#streams.delete(name)
          throw error
        },
      )
      stream.subscription.catch(() => undefined) // whoever called add is told
    }
    return stream
  }

  async #close(stream: Stream): Promise<void> {
    try {
      const unsubscribe = await stream.subscription
      await unsubscribe()
    } catch (error) {
      this.#logger.warn(`Could not unsubscribe from the stream '${stream.name}'`, { error })
    }
  }

  #deliver(stream: Stream, json: string): void {
    for (const [identifier, wires] of stream.groups) {
      for (const [wire, group] of wires) {
        try {
          wire.multicast(group, identifier, json)
          if (transmissions.isOn)
            for (const { subscription } of group) subscription.tellTransmitted(decodeMessage(json), `streamed from ${stream.name}`)
        } catch (error) {
          this.#logger.error(`Could not send a message of the stream '${stream.name}'`, { error })
        }
      }
    }
    for (const handler of stream.handlers) handler(json)
  }
}

function members(stream: Stream, identifier: string, wire: Wire): Set<{ readonly client: CableClient; readonly subscription: Told }> {
  let wires = stream.groups.get(identifier)
  if (wires === undefined) stream.groups.set(identifier, (wires = new Map()))
  let group = wires.get(wire)
  if (group === undefined) wires.set(wire, (group = new Set()))
  return group
}

function drop(stream: Stream, listener: StreamListener): boolean {
  if ('handler' in listener) return stream.handlers.delete(listener.handler)
  const { wire } = listener.client
  const wires = stream.groups.get(listener.identifier)
  const group = wires?.get(wire)
  if (!wires || !group?.delete(listener)) return false
  if (group.size === 0) wires.delete(wire)
  if (wires.size === 0) stream.groups.delete(listener.identifier)
  return true
}
