import { createServer, type IncomingMessage, type Server as NodeServer, type ServerResponse } from 'node:http'
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { asHttp1 } from './http2_requests.ts'
import { readerOfSocket, readerOfStream } from './readers.ts'
import { refusingHeads } from './refused_heads.ts'
import type { ServerOptions } from './server.ts'
import { SlowReaders } from './slow_readers.ts'
import { readTls } from './tls.ts'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** Makes the server underneath: of `node:http`, of `node:https` when there is a certificate, of `node:http2` (which speaks HTTP/1.1 to those
 * that don't know HTTP/2) when that is asked for. */
export function nodeServer(options: ServerOptions, answer: Handle): NodeServer {
  const { tls, http2 = false, maxHeadersCount = 100 } = options
  const handle = refusingHeads(maxHeadersCount, http2 ? asHttp1(options.requestTimeout ?? 300_000, answer) : answer)
  const server =
    tls === undefined
      ? createServer({ ...messages(options), ...limits(options) }, handle)
      : http2
        ? http2Server(options, handle)
        : createTlsServer({ ...messages(options), ...limits(options), ...readTls(tls) }, handle)
  cutSlowReaders(server, options)
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    if (Number(req.headers['content-length'] ?? 0) <= (options.bodyLimit ?? 50 * 1024 * 1024)) res.writeContinue()
    else res.shouldKeepAlive = false // whether the body comes all the same can't be known
    handle(req, res)
  })
  server.maxHeadersCount = maxHeadersCount + 1 // one more, which says that there were too many
  server.maxRequestsPerSocket = options.maxRequestsPerConnection ?? 0
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  return server
}

function messages({ host }: ServerOptions) {
  return host && { IncomingMessage: host.IncomingMessage, ServerResponse: host.ServerResponse }
}

function limits(options: ServerOptions) {
  const { requestTimeout = 300_000 } = options
  return {
    // The head is a part of the request; Node refuses to give it more time.
    headersTimeout: Math.min(options.headersTimeout ?? 15_000, requestTimeout || Number.POSITIVE_INFINITY),
    requestTimeout,
    keepAliveTimeout: options.keepAliveTimeout ?? 65_000,
    connectionsCheckingInterval: Math.min(5000, options.headersTimeout ?? 5000, options.requestTimeout ?? 5000),
    maxHeaderSize: options.maxHeaderSize ?? 32 * 1024,
    noDelay: true,
  }
}

// Its server is one of `node:tls` with the events and the methods of an HTTP server that are used here; the limits of HTTP/1.1 are
// taken from its options by the connections that speak it.
function http2Server(options: ServerOptions, handle: Handle): NodeServer {
  const { host } = options
  const server = createSecureServer(
    {
      ...limits(options),
      ...readTls(options.tls!),
      allowHTTP1: true,
      ...(host && { Http1IncomingMessage: host.IncomingMessage, Http1ServerResponse: host.ServerResponse }),
      ...(host?.Http2ServerRequest && { Http2ServerRequest: host.Http2ServerRequest, Http2ServerResponse: host.Http2ServerResponse! }),
      maxHeaderListPairs: (options.maxHeadersCount ?? 100) + 4,
      settings: { maxHeaderListSize: options.maxHeaderSize ?? 32 * 1024, maxConcurrentStreams: 100 },
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
    },
    (req: Http2ServerRequest, res: Http2ServerResponse) => handle(req as unknown as IncomingMessage, res as unknown as ServerResponse),
  )
  server.on('session', (session) => closeWhenIdle(session, options.keepAliveTimeout ?? 65_000))
  return server as unknown as NodeServer
}

// Whatever else it sends, a connection that asks for nothing is idle.
function closeWhenIdle(session: ServerHttp2Session, timeout: number): void {
  let open = 0
  const timer = setTimeout(() => {
    if (open > 0) timer.refresh()
    else session.close()
  }, timeout).unref()
  session.once('close', () => clearTimeout(timer))
  session.on('stream', (stream: ServerHttp2Stream) => {
    open++
    stream.once('close', () => {
      open--
      if (!session.closed) timer.refresh()
    })
  })
}

function cutSlowReaders(server: NodeServer, { writeTimeout = 60_000, minWriteRate = 240 }: ServerOptions): void {
  const readers = new SlowReaders({ writeTimeout, minWriteRate })
  const watch = (socket: Socket) => socket.once('close', readers.watch(readerOfSocket(socket)))
  server.on('connection', watch)
  server.on('secureConnection', watch) // above TLS there is more to wait
  server.on('stream', (stream: ServerHttp2Stream) => stream.once('close', readers.watch(readerOfStream(stream))))
}
