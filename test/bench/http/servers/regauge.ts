import type { RequestObserver } from '../../../../src/http/index.ts'
import { importBuilt } from '../../measuring/built.ts'
import { recordFor, resourceNames } from '../work.ts'

/** Ours as an application runs it: routes drawn, actions compiled, parameters parsed as Rails does.
 * @param answers `plain` leaves out what Rails' middleware adds to answers: five headers, Cache-Control and ETag
 * @param log whether the line of each request is written, in JSON
 */
export async function startRegauge(routes: number, answers: 'plain' | 'rails', log: boolean): Promise<number> {
  const { ApiErrorRenderer, Pipeline, Server } = await importBuilt<typeof import('../../../../src/http/index.ts')>('src/http/index.ts')
  const { Controller } = await importBuilt<typeof import('../../../../src/controller/index.ts')>('src/controller/index.ts')
  const { draw } = await importBuilt<typeof import('../../../../src/routing/index.ts')>('src/routing/index.ts')
  const { RouteDispatcher } = await importBuilt<typeof import('../../../../src/application/route_dispatcher.ts')>(
    'src/application/route_dispatcher.ts',
  )

  class ArticlesController extends Controller {
    show(): void {
      this.render({ json: recordFor(String(this.params.get('id'))) })
    }

    create(): void {
      this.render({ json: recordFor(String(this.params.get('id'))) })
    }
  }

  const routeSet = draw(({ scope, resources }) => {
    scope('/api', () => {
      for (const name of resourceNames(routes)) resources(name, { controller: 'articles', only: ['show', 'create'] })
    })
  })
  const router = new RouteDispatcher(import.meta.dirname, routeSet, new Map([['articles', ArticlesController]]), new Map())
  const request = answers === 'plain' ? { etags: false, defaultHeaders: {} } : {}
  const onFinish = log ? { onFinish: await observer() } : {}
  const server = new Server(new Pipeline({ router, errors: new ApiErrorRenderer({ details: false }), request, ...onFinish }))
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  return port!
}

async function observer(): Promise<RequestObserver> {
  const { requestObserver } = await importBuilt<typeof import('../../../../src/application/request_observer.ts')>(
    'src/application/request_observer.ts',
  )
  const { defaultConfiguration } =
    await importBuilt<typeof import('../../../../src/application/configuration.ts')>('src/application/configuration.ts')
  const { environment } = await importBuilt<typeof import('../../../../src/application/environment.ts')>('src/application/environment.ts')
  return requestObserver(defaultConfiguration(import.meta.dirname, environment('production'), 'Benchmark'))
}
