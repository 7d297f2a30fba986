import { RouteDispatcher } from '../../../src/application/route_dispatcher.ts'
import { Controller, type ControllerClass, controllerSettings, useUrlMaker } from '../../../src/controller/index.ts'
import { currentExecution } from '../../../src/context/index.ts'
import { ApiErrorRenderer, Pipeline, type Request, type Router } from '../../../src/http/index.ts'
import { draw, type RouteSet } from '../../../src/routing/index.ts'

/** The application that was recorded: its routes, and controllers whose actions do what a case says. */
export interface RenderingApplication {
  readonly pipeline: Pipeline
  readonly routes: RouteSet
  /** What the next action does. */
  script: (controller: Controller) => unknown
  /** The error that the last request ended with, when it was ours. */
  unexpected: unknown
}

/** Makes it. */
export function renderingApplication(): RenderingApplication {
  const routes = recordedRoutes()
  const application: { -readonly [K in keyof RenderingApplication]: RenderingApplication[K] } = {
    script: () => {},
    unexpected: undefined,
    routes,
    pipeline: undefined as never,
  }
  const dispatcher = new RouteDispatcher('', routes, controllers(application), new Map())
  const router: Router = {
    find(request) {
      controllerSettings.allowedRedirectHosts = request.pathInfo === '/allowed' ? ['ok.example.org', '.sub.example.org'] : []
      // A route that leads nowhere is an error at boot here; what it would be in a request is what boot says.
      if (request.pathInfo.startsWith('/missing_')) return { endpoint: () => bootOf(request.pathInfo, application) }
      return dispatcher.find(request)
    },
  }
  application.pipeline = new Pipeline({
    router,
    errors: new ApiErrorRenderer({ details: false, emptyBodies: true, report: (error) => (application.unexpected = error) }),
  })
  useUrlMaker((target) => {
    const { host, port, protocol, pathParameters } = currentExecution()!.request as Request
    return routes.helpersFor({ host, ...(port !== 80 && { port }), protocol, _recall: pathParameters }).urlFor(target)
  })
  return application
}

function bootOf(path: string, application: RenderingApplication): void {
  const to = path === '/missing_action' ? 'main#nope_action' : 'nowhere#index'
  new RouteDispatcher(
    '',
    draw(({ get }) => get(path, { to })),
    controllers(application),
    new Map(),
  )
}

function controllers(application: RenderingApplication): ReadonlyMap<string, ControllerClass> {
  abstract class ApplicationController extends Controller {
    run() {
      return application.script(this)
    }
    other() {
      this.head('ok')
    }
  }
  class MainController extends ApplicationController {}
  class EtagController extends ApplicationController {
    static {
      this.etag(() => 'v2')
      this.etag((controller) => controller.params.get('tenant'))
    }
  }
  class LimitedController extends ApplicationController {
    static {
      this.rateLimit({ to: 2, within: 60, only: 'run' })
      this.rateLimit({
        to: 1,
        within: 3600,
        by: (controller) => controller.params.get('k'),
        with: (controller) => controller.render({ json: { error: 'slow' }, status: 'too_many_requests' }),
        name: 'long',
        only: 'two',
        scope: 's',
      })
    }
    two() {
      this.head('ok')
    }
  }
  class ImplicitController extends ApplicationController {
    empty() {}
    nilly() {
      return null
    }
  }
  return new Map<string, ControllerClass>([
    ...['main', 'mime', 'esc', 'allowed'].map((name) => [name, MainController] as const),
    ['etag', EtagController],
    ['limited', LimitedController],
    ['implicit', ImplicitController],
  ])
}

function recordedRoutes(): RouteSet {
  return draw(({ get, match, root, redirect, mount }) => {
    for (const name of ['main', 'mime', 'esc', 'etag', 'limited', 'allowed']) {
      match(`/${name}`, { to: `${name}#run`, via: 'all' })
      match(`/${name}/other`, { to: `${name}#other`, via: 'all' })
    }
    get('/limited/two', { to: 'limited#two' })
    get('/implicit/empty', { to: 'implicit#empty' })
    get('/implicit/nilly', { to: 'implicit#nilly' })
    get('/users/:id', { to: 'main#other', as: 'user' })
    get('/posts/:id', { to: 'main#other', as: 'post' })
    get('/posts', { to: 'main#other', as: 'posts' })
    get('/redir', { to: redirect('/posts') })
    get('/redir302', { to: redirect('/posts', { status: 302 }) })
    get('/redir/:id', { to: redirect('/posts/%{id}') })
    get('/redir_path', { to: redirect({ path: '/p', subdomain: 'api' }) })
    mount(rack, { at: '/rack' })
    get('/up', { to: 'rails/health#show' })
    root('main#other')
  })
}

function rack(_req: unknown, res: { setHeader(name: string, value: string): void; end(text: string): void }): void {
  res.setHeader('content-type', 'text/plain')
  res.end('rack')
}
