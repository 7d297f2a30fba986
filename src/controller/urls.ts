import { PerApplication } from '../context/index.ts'
import { UnknownUrl } from './errors.ts'

/** Makes the URL of a record, a class, a list of them, or of a route's options (`{ action: 'show', id: 1 }`). */
export type UrlMaker = (target: unknown) => string

/** What has an URL: a URL itself, a record or class (or a list of them, as for nested routes), or the values of a route.
 * @example this.redirectTo(['admin', article])
 * @example this.redirectTo({ action: 'index', page: 2 })
 */
export type UrlTarget = string | URL | object | readonly unknown[]

const makers = new PerApplication<{ readonly urlFor: UrlMaker }>()

/** Says how URLs are made in the requests of an application, and outside of any; undefined when nobody makes them any more.
 * Controllers don't know the routes. */
export function useUrlMaker(urlFor: UrlMaker | undefined, application?: object): void {
  makers.use(urlFor && { urlFor }, application)
}

/** Forgets it: the application has stopped. */
export function releaseUrlMaker(application: object): void {
  makers.release(application)
}

/** The URL of a target; text stays as it is.
 * @throws UnknownUrl (REGAUGE_UNKNOWN_URL) for a record where there are no routes
 */
export function urlOf(target: UrlTarget): string {
  if (typeof target === 'string') return target
  if (target instanceof URL) return target.href
  if (target === null || target === undefined) throw new UnknownUrl({ target: String(target) })
  const maker = makers.current
  if (maker === undefined) throw new UnknownUrl({ target: describe(target) })
  return maker.urlFor(target)
}

const defaults = new WeakMap<object, () => object>()
let somebodyHasDefaults = false

/** Says what every URL of a request has, unless it says otherwise. Asked at most once. */
export function useUrlDefaults(request: object, defaultsOf: () => object): void {
  let options: object | undefined
  somebodyHasDefaults = true
  defaults.set(request, () => (options ??= defaultsOf()))
}

/** What the controller that answers a request puts into every URL; undefined when that is nothing. */
export function urlDefaultsOf(request: object): object | undefined {
  return somebodyHasDefaults ? defaults.get(request)?.() : undefined
}

function describe(target: unknown): string {
  return typeof target === 'object' && target !== null ? (target.constructor?.name ?? 'Object') : String(target)
}
