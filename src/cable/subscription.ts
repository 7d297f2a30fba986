import { streamings, transmissions } from './cable_events.ts'
import type { Channel } from './channel.ts'
import type { CompiledChannel } from './compiled_channel.ts'
import type { Connection } from './connection.ts'
import { decodeMessage, encodeMessage } from './json.ts'
import { rescueWithHandler } from './rescue.ts'
import type { Session } from './session.ts'
import type { StreamListener } from './stream_hub.ts'

/** One subscription of one client: the channel's state, its open streams and its timers. */
export class Subscription {
  readonly identifier: string
  readonly params: Readonly<Record<string, unknown>>
  readonly channel: Channel
  isRejected = false
  readonly #session: Session
  readonly #compiled: CompiledChannel
  readonly #streams = new Map<string, StreamListener[]>()
  #opening: Promise<void>[] = []
  #timers: NodeJS.Timeout[] = []
  #ended = false

  constructor(session: Session, identifier: string, params: Readonly<Record<string, unknown>>, compiled: CompiledChannel) {
    this.#session = session
    this.identifier = identifier
    this.params = params
    this.#compiled = compiled
    this.channel = new compiled.channelClass(this)
  }

  get connection(): Connection {
    return this.#session.connection
  }

  get channelName(): string {
    return this.#compiled.name
  }

  /** Runs the callbacks and `subscribed`, and waits until its streams are open. */
  async begin(): Promise<void> {
    const { beforeSubscribe, afterSubscribe } = this.#compiled.callbacks
    if (beforeSubscribe) await beforeSubscribe(this.channel)
    await this.channel.subscribed()
    if (afterSubscribe) await afterSubscribe(this.channel)
    if (this.isRejected) return
    await Promise.all(this.#opening)
    this.#opening = []
    this.#startTimers()
  }

  /** Takes everything back that a failed `subscribed` had allowed before: what checks who may listen often does it by raising. */
  abandon(): void {
    this.isRejected = true
    this.stopAllStreams()
  }

  /** Runs the callbacks and `unsubscribed`; streams and timers end also when these fail. */
  async end(): Promise<void> {
    const { beforeUnsubscribe, afterUnsubscribe } = this.#compiled.callbacks
    try {
      if (beforeUnsubscribe) await beforeUnsubscribe(this.channel)
      await this.channel.unsubscribed()
    } finally {
      this.#ended = true
      this.stopAllStreams()
      for (const timer of this.#timers) clearInterval(timer)
    }
    if (afterUnsubscribe) await afterUnsubscribe(this.channel)
  }

  /** Whether a client may call this now. */
  permits(action: string): boolean {
    return !this.isRejected && this.#compiled.actions.has(action)
  }

  async perform(action: string, data: Record<string, unknown>): Promise<void> {
    const methods = this.channel as unknown as Record<string, (data: Record<string, unknown>) => unknown>
    try {
      await methods[action]?.(data)
    } catch (error) {
      if (!(await rescueWithHandler(this.channel, error))) throw error
    }
  }

  transmit(message: unknown): void {
    this.#session.client.message(this.identifier, encodeMessage(message))
    if (transmissions.isOn) this.tellTransmitted(message, null)
  }

  /** Tells those who listen what the client got.
   * @param via where it came from; null for what the channel said itself
   */
  tellTransmitted(data: unknown, via: string | null): void {
    this.#session.run(() => transmissions.publish({ channel_class: this.channelName, data, via }))
  }

  streamFrom(stream: string, handler?: (message: unknown) => unknown): void {
    if (this.#ended) return
    this.#session.claimStream()
    const listener = this.#listener(stream, handler)
    const listeners = this.#streams.get(stream)
    if (listeners) listeners.push(listener)
    else this.#streams.set(stream, [listener])
    this.#session.logger.debug(`${this.channelName} is streaming from ${stream}`)
    if (streamings.isOn) this.#session.run(() => streamings.publish({ channel_class: this.channelName, stream, begins: true }))
    const opening = this.#session.streams.add(stream, listener)
    if (opening === undefined) return
    opening.catch(() => undefined) // begin() reports it; one opened later is logged here
    opening.catch((error) => this.#session.logger.error(`Could not open the stream '${stream}'`, { channel: this.channelName, error }))
    this.#opening.push(opening)
  }

  stopStreamFrom(stream: string): void {
    for (const listener of this.#streams.get(stream) ?? []) {
      if (streamings.isOn) this.#session.run(() => streamings.publish({ channel_class: this.channelName, stream, begins: false }))
      this.#session.streams.remove(stream, listener)
      this.#session.releaseStream()
    }
    this.#streams.delete(stream)
  }

  stopAllStreams(): void {
    for (const stream of [...this.#streams.keys()]) this.stopStreamFrom(stream)
  }

  get streamNames(): string[] {
    return [...this.#streams.keys()]
  }

  #listener(stream: string, handler: ((message: unknown) => unknown) | undefined): StreamListener {
    const { client } = this.#session
    if (handler === undefined && !this.#compiled.overridesTransmit) return { client, identifier: this.identifier, subscription: this }
    const receive = handler ?? ((message: unknown) => this.channel.transmit(message))
    return { handler: (json) => this.#inTurn(`a message of the stream '${stream}'`, () => receive(decodeMessage(json))) }
  }

  #startTimers(): void {
    if (this.#ended) return
    this.#timers = this.#compiled.timers.map(({ run, milliseconds }) => {
      let waiting = false // a slow callback must not pile up
      const tick = () => {
        if (waiting) return
        waiting = true
        this.#inTurn('a timer', async () => {
          waiting = false
          await run(this.channel)
        })
      }
      return setInterval(tick, milliseconds).unref()
    })
  }

  /** Runs something of this channel between the connection's commands. */
  #inTurn(what: string, work: () => unknown): void {
    this.#session.push(async () => {
      if (this.#ended || !this.#session.isOpen) return
      try {
        await work()
      } catch (error) {
        if (!(await rescueWithHandler(this.channel, error))) this.#session.report(error, `${this.channelName} failed at ${what}`)
      }
    })
  }
}
