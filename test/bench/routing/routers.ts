import type { RouteSet, RoutesDsl } from '../../../src/routing/index.ts'
import { importBuilt } from '../measuring/built.ts'
import { importPeer } from '../measuring/peers.ts'
import type { TableRoute } from './work.ts'

/** Looks a request up: whether a route was found. */
export type Find = (method: string, path: string) => boolean

/** Builds the router of each contender over a table. */
export const routers: Readonly<Record<string, (table: readonly TableRoute[]) => Promise<Find>>> = {
  async Regauge(table) {
    const { draw } = await importBuilt<{ draw: (block: (dsl: RoutesDsl) => void) => RouteSet }>('src/routing/index.ts')
    const routes = draw(({ match }) => {
      for (const [index, { method, path }] of table.entries())
        match(path, { via: method.toLowerCase(), to: `things#action_${index}`, as: null })
    }).compile()
    return (method, path) => routes.recognize(method, path) !== null
  },

  async 'find-my-way'(table) {
    const create = await importPeer<() => FindMyWay>('find-my-way')
    const router = create()
    for (const { method, path } of table) router.on(method, path, () => {})
    return (method, path) => router.find(method, path) !== null
  },

  async "Express's router"(table) {
    const create = await importPeer<() => ExpressRouter>('router')
    const router = create()
    let found = false
    for (const { method, path } of table) router[method.toLowerCase() as 'get'](path, () => void (found = true))
    return (method, path) => {
      found = false
      router({ method, url: path }, {}, () => {})
      return found
    }
  },
}

interface FindMyWay {
  on(method: string, path: string, handler: () => void): void
  find(method: string, path: string): object | null
}

interface ExpressRouter {
  (req: { method: string; url: string }, res: object, next: () => void): void
  get(path: string, handler: () => void): void
}
