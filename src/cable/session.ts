import { type Execution, runToEnd } from '../context/index.ts'
import { connections, handshakes } from './cable_events.ts'
import type { Cable } from './cable.ts'
import type { Connection } from './connection.ts'
import { StreamLimitReached, UnauthorizedConnection } from './errors.ts'
import { decodeMessage } from './json.ts'
import type { CableLogger } from './logger.ts'
import type { CableRequest } from './request.ts'
import { SerialQueue } from './serial_queue.ts'
import { broadcastingName } from './stream_names.ts'
import type { StreamHub, StreamListener } from './stream_hub.ts'
import type { Subscription } from './subscription.ts'
import type { CableClient } from './transport.ts'

/** The life of one client's connection: connect, commands in order, disconnect. What transports and commands work on;
 * applications see its `Connection`. */
export class Session {
  readonly cable: Cable
  readonly client: CableClient
  readonly request: CableRequest
  readonly connection: Connection
  readonly subscriptions = new Map<string, Subscription>()
  readonly startedAt = new Date()
  #state: 'connecting' | 'open' | 'refused' | 'closed' = 'connecting'
  readonly #queue = new SerialQueue()
  #execution: Execution
  #streamCount = 0
  #paused = false
  #remote: { stream: string; listener: StreamListener } | undefined
  #connectTimer: NodeJS.Timeout | undefined

  constructor(cable: Cable, request: CableRequest, client: CableClient) {
    this.cable = cable
    this.client = client
    this.request = request
    this.#execution = { application: cable.application, requestId: request.requestId }
    this.connection = new cable.connectionClass(this)
    if (handshakes.isOn || connections.isOn) this.run(() => this.#tellStarted())
  }

  get logger(): CableLogger {
    return this.cable.logger
  }

  get streams(): StreamHub {
    return this.cable.streams
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Runs `connect` and welcomes the client or turns it away; commands that arrive meanwhile wait.
   * @returns whether the client was let in
   */
  open(): Promise<boolean> {
    this.#connectTimer = setTimeout(() => this.#giveUp(), this.cable.limits.connectTimeout).unref()
    return new Promise((resolve) => this.push(async () => resolve(await this.#connect())))
  }

  /** Runs `work` in an execution of this connection. */
  run<T>(work: () => T): T {
    return runToEnd({ ...this.#execution }, work)
  }

  /** Tags in front of the log lines of this connection, behind those that are there. */
  addLogTags(tags: readonly string[]): void {
    this.#execution = { ...this.#execution, logTags: [...(this.#execution.logTags ?? []), ...tags] }
  }

  /** Puts work in line behind what this connection does already. It runs in an execution of its own and must not throw. */
  push(work: () => void | Promise<void>): void {
    const { waitingMessages } = this.cable.limits
    if (this.#queue.waiting >= waitingMessages && this.#state !== 'closed') {
      this.logger.warn(`A client was disconnected: more than ${waitingMessages} messages wait to be handled`)
      this.client.terminate()
      return
    }
    this.#queue.push(() => runToEnd({ ...this.#execution }, work))
    if (this.#queue.waiting * 2 >= waitingMessages && !this.#paused) this.#pause()
  }

  /** The transport says that the client has gone. Work in line is dropped; channels are told. */
  closed(): Promise<void> {
    if (this.#state === 'closed') return this.#queue.idle()
    this.#state = 'closed'
    clearTimeout(this.#connectTimer)
    this.cable.forget(this)
    this.push(() => this.#leave())
    return this.#queue.idle()
  }

  /** Says goodbye and ends the connection. */
  disconnect(reason: string, reconnect: boolean): void {
    if (this.#state !== 'closed') this.client.disconnect(reason, reconnect)
  }

  idle(): Promise<void> {
    return this.#queue.idle()
  }

  get connectionIdentifier(): string {
    return connectionIdentifier(this.cable.identifiers.map((name) => (this.connection as unknown as Record<string, unknown>)[name]))
  }

  /** @throws StreamLimitReached (REGAUGE_STREAM_LIMIT) */
  claimStream(): void {
    const { streams } = this.cable.limits
    if (this.#streamCount >= streams) throw new StreamLimitReached({ limit: streams })
    this.#streamCount++
  }

  releaseStream(): void {
    this.#streamCount--
  }

  report(error: unknown, message: string): void {
    this.cable.report(error, message)
  }

  #tellStarted(): void {
    const { request } = this
    handshakes.publish({ request })
    connections.publish({ step: 'started', request })
  }

  async #connect(): Promise<boolean> {
    try {
      await this.connection.connect()
      if (this.#state !== 'connecting') return false
      await this.#listenForRemoteDisconnect()
    } catch (error) {
      this.#refuse(error)
      return false
    }
    clearTimeout(this.#connectTimer)
    if (this.#state !== 'connecting') return false
    this.#state = 'open'
    if (connections.isOn)
      this.run(() => connections.publish({ step: 'registered', request: this.request, identifier: this.connectionIdentifier }))
    this.client.welcome()
    return true
  }

  /** A failed `connect` says nothing to the client, as in Rails: it may come back when it likes; the time limit ends the connection. */
  #refuse(error: unknown): void {
    if (this.#state === 'connecting') this.#state = 'refused'
    if (!(error instanceof UnauthorizedConnection)) {
      this.report(error, 'Connection#connect failed')
      return
    }
    clearTimeout(this.#connectTimer)
    this.logger.error('An unauthorized connection attempt was rejected')
    this.client.disconnect('unauthorized', false)
  }

  #giveUp(): void {
    this.logger.warn(`A client was disconnected: connect did not succeed in ${this.cable.limits.connectTimeout} ms`)
    this.client.terminate()
  }

  async #listenForRemoteDisconnect(): Promise<void> {
    const identifier = this.connectionIdentifier
    if (identifier === '') return
    const stream = internalStream(identifier)
    const listener: StreamListener = { handler: (json) => this.#obey(json) }
    this.#remote = { stream, listener }
    await this.streams.add(stream, listener)
  }

  #obey(json: string): void {
    const message = decodeMessage(json) as { type?: unknown; reconnect?: unknown } | null
    if (message?.type === 'disconnect') this.disconnect('remote', message.reconnect !== false)
  }

  async #leave(): Promise<void> {
    for (const subscription of [...this.subscriptions.values()]) {
      try {
        await subscription.end()
      } catch (error) {
        this.report(error, `${subscription.channelName}#unsubscribed failed`)
      }
    }
    this.subscriptions.clear()
    if (this.#remote) this.streams.remove(this.#remote.stream, this.#remote.listener)
    try {
      await this.connection.disconnect()
    } catch (error) {
      this.report(error, 'Connection#disconnect failed')
    }
    connections.publish({ step: 'finished', request: this.request })
  }

  #pause(): void {
    if (this.client.pause === undefined) return
    this.#paused = true
    this.client.pause()
    this.#queue.push(() => {
      this.#paused = false
      this.client.resume?.()
    })
  }
}

/** What connections are found by across processes. */
export function connectionIdentifier(values: readonly unknown[]): string {
  return values
    .filter((value) => value !== undefined && value !== null && value !== '')
    .map((value) => (typeof value === 'object' ? broadcastingName(value) : String(value)))
    .sort()
    .join(':')
}

/** The stream that tells connections to end, named as Rails names it. */
export function internalStream(identifier: string): string {
  return `action_cable/${identifier}`
}
