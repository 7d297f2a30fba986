import { IncomingMessage, ServerResponse } from 'node:http'
import { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import express from 'express'
import { NoViews, type ServerHost } from '../../src/http/index.ts'

/** Messages for our own server on which middleware written for Express finds all that it looks for (`req.get`, `req.ip`, `res.json`, …).
 *
 * Express gives each request that prototype anew, which costs more than all the rest of a small request. Here the classes are made once,
 * their prototypes chained to Express's, and `node:http` constructs them. HTTP/2's messages have prototypes of their own, which Express's
 * don't know: they get copies of what Express defines.
 *
 * @param settings as for `app.set`, for example `{ 'trust proxy': 'loopback' }`
 * @example new Server(pipeline, { host: expressHost() })
 */
export function expressHost(settings: Readonly<Record<string, unknown>> = {}): ServerHost {
  const app = express()
  app.disable('x-powered-by')
  for (const [name, value] of Object.entries(settings)) app.set(name, value)
  Object.defineProperty(app.response, 'render', { value: refuseViews, writable: true, configurable: true })

  class ExpressRequest extends IncomingMessage {}
  Object.setPrototypeOf(ExpressRequest.prototype, app.request)
  defineLazily(ExpressRequest.prototype)

  class ExpressResponse extends ServerResponse {
    constructor(...args: ConstructorParameters<typeof ServerResponse>) {
      super(...args)
      ;(this.req as { res?: ServerResponse }).res = this
    }
  }
  Object.setPrototypeOf(ExpressResponse.prototype, app.response)
  defineOwnedBy(ExpressResponse.prototype, 'locals', emptyLocals)

  class ExpressHttp2Request extends Http2ServerRequest {}
  copyDefinitions(app.request, IncomingMessage.prototype, ExpressHttp2Request.prototype)
  defineLazily(ExpressHttp2Request.prototype)

  class ExpressHttp2Response extends Http2ServerResponse {}
  copyDefinitions(app.response, ServerResponse.prototype, ExpressHttp2Response.prototype)
  defineOwnedBy(ExpressHttp2Response.prototype, 'locals', emptyLocals)

  return {
    IncomingMessage: ExpressRequest,
    ServerResponse: ExpressResponse,
    Http2ServerRequest: ExpressHttp2Request,
    Http2ServerResponse: ExpressHttp2Response,
  }
}

function refuseViews(view: unknown): never {
  throw new NoViews({ view: String(view) })
}

const emptyLocals = () => Object.create(null)

function defineLazily(prototype: object): void {
  defineOwnedBy(prototype as { url?: string }, 'originalUrl', (req) => req.url)
  defineOwnedBy(prototype, 'baseUrl', () => '')
}

// What is defined from an object up to (not including) the end of the interesting part of its chain.
function copyDefinitions(from: object, end: object, to: object): void {
  const chain: object[] = []
  for (let one = from; one !== end; one = Object.getPrototypeOf(one)) chain.unshift(one)
  for (const one of chain) Object.defineProperties(to, Object.getOwnPropertyDescriptors(one))
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
