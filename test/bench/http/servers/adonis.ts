import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

interface Context {
  readonly params: { id: string }
  readonly request: { body(): { id: string }; filtered?: number }
  readonly response: { json(value: unknown): void }
}

interface Handler {
  handle(context: Context, next: () => Promise<void>): Promise<void>
}

interface AdonisServer {
  getRouter(): {
    get(path: string, handler: (context: Context) => void): void
    post(path: string, handler: (context: Context) => void): void
  }
  use(middleware: (() => Promise<{ default: new () => Handler }>)[]): void
  boot(): Promise<void>
  readonly handle: RequestListener
}

interface Factories {
  readonly ServerFactory: new () => { merge(options: object): { create(): AdonisServer } }
  readonly AppFactory: new () => { create(root: URL, importer: () => void): { init(): Promise<void> } }
  readonly BodyParserMiddlewareFactory: new () => { create(): Handler }
}

/** AdonisJS' HTTP server with its router, containers and body parser. */
export async function startAdonis(scenario: Scenario): Promise<number> {
  const { AppFactory } = await importPeer<Factories>('@adonisjs/application/factories')
  const { ServerFactory } = await importPeer<Factories>('@adonisjs/http-server/factories')
  const { BodyParserMiddlewareFactory } = await importPeer<Factories>('@adonisjs/bodyparser/factories')
  const app = new AppFactory().create(new URL('.', import.meta.url), () => {})
  await app.init()
  const server = new ServerFactory().merge({ app }).create()
  const parser = new BodyParserMiddlewareFactory().create()
  class ReadBody {
    handle(context: Context, next: () => Promise<void>): Promise<void> {
      return parser.handle(context, next)
    }
  }
  const filters = filtersOf(scenario).map((filter) => {
    return class {
      async handle(context: Context, next: () => Promise<void>): Promise<void> {
        filter(context.request)
        await next()
      }
    }
  })
  server.use([ReadBody, ...filters].map((one) => async () => ({ default: one })))
  const router = server.getRouter()
  for (const name of resourceNames(scenario)) {
    router.get(`/api/${name}/:id`, ({ params, response }) => response.json(shownFor(params.id, scenario)))
    router.post(`/api/${name}`, ({ request, response }) => response.json(recordFor(request.body().id)))
  }
  await server.boot()
  const http = createServer(server.handle.bind(server)).listen(0, '127.0.0.1')
  await once(http, 'listening')
  return (http.address() as AddressInfo).port
}
