import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a routes file mounts to say where WebSockets are served, as `mount ActionCable.server => "/cable"` does in Rails.
 * Plain requests to the path get 404, as there; the handshakes are taken by the transport.
 *
 * @example mount(cable, { at: '/cable' })
 */
export function cable(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' }).end('Page not found')
}
