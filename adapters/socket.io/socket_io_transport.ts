import type { Server as HttpServer } from 'node:http'
import { Server, type ServerOptions } from 'socket.io'
import {
  type Cable,
  type CableTransport,
  declineUpgradesWithBodies,
  isOriginAllowed,
  passUpgrade,
  perform,
  readHandshake,
  type Session,
  subscribe,
  unsubscribe,
  type Wire,
  withDeadline,
} from '../../src/cable/index.ts'
import { Peers } from './peers.ts'
import { type Answer, type ClientEvents, readData, readIdentifier, type ServerEvents } from './protocol.ts'
import { type CableSocket, SocketIoClient, socketIoWire } from './socket_io_client.ts'

/** Settings of the socket.io endpoint. */
export interface SocketIoOptions {
  /** Where clients connect; `/socket.io` unless set. */
  readonly path?: string
  /** `/` unless set. */
  readonly namespace?: string
  /** A folder that the processes which serve the same clients have in common, and nobody else can read or write: each listens there, so that the
   * requests of a client that polls, which may come to any of them, are brought to the one that has its session. */
  readonly peersFolder?: string
  /** More options of socket.io's server, `cors` for instance. */
  readonly server?: Partial<ServerOptions>
}

/** Serves the channels to socket.io clients; see `ClientEvents` and `ServerEvents` for the protocol.
 *
 * The handshake's `auth` and query are the connection's `params`. Attach it after the server has its request handler: socket.io puts itself before it.
 * @example await new SocketIoTransport().attach(server, cable)
 */
export class SocketIoTransport implements CableTransport {
  readonly #options: SocketIoOptions
  readonly #servers: Server<ClientEvents, ServerEvents>[] = []
  readonly #peers: Peers | undefined
  #isClosing = false
  /** Each session with the promise of its end. */
  readonly #sessions = new Map<Session, Promise<void>>()

  constructor(options: SocketIoOptions = {}) {
    this.#options = options
    if (options.peersFolder !== undefined) this.#peers = new Peers(options.peersFolder)
  }

  attach(server: HttpServer, cable: Cable): void | Promise<void> {
    const io = new Server<ClientEvents, ServerEvents>(server, {
      serveClient: false,
      maxHttpBufferSize: cable.limits.messageBytes,
      perMessageDeflate: false,
      // Other upgrades of this server belong to other transports.
      destroyUpgrade: false,
      // Without an origin it is no page of another site: browsers send one with every WebSocket and every request across sites.
      allowRequest: (request, decide) => decide(null, isOriginAllowed(request, { ...cable.config, allowMissingOrigin: true })),
      ...this.#options.server,
      ...(this.#options.path === undefined ? {} : { path: this.#options.path }),
    })
    const path = `${io.path()}/`
    declineUpgradesWithBodies(server)
    server.on('upgrade', (request, socket, head) => {
      if (!`${request.url}`.startsWith(path)) passUpgrade(server, request, socket, head)
    })
    const namespace = io.of(this.#options.namespace ?? '/')
    const wire = socketIoWire(namespace)
    namespace.use((socket, next) => {
      if (this.#isClosing) next(new Error('closing'))
      else void this.#admit(cable, wire, socket, next)
    })
    this.#servers.push(io)
    return this.#peers?.join(io.engine)
  }

  async close(options: { timeout?: number } = {}): Promise<void> {
    this.#isClosing = true
    const sessions = [...this.#sessions.keys()]
    for (const session of sessions) session.disconnect('server_restart', true)
    await withDeadline(Promise.all(this.#sessions.values()), options.timeout ?? 5_000, () => {
      for (const session of this.#sessions.keys()) session.client.terminate()
    })
    this.#peers?.close()
    for (const io of this.#servers) io.engine.close()
  }

  async #admit(cable: Cable, wire: Wire, socket: CableSocket, next: (error?: Error) => void): Promise<void> {
    const client = new SocketIoClient(socket, wire, cable.limits.bufferedBytes, () =>
      cable.logger.warn(`A client was disconnected: more than ${cable.limits.bufferedBytes} bytes wait to be sent to it`),
    )
    const session = cable.accept(readHandshake(socket.request, readData(socket.handshake.auth) ?? {}), client)
    const leave = this.#register(session)
    socket.conn.once('close', leave)
    socket.once('disconnect', leave)
    const isAdmitted = await session.open()
    if (!isAdmitted) {
      leave()
      next(new Error('unauthorized'))
      return
    }
    listen(socket, session)
    next()
  }

  /** @returns what to call when the client has gone */
  #register(session: Session): () => void {
    let leave = (): void => undefined
    const left = new Promise<void>((resolve) => (leave = resolve))
    const gone = left.then(() => session.closed()).then(() => void this.#sessions.delete(session))
    this.#sessions.set(session, gone)
    return leave
  }
}

function listen(socket: CableSocket, session: Session): void {
  socket.on('subscribe', (identifier, acknowledge) => {
    const read = readIdentifier(identifier)
    void answer(acknowledge, read && subscribe(session, read.key, read.params), 'confirmed')
  })
  socket.on('unsubscribe', (identifier, acknowledge) => {
    const read = readIdentifier(identifier)
    void answer(acknowledge, read && unsubscribe(session, read.key), 'unsubscribed')
  })
  socket.on('perform', (identifier, action, data, acknowledge) => {
    const read = readIdentifier(identifier)
    const fields = typeof data === 'function' || data === undefined ? {} : readData(data)
    const isReadable = read && fields && typeof action === 'string'
    const done = typeof data === 'function' ? data : acknowledge
    void answer(done, isReadable ? perform(session, read.key, { ...fields, action }) : undefined, 'performed')
  })
}

async function answer(acknowledge: unknown, outcome: Promise<string> | undefined, success: string): Promise<void> {
  const result = outcome === undefined ? 'invalid' : await outcome
  const reply: Answer = result === success ? { ok: true } : { ok: false, error: result }
  if (typeof acknowledge === 'function') acknowledge(reply)
}
