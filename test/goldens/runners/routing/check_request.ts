import { expect } from 'chai'
import { isRedirect, type RequestAttributes, type RouteSet } from '../../../../src/routing/index.ts'
import type { GoldenRequest, Router } from './types.ts'
import { valueOf } from './values.ts'

/** Sends a recorded request through the matcher and compares every route that Rails tried, the parameters, and where a redirect leads. */
export function checkRequest(sets: readonly RouteSet[], request: GoldenRequest): void {
  const router = request.router[0]
  if (router === undefined) return
  const routes = sets[router.draw]!
  const attributes = requestOf(request, router)
  let found = routes.recognize(router.method, router.path_info, attributes)
  const title = `${router.method} ${request.path}`
  for (const tried of router.tried.filter(({ draw }) => draw === router.draw)) {
    expect(found?.route.index, title).to.equal(tried.route)
    expect({ ...found!.params }, title).to.deep.equal(valueOf(tried.params))
    if (tried.route === router.matched?.route) {
      if (router.location !== undefined && isRedirect(found!.route.target)) {
        expect(found!.route.target.location(found!.params, attributes), title).to.equal(router.location)
      }
      return
    }
    found = routes.recognize(router.method, router.path_info, attributes, found!.route)
  }
  if (router.matched === null) expect(found?.route.path, title).to.equal(undefined)
}

function requestOf(request: GoldenRequest, router: Router): RequestAttributes {
  const headers = request.headers ?? {}
  const [host, port] = (headers['HTTP_HOST'] ?? request.host).split(/:(?=\d+$)/) as [string, string | undefined]
  const protocol = request.https || headers['HTTPS'] === 'on' ? 'https' : 'http'
  return {
    method: router.method,
    path: router.path_info,
    fullpath: request.path,
    scriptName: '',
    host,
    port: port === undefined ? (protocol === 'https' ? 443 : 80) : Number(port),
    protocol,
    subdomains: host.split('.').slice(0, -2),
    remoteIp: router.remote_addr ?? '127.0.0.1',
    queryParameters: Object.fromEntries(new URLSearchParams(request.path.split('?')[1] ?? '')),
    header: (name) => headers[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`],
  }
}
