import type { IncomingMessage, ServerResponse } from 'node:http'
import { runMiddleware } from './middleware_run.ts'
import type { Middleware, Next } from '../ports.ts'
import type { Request } from '../request/request.ts'
import { originForm } from '../request/request_target.ts'

/** Hands a request to something mounted at a path. It sees the path below as `url`, and what is above in `baseUrl`, as Express does;
 * both are put back when it passes the request on.
 *
 * @param at the part of the path that led there; undefined when it should see the whole path
 */
export function runMount(mount: Middleware, at: string | undefined, request: Request, res: ServerResponse, done: Next): void {
  const req = request.raw as IncomingMessage & { baseUrl?: string; originalUrl?: string }
  const { url, baseUrl } = req
  req.originalUrl ??= url!
  if (at !== undefined && at !== '/') {
    req.baseUrl = (baseUrl ?? '') + at
    req.url = below(url!, at)
  }
  runMiddleware([mount], req, res, (error) => {
    req.url = url!
    req.baseUrl = baseUrl ?? ''
    done(error)
  })
}

/** What is left of a target behind a path that the router has matched: without the host that may stand in front (`http://host/admin/x`), and with
 * doubled slashes taken for one, as it takes them. */
function below(url: string, at: string): string {
  const target = originForm(url)
  let end = 0
  for (const character of at) {
    end++
    if (character === '/') while (target[end] === '/') end++
  }
  const rest = target.slice(end)
  return rest.startsWith('/') ? rest : `/${rest}`
}
