import { expect } from 'chai'
import { isRedirect, type Recognized, type RequestAttributes, type RouteSet } from '../../../../src/routing/index.ts'
import type { GoldenRequest, Router } from './types.ts'
import { urlOptionsOf } from './draw_trace.ts'
import { fromJson } from './values.ts'

/** Sends a recorded request through the matcher and compares every route that Rails tried, the parameters, and where a redirect leads.
 * A request that went through a mounted set is checked in each set.
 */
export function checkRequest(sets: readonly RouteSet[], request: GoldenRequest): void {
  let outer: object = {}
  for (const router of request.router) outer = checkRouter(sets[router.draw]!, request, router, outer)
}

/** @returns the parameters of the matched route, which a mounted set adds its own to */
function checkRouter(routes: RouteSet, request: GoldenRequest, router: Router, outer: object): object {
  const attributes = requestOf(request, router)
  const title = `${router.method} ${request.path}`
  const next = (after?: Recognized | null) => routes.recognize(router.method, router.path_info, attributes, after?.route)
  let found = next()
  for (const tried of router.tried.filter(({ draw }) => draw === router.draw)) {
    const isMatch = tried.route === router.matched?.route && router.matched.draw === router.draw
    // Rails tries a route before it asks its predicates; here a route whose predicate says no is never returned.
    if (!isMatch && routes.routes[tried.route]!.predicates.length > 0) continue
    expect(found?.route.index, title).to.equal(tried.route)
    const params = { ...outer, ...found!.params }
    expect(params, title).to.deep.equal(urlOptionsOf(fromJson(tried.params) as Record<string, unknown>))
    if (isMatch) {
      checkRedirect(found!, attributes, router.location, title)
      return params
    }
    found = next(found)
  }
  if (router.matched === null) expect(found?.route.path, title).to.equal(undefined)
  return outer
}

function checkRedirect({ route, params }: Recognized, request: RequestAttributes, location: string | undefined, title: string): void {
  if (location !== undefined && isRedirect(route.target)) expect(route.target.location(params, request), title).to.equal(location)
}

function requestOf(request: GoldenRequest, router: Router): RequestAttributes {
  const headers = request.headers ?? {}
  const [host, port] = (headers['HTTP_HOST'] ?? request.host).split(/:(?=\d+$)/) as [string, string | undefined]
  const protocol = request.https || headers['HTTPS'] === 'on' ? 'https' : 'http'
  return {
    method: router.method,
    path: router.path_info,
    fullpath: request.path,
    scriptName: (request.path.split('?')[0] ?? '').slice(0, -router.path_info.length).replace(/\/$/, ''),
    host,
    port: port === undefined ? (protocol === 'https' ? 443 : 80) : Number(port),
    protocol,
    subdomains: host.split('.').slice(0, -2),
    remoteIp: router.remote_addr ?? '127.0.0.1',
    queryParameters: Object.fromEntries(new URLSearchParams(request.path.split('?')[1] ?? '')),
    header: (name) => headers[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`],
  }
}
