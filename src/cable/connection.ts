import { type Callback, type CallbackConditions, declareCallbacks } from './callbacks.ts'
import { declare, declared } from './declarations.ts'
import { UnauthorizedConnection } from './errors.ts'
import type { CableLogger } from './logger.ts'
import type { CableRequest } from './request.ts'
import { declareRescue, type ErrorClass, type RescueHandler } from './rescue.ts'
import type { Session } from './session.ts'

/** A class of connections. */
export type ConnectionClass = (new (session: Session) => Connection) & Pick<typeof Connection, 'identifiers'>

type ClassOf<T> = abstract new (...args: never[]) => T
type CallbackArgument<T> = Callback<T> | CallbackConditions<T>

/** One client's connection: who it is and whether it may come in. Its identifiers are readable on all of its channels.
 *
 * @example
 * class ApplicationConnection extends Connection {
 *   static { this.identifiedBy('current_user') }
 *   declare current_user: User
 *   async connect() {
 *     const user = await User.findBy({ token: String(this.request.params.token) })
 *     if (!user) this.rejectUnauthorizedConnection()
 *     this.current_user = user
 *   }
 * }
 */
export class Connection {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** Names the properties that say who is connected: records, or anything that has a text form. */
  static identifiedBy(...names: string[]): void {
    declare(this, 'identifiedBy', ...names)
  }

  /** What `identifiedBy` declared here and in ancestors. */
  static get identifiers(): string[] {
    return [...new Set(declared<string>(this, 'identifiedBy'))]
  }

  /** Runs before each command of the client. */
  static beforeCommand<T extends Connection>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'beforeCommand', args)
  }

  /** Runs after each command of the client; several run last declared first. */
  static afterCommand<T extends Connection>(this: ClassOf<T>, ...args: CallbackArgument<T>[]): void {
    declareCallbacks(this, 'afterCommand', args)
  }

  /** Is told of errors in commands that no channel has rescued; they are logged as well. */
  static rescueFrom<T extends Connection>(this: ClassOf<T>, ...args: [ErrorClass, ...ErrorClass[], RescueHandler<T>]): void {
    declareRescue(this, args)
  }

  /** The handshake. */
  get request(): CableRequest {
    return this.#session.request
  }

  get params(): CableRequest['params'] {
    return this.#session.request.params
  }

  get cookies(): CableRequest['cookies'] {
    return this.#session.request.cookies
  }

  get logger(): CableLogger {
    return this.#session.logger
  }

  /** Tags in front of what is logged about this connection from now on, such as who it is.
   * @example this.addLogTags('ActionCable', this.current_user.name)
   */
  addLogTags(...tags: string[]): void {
    this.#session.addLogTags(tags)
  }

  /** Called when a client connects: set the identifiers here, or reject it. Messages wait until it is done. */
  connect(): void | Promise<void> {}

  /** Called when the client has gone, after its channels' `unsubscribed`; also for one that was rejected. */
  disconnect(): void | Promise<void> {}

  /** Ends `connect` and the connection; the client is told not to try again.
   * @throws UnauthorizedConnection (REGAUGE_UNAUTHORIZED_CONNECTION) always
   */
  rejectUnauthorizedConnection(): never {
    throw new UnauthorizedConnection({})
  }

  /** Ends the connection from our side.
   * @param options.reconnect whether the client should come back
   */
  close(options: { reason?: string; reconnect?: boolean } = {}): void {
    this.#session.disconnect(options.reason ?? 'remote', options.reconnect ?? true)
  }

  /** What `cable.disconnect` finds this connection by: the names of its identifiers, sorted and joined. */
  get connectionIdentifier(): string {
    return this.#session.connectionIdentifier
  }
}
