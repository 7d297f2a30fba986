import { relative } from 'node:path'
import { compileAction, type ControllerClass, HealthController, parameterEncodings, UnknownAction } from '../controller/index.ts'
import {
  type Endpoint,
  isKnownMethod,
  knownMethods,
  MethodNotAllowed,
  type Middleware,
  type ParameterEncodings,
  type Request,
  type Routed,
  type Router,
} from '../http/index.ts'
import { currentFilter, filteredUrl } from '../logging/index.ts'
import { didYouMean } from '../naming/index.ts'
import { channel } from '../notifications/index.ts'
import type { Redirect, Route, RouteSet } from '../routing/index.ts'
import { UnknownController } from './errors.ts'

/** What boot compiled for a route. */
interface Compiled extends Routed {
  readonly encodings?: ParameterEncodings | undefined
  /** Whether the route fits any method, also one that HTTP doesn't have. */
  readonly fitsAnyMethod?: boolean
}

/** What Rails brings along, under its name there. */
const ownControllers: ReadonlyMap<string, ControllerClass> = new Map([['rails/health', HealthController]])

/** The router of the pipeline: recognises with the route set, and answers with what was compiled for each route at boot. */
export class RouteDispatcher implements Router {
  readonly #root: string
  readonly #routes: RouteSet
  readonly #controllers: ReadonlyMap<string, ControllerClass>
  readonly #routed: readonly (Compiled | undefined)[]
  readonly #dynamic = new Map<string, Compiled | null>()
  readonly #builtin: ReadonlyMap<string, Routed>

  /** Compiles every route.
   *
   * @param root the application's folder, for the places named in errors
   * @param builtin what answers paths that no route fits: the documentation, the welcome page
   * @param serves without it, routes that lead to no action wait for their request with the error: seeds need no controllers
   * @throws UnknownController, UnknownAction, MissingCallback with a suggestion
   */
  constructor(
    root: string,
    routes: RouteSet,
    controllers: ReadonlyMap<string, ControllerClass>,
    builtin: ReadonlyMap<string, Routed>,
    serves = true,
  ) {
    this.#root = root
    this.#routes = routes
    this.#controllers = controllers
    this.#builtin = builtin
    this.#routed = routes.routes.map((route) => (serves ? this.#compile(route) : this.#compileLeniently(route)))
  }

  find(request: Request): Routed | null {
    return this.#findAfter(undefined, request)
  }

  #findAfter(passed: Route | undefined, request: Request): Routed | null {
    const recognized = this.#routes.recognize(request.method, request.pathInfo, request, passed)
    if (recognized === null) return this.#findBuiltin(request)
    request.pathParameters = recognized.params
    const { route } = recognized
    const routed = this.#routed[route.index]
    if (routed === undefined) return this.#findDynamic(request)
    if (routed.mount === undefined) return wellFormed(request, routed)
    return { mount: routed.mount, at: recognized.matched, otherwise: () => this.#findAfter(route, request) }
  }

  #compile(route: Route): Compiled | undefined {
    if (route.kind === 'mount') return { mount: asMiddleware(route.target) }
    if (route.kind === 'redirect') return { endpoint: redirectEndpoint(route.target as Redirect) }
    const { controller, action } = route
    if (controller === undefined || action === undefined) return undefined
    return { ...this.#action(controller, action, route), fitsAnyMethod: route.verb === '' }
  }

  #compileLeniently(route: Route): Compiled | undefined {
    try {
      return this.#compile(route)
    } catch (error) {
      if (!(error instanceof UnknownController || error instanceof UnknownAction)) throw error
      return { endpoint: () => Promise.reject(error) }
    }
  }

  #action(controller: string, action: string, route: Route): Compiled {
    const found = this.#controllers.get(controller) ?? ownControllers.get(controller)
    if (found) return this.#compiled(found, action, route)
    const suggestion = didYouMean(controller, [...this.#controllers.keys()])
    throw new UnknownController({
      controller: fileOf(controller),
      route: this.#textOf(route),
      suggestion: suggestion === undefined ? undefined : fileOf(suggestion),
    })
  }

  #compiled(controller: ControllerClass, action: string, route: Route): Compiled {
    try {
      return compiled(controller, action)
    } catch (error) {
      if (!(error instanceof UnknownAction)) throw error
      throw new UnknownAction({ controller: controller.name, action, suggestion: error.details.suggestion, route: this.#textOf(route) })
    }
  }

  /** A route as an error shows it: with the line that draws it. */
  #textOf({ verb, path, source }: Route): string {
    return `${verb || 'ANY'} ${path}${source ? ` (${relative(this.#root, source.file)}:${source.line})` : ''}`
  }

  /** A route whose path names the controller or the action: what was compiled for the pair, or nothing. */
  #findDynamic(request: Request): Routed | null {
    const params = request.pathParameters
    const key = `${String(params['controller'])}#${String(params['action'])}`
    let known = this.#dynamic.get(key)
    if (known === undefined) {
      known = this.#compileDynamic(String(params['controller']), String(params['action']))
      // What doesn't exist isn't remembered: clients may ask for any number of such names.
      if (known !== null) this.#dynamic.set(key, known)
    }
    return known && wellFormed(request, known)
  }

  #compileDynamic(controller: string, action: string): Compiled | null {
    const found = this.#controllers.get(controller)
    if (found === undefined) return null
    try {
      return { ...compiled(found, action), fitsAnyMethod: true }
    } catch {
      return null
    }
  }

  #findBuiltin(request: Request): Routed | null {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null
    return this.#builtin.get(request.pathInfo) ?? this.#builtin.get(`/${request.pathInfo.split('/', 2)[1] ?? ''}/*`) ?? null
  }
}

function compiled(controller: ControllerClass, action: string): Compiled {
  return { endpoint: compileAction(controller, action), encodings: parameterEncodings(controller, action) }
}

/** Refuses a malformed query with 400 whether or not the action looks at its parameters, out of reach of its rescue handlers, as Rails does. */
function wellFormed(request: Request, routed: Compiled): Routed {
  const { method } = request
  if (routed.fitsAnyMethod && !isKnownMethod(method)) return failing(new MethodNotAllowed({ method, allowed: knownMethods }))
  if (routed.encodings !== undefined) request.parameterEncodings = routed.encodings
  try {
    return request.queryParameters && routed
  } catch (error) {
    return failing(error)
  }
}

/** The route fits all the same, which is what the router was asked. */
function failing(error: unknown): Routed {
  return { endpoint: () => Promise.reject(error) }
}

function fileOf(controller: string): string {
  return `app/controllers/${controller}_controller.ts`
}

const redirects = channel('redirect.action_dispatch')

function redirectEndpoint(redirect: Redirect): Endpoint {
  return (request, response) => {
    response.status = redirect.status
    const location = redirect.location(request.pathParameters as Record<string, string>, request)
    redirects.publish({ status: redirect.status, location: filteredUrl(location, currentFilter()), request })
    response.setHeader('location', location)
    response.contentType = 'text/html; charset=UTF-8'
    response.body = ''
  }
}

/** What can be mounted: a function `(req, res, next)`, which an Express application is too, or something with `handle`. */
function asMiddleware(target: unknown): Middleware {
  if (typeof target === 'function') return target as Middleware
  const { handle } = target as { handle: Middleware }
  return handle.bind(target)
}
