import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderValue, Response } from '../response/response.ts'

/** The headers of a response under any spelling of their names. Assigning sets one, `null`, `undefined` and `delete` remove it.
 * @example this.response.headers['X-Total'] = 3
 * @example Object.assign(this.headers, { 'X-Page': 1, 'X-Total': 3 })
 */
export interface ResponseHeaders {
  [name: string]: HeaderValue | boolean | null | undefined
}

/** The headers of a request, each as one text: repeated ones are joined with ', '. */
export interface RequestHeaders {
  readonly [name: string]: string | undefined
}

/** The headers of a request under any spelling of their names: `x-token`, `X-Token`, or Rack's `HTTP_X_TOKEN`. */
export function requestHeaders(headers: IncomingHttpHeaders): RequestHeaders {
  return new Proxy(headers as RequestHeaders, {
    get: (_, name) => (typeof name === 'string' ? own(headers, nameOf(name)) : undefined),
    has: (all, name) => (typeof name === 'string' ? Object.hasOwn(all, nameOf(name)) : Reflect.has(all, name)),
  })
}

/** The headers of a response as an object. Names are listed in lower case. */
export function responseHeaders(response: Response): ResponseHeaders {
  const namesOf = (): string[] => response.headerNames()
  return new Proxy<ResponseHeaders>(Object.create(null), {
    get: (_, name) => (typeof name === 'string' ? response.getHeader(name) : undefined),
    has: (_, name) => typeof name === 'string' && response.getHeader(name) !== undefined,
    set: (_, name, value: HeaderValue | boolean | null | undefined) => {
      response.setHeader(String(name), typeof value === 'boolean' ? String(value) : value)
      return true
    },
    deleteProperty: (_, name) => {
      response.removeHeader(String(name))
      return true
    },
    ownKeys: namesOf,
    getOwnPropertyDescriptor: (_, name) =>
      typeof name === 'string' && namesOf().includes(name)
        ? { value: response.getHeader(name), enumerable: true, configurable: true, writable: true }
        : undefined,
  })
}

function own(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  return Array.isArray(value) ? value.join(', ') : value
}

/** The name as `node:http` writes it. */
function nameOf(name: string): string {
  const rack = /^(?:HTTP_([A-Z\d_]+)|(CONTENT_(?:TYPE|LENGTH)))$/.exec(name)
  return rack === null ? name.toLowerCase() : (rack[1] ?? rack[2]!).toLowerCase().replaceAll('_', '-')
}
