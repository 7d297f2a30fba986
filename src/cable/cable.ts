import { reporter } from '../errors/reporter.ts'
import { logger } from '../logging/index.ts'
import type { PubSub } from '../pubsub/index.ts'
import { type CompiledCallbacks, compileCallbacks } from './callbacks.ts'
import type { ChannelClass } from './channel.ts'
import { type CompiledChannel, compileChannel } from './compiled_channel.ts'
import { Connection, type ConnectionClass } from './connection.ts'
import { NotAConnection, UnknownIdentifier } from './errors.ts'
import { encodeMessage } from './json.ts'
import { type CableLimits, defaultLimits } from './limits.ts'
import type { CableLogger } from './logger.ts'
import type { OriginRules } from './origin.ts'
import type { CableRequest } from './request.ts'
import { checkRescueHandlers } from './rescue.ts'
import { connectionIdentifier, internalStream, Session } from './session.ts'
import { StreamHub } from './stream_hub.ts'
import type { CableClient } from './transport.ts'

/** What an application may decide about its cable. */
export interface CableConfig extends OriginRules {
  readonly limits?: Partial<CableLimits>
}

/** What a cable is made of. */
export interface CableOptions {
  readonly pubsub: PubSub
  /** By the name clients use. */
  readonly channels: ReadonlyMap<string, ChannelClass>
  /** The base class lets everyone in. */
  readonly connectionClass?: ConnectionClass
  /** The application's logger unless given. */
  readonly logger?: CableLogger
  readonly config?: CableConfig
  /** Given to the execution context of everything that runs for a client. */
  readonly application?: object
  /** Is told of each error that nobody rescued, after it was logged. */
  readonly onError?: (error: unknown, message: string) => void
}

/** One open connection, for listings. */
export interface ConnectionStatistics {
  identifier: string
  startedAt: Date
  requestId: string | undefined
  subscriptions: { channel: string; identifier: string; streams: string[] }[]
}

/** The channels of an application and everyone connected to them, over any number of transports.
 *
 * @throws NotAChannel, NotAConnection, UnknownChannelCallback at construction
 * @example
 * const cable = new Cable({ pubsub, channels: new Map([['ChatChannel', ChatChannel]]), connectionClass: ApplicationConnection, logger })
 * await new ActionCableTransport({ path: '/cable' }).attach(server, cable)
 */
export class Cable {
  readonly channels: ReadonlyMap<string, CompiledChannel>
  readonly connectionClass: ConnectionClass
  readonly identifiers: readonly string[]
  readonly commandCallbacks: { beforeCommand: CompiledCallbacks<Connection>; afterCommand: CompiledCallbacks<Connection> }
  readonly limits: CableLimits
  readonly config: CableConfig
  readonly logger: CableLogger
  readonly application: object | undefined
  readonly streams: StreamHub
  readonly #pubsub: PubSub
  readonly #onError: CableOptions['onError']
  readonly #sessions = new Set<Session>()

  constructor(options: CableOptions) {
    this.#pubsub = options.pubsub
    this.#onError = options.onError
    this.config = options.config ?? {}
    this.limits = { ...defaultLimits, ...this.config.limits }
    this.logger = options.logger ?? logger
    this.application = options.application
    this.connectionClass = options.connectionClass ?? Connection
    if (this.connectionClass !== Connection && !(this.connectionClass.prototype instanceof Connection)) {
      throw new NotAConnection({ name: String((this.connectionClass as { name?: string }).name) })
    }
    checkRescueHandlers(this.connectionClass)
    this.identifiers = this.connectionClass.identifiers
    this.commandCallbacks = {
      beforeCommand: compileCallbacks(this.connectionClass, 'beforeCommand'),
      afterCommand: compileCallbacks(this.connectionClass, 'afterCommand'),
    }
    this.channels = new Map([...options.channels].map(([name, channelClass]) => [name, compileChannel(name, channelClass)]))
    for (const { channelClass } of this.channels.values()) delegateIdentifiers(channelClass, this.identifiers)
    this.streams = new StreamHub(options.pubsub, this.logger)
  }

  /** Takes in a client of a transport. The transport then calls `open`, hands over commands, and says `closed`. */
  accept(request: CableRequest, client: CableClient): Session {
    const session = new Session(this, request, client)
    this.#sessions.add(session)
    return session
  }

  /** Sends a message to everyone who streams from `stream`; what the function `broadcast` does, for one cable. */
  async broadcast(stream: string, message: unknown): Promise<void> {
    await this.#pubsub.publish(stream, encodeMessage(message))
  }

  /** Ends the connections with these identifiers in every process.
   *
   * @param identifiers a value for each name declared with `identifiedBy`
   * @throws UnknownIdentifier (REGAUGE_UNKNOWN_IDENTIFIER)
   * @example await cable.disconnect({ current_user: user }, { reconnect: false })
   */
  async disconnect(identifiers: Record<string, unknown>, options: { reconnect?: boolean } = {}): Promise<void> {
    const given = Object.keys(identifiers)
    if (this.identifiers.length === 0 || this.identifiers.some((name) => !given.includes(name))) {
      throw new UnknownIdentifier({ given, declared: [...this.identifiers] })
    }
    const identifier = connectionIdentifier(this.identifiers.map((name) => identifiers[name]))
    await this.#pubsub.publish(internalStream(identifier), encodeMessage({ type: 'disconnect', reconnect: options.reconnect ?? true }))
  }

  /** Asks every client to connect anew. */
  restart(): void {
    for (const session of [...this.#sessions]) session.disconnect('server_restart', true)
  }

  /** Resolves when no connection is handling anything. */
  async idle(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.idle()))
  }

  get connectionCount(): number {
    return this.#sessions.size
  }

  /** Who is connected, with what they are subscribed to. */
  connections(): ConnectionStatistics[] {
    return [...this.#sessions].map((session) => ({
      identifier: session.connectionIdentifier,
      startedAt: session.startedAt,
      requestId: session.request.requestId,
      subscriptions: [...session.subscriptions.values()].map((subscription) => ({
        channel: subscription.channelName,
        identifier: subscription.identifier,
        streams: subscription.streamNames,
      })),
    }))
  }

  /** Every channel with what clients may call on it, for listings. */
  describe(): { channel: string; class: string; actions: string[]; timers: number }[] {
    return [...this.channels.values()].map(({ name, channelClass, actions, timers }) => ({
      channel: name,
      class: channelClass.name,
      actions: [...actions],
      timers: timers.length,
    }))
  }

  /** Logs an error that nobody handled and passes it on to the application. */
  report(error: unknown, message: string): void {
    this.logger.error(message, { error })
    reporter.report(error, { handled: false, source: 'application.action_cable' })
    this.#onError?.(error, message)
  }

  /** A session has ended. */
  forget(session: Session): void {
    this.#sessions.delete(session)
  }
}

/** Makes the connection's identifiers readable on a class of channels, unless the class has something of that name. */
function delegateIdentifiers(channelClass: ChannelClass, identifiers: readonly string[]): void {
  for (const name of identifiers) {
    if (name in channelClass.prototype) continue
    Object.defineProperty(channelClass.prototype, name, {
      configurable: true,
      get(this: { connection: Record<string, unknown> }) {
        return this.connection[name]
      },
    })
  }
}
