import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Milliseconds in which somebody must have answered a handshake that no transport of ours wants. */
const patience = 2_000
const passed = new WeakSet<Duplex>()
const deciding = new WeakSet<Server>()

/** A server of Node 22.21, 24.9 and newer, which asks before it takes a request for an upgrade. */
type DecidingServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean }

/** Has a server serve what asks for another protocol than WebSocket and has a body, as if it had not asked. From Node 26 on, the body of an upgrade
 * is the request's and no longer the beginning of the stream, so that `passUpgrade` can't hand it back.
 */
export function declineUpgradesWithBodies(server: DecidingServer): void {
  const decide = server.shouldUpgradeCallback
  if (decide === undefined || deciding.has(server)) return
  deciding.add(server)
  server.shouldUpgradeCallback = (request) => (asksForWebSocket(request) || !hasBody(request)) && decide.call(server, request)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

/** What a transport does about an upgrade that isn't its own: others who listen may answer it, and when nobody does, the connection ends. Node takes any
 * request with an Upgrade header away from the server's handler; what asks for another protocol than WebSocket (`h2c`, as Java's client and curl do)
 * is handed back to it without the header, which a server may always ignore (RFC 9110, section 7.8).
 */
export function passUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (passed.has(socket)) return // two transports see the same upgrade
  passed.add(socket)
  const written = () => request.socket.bytesWritten // where the request has a body, the stream is one above the socket
  const before = written()
  const isUnanswered = () => socket.writable && written() === before
  if (!asksForWebSocket(request)) setImmediate(() => isUnanswered() && serveWithout(server, request, socket, head))
  else if (server.listenerCount('upgrade') === 1) refuse(socket)
  else setTimeout(() => isUnanswered() && refuse(socket), patience).unref()
}

/** Whether a request with an Upgrade header asks for the only protocol that a cable speaks. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket'
}

/** Answers 404 and lets the socket go. */
export function refuse(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  // Nobody reads this socket any more, so that its end would never be noticed.
  socket.once('finish', () => socket.destroy())
  const body = 'Page not found'
  socket.end(
    `HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}

const hopHeaders = new Set(['connection', 'upgrade', 'http2-settings'])

/** The request once more as it was sent, but for the upgrade. The connection is closed after it, so that this happens once a connection. */
function serveWithout(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { rawHeaders } = request
  let text = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!hopHeaders.has(rawHeaders[i]!.toLowerCase())) text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}Connection: close\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
