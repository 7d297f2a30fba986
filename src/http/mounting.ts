import type { IncomingMessage, ServerResponse } from 'node:http'
import { runMiddleware } from './middleware_run.ts'
import type { Middleware, Next } from './ports.ts'
import type { Request } from './request.ts'

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

function below(url: string, at: string): string {
  const rest = url.slice(at.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}
