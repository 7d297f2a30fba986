import type { ServerResponse } from 'node:http'
import type { Middleware } from '../ports.ts'

/** Middleware that tells how long an answer took, in seconds: Rack::Runtime.
 * @param name of the header
 * @example config.middleware.use(runtimeHeader())
 */
export function runtimeHeader(name = 'x-runtime'): Middleware {
  return (_request, response, next) => {
    const startedAt = performance.now()
    const { writeHead } = response
    response.writeHead = ((...args: Parameters<ServerResponse['writeHead']>) => {
      if (!response.hasHeader(name)) response.setHeader(name, ((performance.now() - startedAt) / 1000).toFixed(6))
      return writeHead.apply(response, args)
    }) as ServerResponse['writeHead']
    next()
  }
}
