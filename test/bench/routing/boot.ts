import type { RouteSet, RoutesDsl } from '../../../src/routing/index.ts'
import { importBuilt } from '../measuring/built.ts'

// A fresh process, since a routes file is drawn once and cold: draws 1,500 routes, compiles them, answers one request and makes the URL helpers.
const { draw } = await importBuilt<{ draw: (block: (dsl: RoutesDsl) => void) => RouteSet }>('src/routing/index.ts')
const words = ['articles', 'comments', 'photos', 'users', 'orders', 'invoices', 'projects', 'tickets', 'messages', 'teams']

function drawTable({ namespace, resources, get, post, member, collection, root }: RoutesDsl): void {
  root('home#index')
  for (let i = 0; i < 108; i++) {
    const name = `${words[i % 10]}_${Math.floor(i / 10)}`
    namespace('api', () =>
      namespace(`v${1 + (i % 3)}`, () => {
        resources(name, () => {
          member(() => {
            post('publish')
            get('history')
          })
          collection(() => get('search'))
          resources(`${words[(i + 1) % 10]}_below`, { only: ['index', 'create', 'show', 'destroy'] })
        })
        get(`${name}/by/:year`, { to: `${name}#by`, year: /\d{4}/, as: null })
      }),
    )
  }
}

const cpu = process.cpuUsage()
const start = performance.now()
const routes = draw(drawTable).compile()
if (routes.recognize('GET', '/api/v1/articles_0/1') === null || routes.helpers['apiV1Articles0Path'] === undefined)
  throw new Error('No such route.')
const seconds = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(cpu)
process.send!({ operations: 1, seconds, cpuSeconds: (user + system) / 1e6, routes: routes.routes.length })
