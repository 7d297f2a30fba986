import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

interface Context {
  readonly req: { param(name: string): string; json<T>(): Promise<T>; filtered?: number }
  json(value: unknown): Response
}

interface Hono {
  use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void
  get(path: string, handler: (context: Context) => Response): void
  post(path: string, handler: (context: Context) => Promise<Response>): void
  readonly fetch: unknown
}

interface NodeServer {
  serve(options: { fetch: unknown; port: number; hostname: string }, onListening: (address: { port: number }) => void): void
}

/** Hono on its server for Node. */
export async function startHono(scenario: Scenario): Promise<number> {
  const { Hono } = await importPeer<{ Hono: new () => Hono }>('hono')
  const { serve } = await importPeer<NodeServer>('@hono/node-server')
  const app = new Hono()
  for (const filter of filtersOf(scenario)) {
    app.use(async (context, next) => {
      filter(context.req)
      await next()
    })
  }
  for (const name of resourceNames(scenario)) {
    app.get(`/api/${name}/:id`, (context) => context.json(shownFor(context.req.param('id'), scenario)))
    app.post(`/api/${name}`, async (context) => context.json(recordFor((await context.req.json<{ id: string }>()).id)))
  }
  return new Promise((resolve) => serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port)))
}
