import { type AllowedHost, hostAuthorization } from '../../../src/http/index.ts'
import { type SentAnswer, send } from './middleware_asking.ts'

/** Hosts that are allowed, a request, and what ActionDispatch::HostAuthorization answered. */
export interface HostCase {
  readonly hosts?: readonly string[]
  readonly exclude_up?: boolean
  readonly host?: string
  readonly x_forwarded_host?: string | null
  readonly path?: string
  readonly accept?: string | null
  readonly response?: SentAnswer
}

/** What Rails answered and what we answer. */
export async function hostOf(one: HostCase): Promise<[unknown, unknown]> {
  const guard = hostAuthorization({
    hosts: (one.hosts ?? []).map(allowedHost),
    ...(one.exclude_up && { exclude: (request) => request.path === '/up' }),
  })
  const headers = { host: one.host, 'x-forwarded-host': one.x_forwarded_host, accept: one.accept }
  const wanted = one.response!
  return [wanted, await send(guard, { method: 'GET', path: one.path ?? '/', headers }, {}, wanted)]
}

/** The recorder wrote `inspect` of a Regexp or an IPAddr. */
function allowedHost(text: string): AllowedHost {
  const pattern = /^\/(.*)\/$/.exec(text)
  if (pattern !== null) return new RegExp(pattern[1]!)
  const network = /^#<IPAddr: IPv[46]:([\da-f.:]+)\/([\da-f.:]+)>$/.exec(text)
  return network === null ? text : `${network[1]}/${bitsOf(network[2]!)}`
}

/** The ones of a mask: `255.0.0.0` → 8. */
function bitsOf(mask: string): number {
  const base = mask.includes(':') ? 16 : 10
  const ones = mask.split(/[.:]/).map((part) => Number.parseInt(part, base).toString(2).replaceAll('0', ''))
  return ones.join('').length
}
