import type { Pipeline, RequestObserver } from '../../../../src/http/index.ts'
import { importBuilt } from '../../measuring/built.ts'
import { importPeer } from '../../measuring/peers.ts'
import type express from 'express'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'
import { listen } from './express.ts'

/** Ours as an application runs it: routes drawn, actions compiled, parameters parsed as Rails does.
 * @param answers `plain` leaves out what Rails' middleware adds to answers: five headers, Cache-Control and ETag
 * @param log whether the line of each request is written, in JSON
 */
export async function startRegauge(scenario: Scenario, answers: 'plain' | 'rails', log: boolean): Promise<number> {
  const { Server } = await importBuilt<typeof import('../../../../src/http/index.ts')>('src/http/index.ts')
  const server = new Server(await pipelineFor(scenario, answers, log))
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  return port!
}

/** The same, mounted in an Express application. */
export async function startMounted(scenario: Scenario): Promise<number> {
  const peer = await importPeer<typeof express>('express')
  const { mountPipeline } = await importBuilt<typeof import('../../../../adapters/express/index.ts')>('adapters/express/mount.ts')
  return listen(peer().use(mountPipeline(await pipelineFor(scenario, 'plain', false))))
}

async function pipelineFor(scenario: Scenario, answers: 'plain' | 'rails', log: boolean): Promise<Pipeline> {
  const { ApiErrorRenderer, Pipeline } = await importBuilt<typeof import('../../../../src/http/index.ts')>('src/http/index.ts')
  const { Controller } = await importBuilt<typeof import('../../../../src/controller/index.ts')>('src/controller/index.ts')
  const { draw } = await importBuilt<typeof import('../../../../src/routing/index.ts')>('src/routing/index.ts')
  const { RouteDispatcher } = await importBuilt<typeof import('../../../../src/application/route_dispatcher.ts')>(
    'src/application/route_dispatcher.ts',
  )

  class ArticlesController extends Controller {
    static {
      for (const filter of filtersOf(scenario)) this.beforeAction(({ request }) => filter(request.raw as { filtered?: number }))
    }

    show(): void {
      this.render({ json: shownFor(String(this.params.get('id')), scenario) })
    }

    create(): void {
      this.render({ json: recordFor(String(this.params.get('id'))) })
    }
  }

  const routeSet = draw(({ scope, resources }) => {
    scope('/api', () => {
      for (const name of resourceNames(scenario)) resources(name, { controller: 'articles', only: ['show', 'create'] })
    })
  })
  const router = new RouteDispatcher(import.meta.dirname, routeSet, new Map([['articles', ArticlesController]]), new Map())
  const request = answers === 'plain' ? { etags: false, defaultHeaders: {} } : {}
  const onFinish = log ? { onFinish: await observer() } : {}
  return new Pipeline({ router, errors: new ApiErrorRenderer({ details: false }), request, ...onFinish })
}

async function observer(): Promise<RequestObserver> {
  const { requestObserver } = await importBuilt<typeof import('../../../../src/application/request_observer.ts')>(
    'src/application/request_observer.ts',
  )
  const { defaultConfiguration } =
    await importBuilt<typeof import('../../../../src/application/configuration.ts')>('src/application/configuration.ts')
  const { environment } = await importBuilt<typeof import('../../../../src/application/environment.ts')>('src/application/environment.ts')
  const { createLogger } = await importBuilt<typeof import('../../../../src/logging/index.ts')>('src/logging/index.ts')
  const config = defaultConfiguration(import.meta.dirname, environment('production'), 'Benchmark')
  return requestObserver(config, createLogger(config.log))
}
