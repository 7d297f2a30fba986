import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { importPeer } from '../../measuring/peers.ts'
import { recordFor, resourceNames } from '../work.ts'

interface FastifyRequest {
  params: { id: string }
  body: { id: string }
}

interface FastifyReply {
  header(name: string, value: string): void
}

interface Fastify {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): void
  get(path: string, handler: (request: FastifyRequest) => Promise<unknown>): void
  post(path: string, handler: (request: FastifyRequest) => Promise<unknown>): void
  listen(options: { port: number; host: string }): Promise<string>
  server: { address(): AddressInfo }
}

/** Fastify 5 as it comes, without response schemas.
 * @param does what ours does for every request may be added: an id that is sent back and that an AsyncLocalStorage knows, a log
 */
export async function startFastify(routes: number, does: { readonly context?: boolean; readonly log?: boolean } = {}): Promise<number> {
  const fastify = await importPeer<(options: { logger: boolean }) => Fastify>('fastify')
  const app = fastify({ logger: does.log === true })
  if (does.context === true) addContext(app)
  for (const name of resourceNames(routes)) {
    app.get(`/api/${name}/:id`, async (request) => recordFor(request.params.id))
    app.post(`/api/${name}`, async (request) => recordFor(request.body.id))
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server.address().port
}

function addContext(app: Fastify): void {
  const storage = new AsyncLocalStorage<{ requestId: string }>()
  app.addHook('onRequest', (_request, reply, done) => {
    const requestId = randomUUID()
    reply.header('x-request-id', requestId)
    storage.run({ requestId }, done)
  })
}
