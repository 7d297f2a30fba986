import type { Recognized, RequestAttributes, RouteSet } from '../../../../src/routing/index.ts'
import { plainRequest } from '../../../routing/plain_request.ts'
import { valuesOf } from './recorded_values.ts'

/** A recorded request to a real application. */
export interface Probe {
  readonly set: string
  readonly verb: string
  readonly host: string
  readonly path: string
  /** The routes that fit path, method and attributes of the request, in order; lambdas and objects were not asked. The recorder stopped at four. */
  readonly matches: readonly Match[]
}

/** A route by its row in the recorded table, and the parameters it would give. */
export interface Match {
  readonly i: number
  readonly params: Readonly<Record<string, unknown>>
}

/** What the recorder stopped at. */
export const mostRecorded = 4

/** What a probe is called in a list of failures. */
export function probeId({ set, verb, host, path }: Probe): string {
  return `${set} ${verb} ${host}${path}`
}

/** The recorded matches of a probe, with values as ours. */
export function recordedMatches({ matches }: Probe): Match[] {
  return matches.map(({ i, params }) => ({ i, params: valuesOf(params) }))
}

/** Every route that fits a probe, in order. */
export function allFor(routes: RouteSet, { verb, host, path }: Probe): Recognized[] {
  const request = requestFor(verb, host, path)
  const found: Recognized[] = []
  let next = routes.recognize(verb, request.path, request)
  while (next !== null) {
    found.push(next)
    next = routes.recognize(verb, request.path, request, next.route)
  }
  return found
}

function requestFor(method: string, host: string, fullpath: string): RequestAttributes {
  return plainRequest({ method, path: fullpath.split('?')[0]!, fullpath, host, subdomains: host.split('.').slice(0, -2) })
}
