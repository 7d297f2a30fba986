import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

interface Context {
  readonly params: { id: string }
  readonly request: { readonly body: { id: string }; filtered?: number }
  body: unknown
}

type Middleware = (context: Context, next: () => Promise<void>) => Promise<void> | void

interface Koa {
  use(middleware: Middleware): void
  listen(port: number, host: string): Server
}

interface Router {
  get(path: string, handler: Middleware): void
  post(path: string, handler: Middleware): void
  routes(): Middleware
}

/** Koa with its router and the body parser that goes with it. */
export async function startKoa(scenario: Scenario): Promise<number> {
  const Koa = await importPeer<new () => Koa>('koa')
  const KoaRouter = await importPeer<new () => Router>('@koa/router')
  const bodyParser = await importPeer<() => Middleware>('koa-bodyparser')
  const app = new Koa()
  const router = new KoaRouter()
  app.use(bodyParser())
  for (const filter of filtersOf(scenario)) {
    app.use(async (context, next) => {
      filter(context.request)
      await next()
    })
  }
  for (const name of resourceNames(scenario)) {
    router.get(`/api/${name}/:id`, (context) => {
      context.body = shownFor(context.params.id, scenario)
    })
    router.post(`/api/${name}`, (context) => {
      context.body = recordFor(context.request.body.id)
    })
  }
  app.use(router.routes())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
