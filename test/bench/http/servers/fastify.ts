import type { AddressInfo } from 'node:net'
import { importPeer } from '../../measuring/peers.ts'
import { recordFor, resourceNames } from '../work.ts'

interface FastifyRequest {
  params: { id: string }
  body: { id: string }
}

interface Fastify {
  get(path: string, handler: (request: FastifyRequest) => Promise<unknown>): void
  post(path: string, handler: (request: FastifyRequest) => Promise<unknown>): void
  listen(options: { port: number; host: string }): Promise<string>
  server: { address(): AddressInfo }
}

/** Fastify 5 as it comes, without response schemas. */
export async function startFastify(routes: number): Promise<number> {
  const fastify = await importPeer<() => Fastify>('fastify')
  const app = fastify()
  for (const name of resourceNames(routes)) {
    app.get(`/api/${name}/:id`, async (request) => recordFor(request.params.id))
    app.post(`/api/${name}`, async (request) => recordFor(request.body.id))
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server.address().port
}
