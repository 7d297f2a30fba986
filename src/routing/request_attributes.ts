import { type GuardedExpression, guardExpression } from './expression/guarded_expression.ts'
import type { Constraint, RequestAttributes } from './types.ts'

/** The attributes of a request that constraints may name. Others are segments of other routes in the same scope, and mean nothing here, as in Rails. */
const attributes: Readonly<Record<string, (request: RequestAttributes, verbs: readonly string[]) => unknown>> = {
  host: (request) => request.host,
  domain: (request) => (isAddress(request.host) ? undefined : request.host.split('.').slice(-2).join('.')),
  subdomain: (request) => request.subdomains.join('.'),
  subdomains: (request) => request.subdomains,
  port: (request) => request.port,
  protocol: (request) => `${request.protocol}://`,
  scheme: (request) => request.protocol,
  ssl: (request) => request.protocol === 'https',
  ip: (request) => request.remoteIp,
  remoteIp: (request) => request.remoteIp,
  format: (request) => request.format,
  method: (request, verbs) => methodFor(request, verbs),
  requestMethod: (request, verbs) => methodFor(request, verbs),
  path: (request) => request.path,
  fullpath: (request) => request.fullpath,
  scriptName: (request) => request.scriptName,
  queryString: (request) => request.fullpath.slice(request.fullpath.indexOf('?') + 1 || request.fullpath.length),
  mediaType: (request) => /^[^;\s]*/.exec(request.header('content-type') ?? '')![0].toLowerCase(),
  userAgent: (request) => request.header('user-agent'),
  referer: (request) => request.header('referer'),
  origin: (request) => request.header('origin'),
  accept: (request) => request.header('accept'),
  contentType: (request) => request.header('content-type'),
  xhr: (request) => request.header('x-requested-with')?.toLowerCase() === 'xmlhttprequest',
}

/** Stands in for the request when only a path is recognised. */
export const noRequest: RequestAttributes = {
  method: 'GET',
  path: '/',
  fullpath: '/',
  scriptName: '',
  host: '',
  port: 80,
  protocol: 'http',
  subdomains: [],
  remoteIp: '',
  header: () => undefined,
}

/** A test of one attribute. */
export type Condition = (request: RequestAttributes) => boolean

const noConditions: readonly Condition[] = []

/** The conditions among a route's constraints, ready to be asked.
 * @param verbs the methods of the route
 */
export function compileConditions(constraints: Readonly<Record<string, Constraint>>, verbs: readonly string[]): readonly Condition[] {
  const names = Object.keys(constraints)
  if (names.length === 0) return noConditions
  return Object.entries(constraints).flatMap(([name, wanted]) => {
    const read = Object.hasOwn(attributes, name) ? attributes[name]! : undefined
    if (read === undefined) return []
    if (!(wanted instanceof RegExp)) return [(request: RequestAttributes) => meets(read(request, verbs), wanted)]
    const guarded = guardExpression(wanted)
    return [(request: RequestAttributes) => isMatch(read(request, verbs), guarded)]
  })
}

/** Whether a constraint names an attribute of requests. */
export function isRequestAttribute(name: string): boolean {
  return Object.hasOwn(attributes, name)
}

/** HEAD is a GET to routes that don't say HEAD themselves. */
function methodFor({ method }: RequestAttributes, verbs: readonly string[]): string {
  return method === 'HEAD' && !verbs.includes('HEAD') ? 'GET' : method
}

function isMatch(value: unknown, wanted: GuardedExpression): boolean {
  return value !== undefined && wanted.test(String(value))
}

function meets(value: unknown, wanted: Exclude<Constraint, RegExp>): boolean {
  if (typeof wanted === 'string') return String(value ?? '') === wanted
  if (wanted === true) return isPresent(value)
  if (wanted === false) return !isPresent(value)
  return Array.isArray(wanted) ? wanted.includes(value as string) : value === wanted
}

function isPresent(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'string' ? value.trim() !== '' : Boolean(value)
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
}
