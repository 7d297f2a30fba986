import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait for those before them; as many as HTTP/2 may have at once. */
const most = 100

const waiting = new WeakMap<Socket, Set<ServerResponse>>()

/** Notes a request that was sent before the one in front of it was answered (RFC 9112, section 9.3.2): its answer has no socket yet, so
 * `node:http` wouldn't close it with the connection, and what it does and holds would never end.
 *
 * @returns false when there are too many of them: the connection is cut
 */
export function waitForTurn(request: IncomingMessage, response: ServerResponse): boolean {
  const socket: Socket | null | undefined = request.socket
  if (socket === null || socket === undefined) return true // made by a test
  const others = waiting.get(socket) ?? firstOf(socket)
  if (others.size >= most) {
    socket.destroy()
    return false
  }
  others.add(response)
  response.once('close', () => others.delete(response))
  return true
}

function firstOf(socket: Socket): Set<ServerResponse> {
  const responses = new Set<ServerResponse>()
  waiting.set(socket, responses)
  socket.once('close', () => {
    for (const response of responses) {
      if (response.socket !== null) continue // closed by `node:http`
      response.destroy()
      response.emit('close')
    }
  })
  return responses
}
