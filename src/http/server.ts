import { createServer, type IncomingMessage, type Server as NodeServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { openAt } from './listening.ts'
import type { Pipeline } from './pipeline.ts'

/** Subclasses of `node:http`'s messages, when middleware needs more than those have. `adapters/express` makes them. */
export interface ServerHost {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse<InstanceType<typeof IncomingMessage>>
}

/** Limits of the server, in milliseconds and bytes. */
export interface ServerOptions {
  readonly host?: ServerHost
  /** How long a client may take to send the head of a request. Default 15 seconds. */
  readonly headersTimeout?: number
  /** How long a client may take to send a whole request. Default 5 minutes. */
  readonly requestTimeout?: number
  /** How long an idle connection is kept. Default 65 seconds: longer than proxies keep theirs (most 60), so that none writes to a connection
   * we are closing. */
  readonly keepAliveTimeout?: number
  /** The request line and all headers together. Default 32 KiB. */
  readonly maxHeaderSize?: number
  /** Headers beyond this number are ignored. Default 100. */
  readonly maxHeadersCount?: number
}

/** Where a server listens: a port of a host, or a Unix socket. */
export interface Address {
  /** How to open it in a browser: 'http://localhost:3000', or 'unix:/run/api.sock'. */
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
}

/** Serves a pipeline with `node:http`. */
export class Server {
  /** The server underneath, for WebSockets to attach to. */
  readonly http: NodeServer
  readonly #sockets = new Set<Socket>()

  constructor(pipeline: Pick<Pipeline, 'handle'>, options: ServerOptions = {}) {
    this.http = createServer(
      {
        ...(options.host && { IncomingMessage: options.host.IncomingMessage, ServerResponse: options.host.ServerResponse }),
        headersTimeout: options.headersTimeout ?? 15_000,
        requestTimeout: options.requestTimeout ?? 300_000,
        keepAliveTimeout: options.keepAliveTimeout ?? 65_000,
        connectionsCheckingInterval: Math.min(5000, options.headersTimeout ?? 5000),
        maxHeaderSize: options.maxHeaderSize ?? 32 * 1024,
        noDelay: true,
      },
      (req, res) => pipeline.handle(req, res),
    )
    this.http.maxHeadersCount = options.maxHeadersCount ?? 100
    this.http.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
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
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port, host }
  }

  /** Stops accepting, lets open requests finish, and after `timeout` milliseconds cuts what is left, WebSockets included. */
  async close({ timeout = 10_000 }: { timeout?: number } = {}): Promise<void> {
    if (!this.http.listening) return
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()))
    // A kept-alive connection becomes idle when its request ends, and nobody tells us.
    const sweep = setInterval(() => this.http.closeIdleConnections(), 20)
    const cut = setTimeout(() => this.#cut(), timeout)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
  }

  #cut(): void {
    this.http.closeAllConnections()
    for (const socket of this.#sockets) socket.destroy()
  }
}
