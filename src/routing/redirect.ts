import { UrlGenerationError } from './errors.ts'
import { escapeFragment, escapePath, escapeQuery, normalizePath } from './path/escape.ts'
import type { PathParameters, RequestAttributes, UrlOptions } from './types.ts'
import { urlFrom } from './generation/url.ts'

/** Decides where to: given the path's parameters and the request, returns a path or a URL. */
export type RedirectBlock = (parameters: PathParameters, request: RequestAttributes) => string

/** Options of a redirect: parts of the URL that change. `path` may hold `%{segment}`. */
export interface RedirectOptions
  extends Pick<UrlOptions, 'protocol' | 'host' | 'port' | 'subdomain' | 'domain' | 'tldLength' | 'params' | 'anchor'> {
  readonly path?: string
  readonly status?: number
}

/** An answer that sends the client elsewhere. */
export interface Redirect {
  readonly status: number
  /** The absolute URL for this request. */
  location(parameters: PathParameters, request: RequestAttributes): string
  /** As `regauge routes` shows it: `redirect(301, /login)`. */
  describe(): string
}

/** Whether a route's target is a redirect. */
export function isRedirect(target: unknown): target is Redirect {
  return target instanceof TargetRedirect
}

/** Redirects to a path or URL (`/articles/%{id}` takes the segment's value), to the request's URL with some parts changed, or to what a function returns.
 *
 * @param options.status 301 unless given
 * @example get('/stories/:id', { to: redirect('/articles/%{id}') })
 * @example get('/m', { to: redirect({ subdomain: 'mobile', status: 302 }) })
 */
export function redirect(target: string | RedirectBlock | RedirectOptions, options: { status?: number } = {}): Redirect {
  if (typeof target !== 'object') return new TargetRedirect(options.status ?? 301, target)
  const { status, ...changes } = target
  return new TargetRedirect(status ?? options.status ?? 301, changes)
}

class TargetRedirect implements Redirect {
  readonly status: number
  readonly #target: string | RedirectBlock | RedirectOptions

  constructor(status: number, target: string | RedirectBlock | RedirectOptions) {
    this.status = status
    this.#target = target
  }

  location(parameters: PathParameters, request: RequestAttributes): string {
    const target = this.#target
    if (typeof target === 'object') return changedUrl(target, parameters, request)
    return absolute(typeof target === 'string' ? interpolateUrl(target, parameters) : target(parameters, request), request)
  }

  describe(): string {
    const target = this.#target
    if (typeof target === 'function') return `redirect(${this.status})`
    if (typeof target === 'string') return `redirect(${this.status}, ${target})`
    return `redirect(${this.status}, ${Object.entries(target)
      .map(([key, value]) => `${key}: ${String(value)}`)
      .join(', ')})`
  }
}

/** Fills in each part of the URL with the escaping it needs. What a client puts into a path or a host never makes another host of it, unlike in
 * Rails: neither `/%2Fevil.example` of `/%{path}`, nor `evil.example%2F` of `https://%{name}.example.com`. */
function interpolateUrl(url: string, parameters: PathParameters): string {
  const parts = /^([^?]+)?(\?[^#]+)?(#.+)?$/.exec(url)
  if (parts === null) return interpolate(url, parameters, escapeQuery)
  const [, path = '', query = '', fragment = ''] = parts
  return interpolatePath(path, parameters) + interpolate(query, parameters, escapeQuery) + interpolate(fragment, parameters, escapeFragment)
}

function interpolatePath(path: string, parameters: PathParameters): string {
  const [, host = '', rest = ''] = /^((?:(?:[a-z]|%\{)[^/]*:)?\/\/[^/]*)?(.*)$/is.exec(path)!
  const filled = interpolate(rest, parameters, escapePath)
  if (host !== '') return interpolate(host, parameters, encodeURIComponent) + filled
  if (!/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(filled) || /^[a-z][a-z0-9+.-]*:/i.test(rest)) return filled
  return filled.startsWith('/') ? filled.replace(/^\/+/, '/') : `./${filled}`
}

function interpolate(text: string, parameters: PathParameters, encode: (value: string) => string): string {
  return text.replace(/%\{(\w*)\}/g, (_, name: string) => {
    if (!Object.hasOwn(parameters, name)) throw new UrlGenerationError({ given: `the redirect to '${text}'`, missing: [name] })
    return encode(String(parameters[name] ?? ''))
  })
}

/** A path becomes a URL of the request's host; a relative one is below where the application is mounted. */
function absolute(url: string, request: RequestAttributes): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return url
  if (url.startsWith('//')) return `${request.protocol}:${url}`
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(url)!
  let full = path
  if (path === '') full = request.scriptName === '' ? '/' : request.scriptName
  else if (!path.startsWith('/')) full = `${request.scriptName}/${path}`
  return `${request.protocol}://${request.host}${standardPort(request) ? '' : `:${request.port}`}${full}${rest}`
}

function changedUrl(changes: RedirectOptions, parameters: PathParameters, request: RequestAttributes): string {
  let path = changes.path === undefined ? normalizePath(request.path) : interpolate(changes.path, parameters, escapePath)
  let scriptName = ''
  if (!changes.host && !changes.domain) {
    if (path === '') {
      scriptName = request.scriptName
      path = scriptName === '' ? '/' : ''
    } else if (!path.startsWith('/')) {
      scriptName = request.scriptName
      path = `/${path}`
    }
  }
  const port = standardPort(request) ? null : request.port
  return urlFrom({
    protocol: request.protocol,
    host: request.host,
    port,
    params: request.queryParameters ?? {},
    ...changes,
    path,
    scriptName,
  })
}

function standardPort({ protocol, port }: RequestAttributes): boolean {
  return port === (protocol === 'https' ? 443 : 80)
}
