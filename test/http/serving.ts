import { type AddressInfo, connect } from 'node:net'
import { ApiErrorRenderer, type Endpoint, Pipeline, type PipelineOptions, Server, type ServerOptions } from '../../src/http/index.ts'

const started: Server[] = []

/** A pipeline whose only route is `endpoint`, whatever the path; '/nowhere' has no route. */
export function pipelineFor(endpoint: Endpoint, options: Partial<PipelineOptions> = {}): Pipeline {
  return new Pipeline({
    router: { find: (request) => (request.pathInfo.startsWith('/nowhere') ? null : { endpoint }) },
    errors: new ApiErrorRenderer({ details: false }),
    ...options,
  })
}

/** Serves an endpoint on a free port until `stopServing`; answers the address. */
export async function serve(endpoint: Endpoint, options: Partial<PipelineOptions> = {}, serverOptions?: ServerOptions): Promise<string> {
  return serveWith(new Server(pipelineFor(endpoint, options), serverOptions))
}

/** Starts a server on a free port until `stopServing`; answers the address. */
export async function serveWith(server: Server): Promise<string> {
  started.push(server)
  const { url } = await server.listen({ port: 0, host: '127.0.0.1' })
  return url
}

/** Closes what `serve` has opened: for `afterEach`. */
export async function stopServing(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.close({ timeout: 0 })))
}

/** Sends raw bytes and answers all that comes back until the server closes the connection. */
export function sendRaw(url: string, bytes: string | Buffer, end = true): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('error', reject)
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
}

/** The port a listening server got. */
export function portOf(server: Server): number {
  return (server.http.address() as AddressInfo).port
}
