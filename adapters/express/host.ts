import { IncomingMessage, ServerResponse } from 'node:http'
import express from 'express'
import type { ServerHost } from '../../src/http/index.ts'

/** Messages for our own server on which middleware written for Express finds all that it looks for (`req.get`, `req.ip`, `res.json`, …).
 *
 * Express gives each request that prototype anew, which costs more than all the rest of a small request. Here the classes are made once,
 * their prototypes chained to Express's, and `node:http` constructs them.
 *
 * @param settings as for `app.set`, for example `{ 'trust proxy': 'loopback' }`
 * @example new Server(pipeline, { host: expressHost() })
 */
export function expressHost(settings: Readonly<Record<string, unknown>> = {}): ServerHost {
  const app = express()
  app.disable('x-powered-by')
  for (const [name, value] of Object.entries(settings)) app.set(name, value)

  class ExpressRequest extends IncomingMessage {}
  Object.setPrototypeOf(ExpressRequest.prototype, app.request)
  defineOwnedBy(ExpressRequest.prototype, 'originalUrl', (req) => req.url)
  defineOwnedBy(ExpressRequest.prototype, 'baseUrl', () => '')

  class ExpressResponse extends ServerResponse {
    constructor(...args: ConstructorParameters<typeof ServerResponse>) {
      super(...args)
      ;(this.req as { res?: ServerResponse }).res = this
    }
  }
  Object.setPrototypeOf(ExpressResponse.prototype, app.response)
  defineOwnedBy(ExpressResponse.prototype, 'locals', () => Object.create(null))

  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse }
}

// A property that a message gets of its own when it is first read or written, so that requests which never ask don't pay for it.
function defineOwnedBy<T extends object>(prototype: T, name: string, initial: (owner: T) => unknown): void {
  const own = (owner: T, value: unknown) =>
    Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true })
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: T) {
      const value = initial(this)
      own(this, value)
      return value
    },
    set(this: T, value: unknown) {
      own(this, value)
    },
  })
}
