import type { RouteSet } from '../route_set.ts'
import type { PathParameters, RequestAttributes } from '../types.ts'
import { noRequest } from '../request_attributes.ts'
import { Parameters } from './recognized.ts'

/** How a path is asked for. */
export interface RecognizePathOptions {
  readonly method?: string
  /** Parameters to add to the answer. */
  readonly extras?: { readonly [name: string]: unknown }
  /** Whether a controller exists; routes to others are an error. Every one does unless given. */
  readonly hasController?: (controller: string) => boolean
}

/** Follows a path or URL to an action, through mounted route sets, and returns its parameters. */
export function recognizePath(routes: RouteSet, target: string, options: RecognizePathOptions): PathParameters | null {
  const method = (options.method ?? 'GET').toUpperCase()
  const { path, request } = requestOf(target, method)
  for (let found = routes.recognize(method, path, request); found !== null; found = routes.recognize(method, path, request, found.route)) {
    const { route, params } = found
    if (route.kind === 'action' && options.hasController?.(String(params['controller'])) === false) return null
    if (route.kind === 'action') return Object.assign(new Parameters(), params, options.extras)
    if (isRouteSet(route.target)) {
      const inner = recognizePath(route.target, found.rest ?? '/', options)
      if (inner !== null) return inner
    }
  }
  return null
}

function isRouteSet(target: unknown): target is RouteSet {
  return typeof target === 'object' && target !== null && 'recognize' in target && 'routes' in target
}

/** The path of a path or URL, and a request for it. */
function requestOf(target: string, method: string): { path: string; request: RequestAttributes } {
  const url = /^(https?):\/\/([^/?#:]+|\[[^\]]*\])(?::(\d+))?([^?#]*)/.exec(target)
  const path = (url === null ? /^[^?#]*/.exec(target)![0] : url[4]!) || '/'
  const protocol = url?.[1] === 'https' ? 'https' : 'http'
  const host = url?.[2] ?? 'example.org'
  const port = url?.[3] === undefined ? (protocol === 'https' ? 443 : 80) : Number(url[3])
  return { path, request: { ...noRequest, method, path, fullpath: path, host, port, protocol, subdomains: host.split('.').slice(0, -2) } }
}
