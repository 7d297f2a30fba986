import { createServer, type IncomingMessage, type Server as NodeServer, type ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { ServerOptions } from './server.ts'
import { readTls } from './tls.ts'
import { refusingHeads } from './refused_heads.ts'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** Makes the server underneath: of `node:http`, of `node:https` when there is a certificate, of `node:http2` (which speaks HTTP/1.1 to those
 * that don't know HTTP/2) when that is asked for. */
export function nodeServer(options: ServerOptions, answer: Handle): NodeServer {
  const { tls, http2 = false, maxHeadersCount = 100 } = options
  const handle = refusingHeads(maxHeadersCount, http2 ? completing(answer) : answer)
  const server =
    tls === undefined
      ? createServer({ ...messages(options), ...limits(options) }, handle)
      : http2
        ? http2Server(options, handle)
        : createTlsServer({ ...messages(options), ...limits(options), ...readTls(tls) }, handle)
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
  return {
    headersTimeout: options.headersTimeout ?? 15_000,
    requestTimeout: options.requestTimeout ?? 300_000,
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
  const idle = options.keepAliveTimeout ?? 65_000
  server.on('session', (session) => session.setTimeout(idle, () => session.close()))
  return server as unknown as NodeServer
}

// What HTTP/2's messages lack to be taken for HTTP/1.1's.
function completing(handle: Handle): Handle {
  return (req, res) => {
    if (req.httpVersionMajor === 2) completeHeaders(req as unknown as Http2ServerRequest)
    ;(req as { res?: unknown }).res = res // Express looks for it there
    handle(req, res)
  }
}

/** Says in HTTP/1.1's headers what HTTP/2 says otherwise: the host, and that a body of unknown length follows (RFC 9113, sections 8.1 and 8.3.1). */
function completeHeaders({ headers, stream }: Http2ServerRequest): void {
  if (headers[':authority'] !== undefined) headers.host = headers[':authority']
  if (headers['content-length'] === undefined && !stream.endAfterHeaders) headers['transfer-encoding'] = 'chunked'
}
