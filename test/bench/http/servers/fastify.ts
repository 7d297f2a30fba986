import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, recordSchema, resourceNames, shownFor } from '../work.ts'

interface FastifyRequest {
  params: { id: string }
  body: { id: string }
  filtered?: number
}

interface FastifyReply {
  header(name: string, value: string): void
}

type Handler = (request: FastifyRequest) => Promise<unknown>

interface Fastify {
  addHook(name: string, hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): void
  get(path: string, options: object, handler: Handler): void
  post(path: string, options: object, handler: Handler): void
  listen(options: { port: number; host: string }): Promise<string>
  server: { address(): AddressInfo }
}

/** Fastify 5 as it comes.
 * @param does what ours does for every request may be added: an id that is sent back and that an AsyncLocalStorage knows, and `Vary`; a log; `schema` writes
 * JSON by the schema of the answer
 */
export async function startFastify(
  scenario: Scenario,
  does: { readonly context?: boolean; readonly log?: boolean; readonly schema?: boolean } = {},
): Promise<number> {
  const fastify = await importPeer<(options: { logger: boolean }) => Fastify>('fastify')
  const app = fastify({ logger: does.log === true })
  if (does.context === true) addContext(app)
  for (const filter of filtersOf(scenario)) {
    app.addHook('preHandler', (request, _reply, done) => {
      filter(request)
      done()
    })
  }
  const schemaOf = (answer: object) => (does.schema === true ? { schema: { response: { 200: answer } } } : {})
  const shown = scenario.list === true ? { type: 'array', items: recordSchema } : recordSchema
  for (const name of resourceNames(scenario)) {
    app.get(`/api/${name}/:id`, schemaOf(shown), async (request) => shownFor(request.params.id, scenario))
    app.post(`/api/${name}`, schemaOf(recordSchema), async (request) => recordFor(request.body.id))
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server.address().port
}

function addContext(app: Fastify): void {
  const storage = new AsyncLocalStorage<{ requestId: string }>()
  app.addHook('onRequest', (_request, reply, done) => {
    const requestId = randomUUID()
    reply.header('x-request-id', requestId)
    reply.header('vary', 'Accept')
    storage.run({ requestId }, done)
  })
}
