import type { IncomingMessage, Server as NodeServer, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { openAt } from './listening.ts'
import { nodeServer } from './node_server.ts'
import { endOpenStreams } from './open_streams.ts'
import type { Pipeline } from '../pipeline.ts'
import { readTls, type TlsSettings } from './tls.ts'

/** Subclasses of `node:http`'s messages, when middleware needs more than those have. `adapters/express` makes them. */
export interface ServerHost {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse<InstanceType<typeof IncomingMessage>>
  /** Those of HTTP/2. */
  readonly Http2ServerRequest?: typeof Http2ServerRequest
  readonly Http2ServerResponse?: typeof Http2ServerResponse<Http2ServerRequest>
}

/** Limits of the server, in milliseconds and bytes. */
export interface ServerOptions {
  readonly host?: ServerHost
  /** How long a client may take to send the head of a request. Default 15 seconds. */
  readonly headersTimeout?: number
  /** How long a client may take to send a whole request. Default 5 minutes. */
  readonly requestTimeout?: number
  /** How long a client may leave unread what waits for it; then its connection, or its stream of HTTP/2, is cut. What has nothing to send, such as
   * a stream of events between two of them, waits as long as it likes. 0 is for ever. Default 60 seconds. */
  readonly writeTimeout?: number
  /** How many bytes a second a client has to take of what waits for it, all `writeTimeout` long, to be waited for any longer. What the system keeps in its
   * own buffers for the client counts as taken. Default 240. */
  readonly minWriteRate?: number
  /** How long an idle connection is kept. Default 65 seconds: longer than proxies keep theirs (most 60), so that none writes to a connection
   * we are closing. */
  readonly keepAliveTimeout?: number
  /** The request line and all headers together. Default 32 KiB. */
  readonly maxHeaderSize?: number
  /** A request with more headers is refused with 431. Default 100. */
  readonly maxHeadersCount?: number
  /** Connections beyond this number are closed as they come. Default: as many as the system allows. */
  readonly maxConnections?: number | undefined
  /** How many requests a connection is kept for; 0 is any number. Default 0. */
  readonly maxRequestsPerConnection?: number
  /** A client that asks first (`Expect: 100-continue`) isn't told to send a body longer than this, in bytes. Default 50 MiB. */
  readonly bodyLimit?: number
  /** Serve HTTPS with this certificate. */
  readonly tls?: TlsSettings | undefined
  /** Speak HTTP/2 to clients that know it; only with `tls`. Default false. */
  readonly http2?: boolean
}

/** Where a server listens: a port of a host, or a Unix socket. */
export interface Address {
  /** How to open it in a browser: 'http://localhost:3000', 'https://…' with a certificate, or 'unix:/run/api.sock'. */
  readonly url: string
  readonly port?: number
  readonly host?: string
  readonly path?: string
}

/** What to listen on. `path` is a Unix socket and wins; port 0 takes a free one. */
export interface ListenOptions {
  /** Default: the environment's PORT, else 3000. */
  readonly port?: number | undefined
  /** Default: all addresses. */
  readonly host?: string | undefined
  readonly path?: string | undefined
  /** Who may connect to the Unix socket, as for chmod: 0o660 is its owner and group. Default: what the process' umask leaves. */
  readonly socketMode?: number | undefined
  /** How many connections may wait to be accepted. Default 511, as Node's. */
  readonly backlog?: number | undefined
}

/** Serves a pipeline with `node:http`, `node:https` or `node:http2`. */
export class Server {
  /** The server underneath, for WebSockets to attach to. */
  readonly http: NodeServer
  readonly #options: ServerOptions
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<ServerHttp2Session>()

  /** @throws CannotListen when a file of `tls` can't be read */
  constructor(pipeline: Pick<Pipeline, 'handle'>, options: ServerOptions = {}) {
    this.#options = options
    this.http = nodeServer(options, (req, res) => pipeline.handle(req, res))
    this.http.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.http.on('session', (session: ServerHttp2Session) => {
      this.#sessions.add(session)
      session.once('close', () => this.#sessions.delete(session))
    })
  }

  /** Starts to accept connections.
   * @throws CannotListen in one sentence: the port is taken or not allowed, the host isn't ours, …
   */
  async listen(options: ListenOptions = {}): Promise<Address> {
    await openAt(this.http, options)
    const address = this.http.address() as AddressInfo | string
    if (typeof address === 'string') return { url: `unix:${address}`, path: address }
    const host = options.host ?? 'localhost'
    const protocol = this.#options.tls === undefined ? 'http' : 'https'
    return { url: `${protocol}://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port, host }
  }

  /** Reads the certificate again: new connections get the new one. Does nothing without one.
   * @throws CannotListen when a file can't be read; the old certificate stays
   */
  reloadCertificate(): void {
    if (this.#options.tls !== undefined) (this.http as unknown as TlsServer).setSecureContext(readTls(this.#options.tls))
  }

  /** Stops accepting, lets open requests finish, and after `timeout` milliseconds cuts what is left, WebSockets included. */
  async close({ timeout = 10_000 }: { timeout?: number } = {}): Promise<void> {
    if (!this.http.listening) return
    endOpenStreams(this.http)
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()))
    for (const session of this.#sessions) session.close()
    // A kept-alive connection becomes idle when its request ends, and nobody tells us.
    const sweep = setInterval(() => this.http.closeIdleConnections(), 20)
    const cut = setTimeout(() => this.#cut(), timeout)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
  }

  #cut(): void {
    for (const session of this.#sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroy()
  }
}
