import { BlockList, isIP } from 'node:net'
import { logger } from '../../logging/index.ts'
import { forwardedHostOf } from '../request/origin.ts'
import type { Guard } from '../ports.ts'
import type { Request } from '../request/request.ts'
import type { Response } from '../response/response.ts'

/** A host that may be asked for: a name (`'example.com'`, with a port `'example.com:3000'`), a domain with its direct subdomains
 * (`'.example.com'`), a network (`'10.0.0.0/8'`), a pattern that the whole host must match, or a function of the Host header. */
export type AllowedHost = string | RegExp | ((host: string) => boolean)

/** What `hostAuthorization` takes. */
export interface HostAuthorizationOptions {
  /** Nothing is refused when there are none. */
  readonly hosts: readonly AllowedHost[]
  /** Requests that may come to any host: health checks by address. */
  readonly exclude?: ((request: Request) => boolean) | undefined
  /** Whether the answer names the host that was refused; for development. */
  readonly details?: boolean | undefined
}

/** The hosts that an application in development answers to, as in Rails. */
export const developmentHosts: readonly AllowedHost[] = ['.localhost', '.test', '0.0.0.0/0', '::/0']

/** Refuses requests for other hosts than ours with 403, against DNS rebinding and links built from a forged Host header
 * (ActionDispatch::HostAuthorization). Both Host and X-Forwarded-Host must be allowed.
 *
 * @throws TypeError at boot when an entry is a malformed network
 * @example hostAuthorization({ hosts: ['.example.com'], exclude: (request) => request.path === '/up' })
 */
export function hostAuthorization({ hosts, exclude, details = false }: HostAuthorizationOptions): Guard {
  const isAllowed = hostMatcher(hosts)
  return (request, response) => {
    if (hosts.length === 0) return false
    const blocked = blockedHosts(request, isAllowed)
    if (blocked.length === 0 || exclude?.(request)) return false
    refuse(blocked, request, response, details)
    return true
  }
}

/** Answers whether a Host header names one of these hosts; every one when there are none.
 * @throws TypeError when an entry is a malformed network
 */
export function hostMatcher(hosts: readonly AllowedHost[]): (host: string) => boolean {
  const rules = hosts.map(compile)
  return (host) => rules.length === 0 || (host.length <= longestHost && rules.some((rule) => rule(host)))
}

/** A name has at most 253 characters (RFC 1035, section 2.3.4); the rest is for a port, and for what isn't read any further. */
const longestHost = 512
const port = '(?::\\d+)?'

function compile(host: AllowedHost): (host: string) => boolean {
  if (typeof host === 'function') return host
  if (typeof host !== 'string') return matcher(host.source, host.flags.replace(/[gmy]/g, ''))
  if (host.includes('/')) return networkRule(host)
  return host.startsWith('.') ? matcher(`(?:[a-z0-9-]+\\.)?${escaped(host.slice(1))}`, 'i') : matcher(escaped(host), 'i')
}

function matcher(source: string, flags: string): (host: string) => boolean {
  const pattern = new RegExp(`^(?:${source})${port}$`, flags)
  return (host) => pattern.test(host)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function networkRule(network: string): (host: string) => boolean {
  const [address = '', bits = ''] = network.split('/')
  const family = isIP(address)
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32))
    throw new TypeError(`'${network}' in config.hosts is no network such as '10.0.0.0/8'.`)
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  return (host) => {
    const given = addressOf(host)
    return isIP(given) === family && list.check(given, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** `127.0.0.1:3000` → `127.0.0.1`, `[::1]:3000` → `::1`. */
function addressOf(host: string): string {
  const match = /^(?:(\d+\.\d+\.\d+\.\d+)(?::\d+)?|\[([a-f\d:.]+)\](?::\d+)?)$/i.exec(host)
  return match?.[1] ?? match?.[2] ?? host
}

function blockedHosts({ headers }: Request, isAllowed: (host: string) => boolean): string[] {
  const host = headers.host ?? ''
  const forwarded = forwardedHostOf(headers)
  const blocked = isAllowed(host) ? [] : [host]
  if (forwarded !== undefined && !isAllowed(forwarded)) blocked.push(forwarded)
  return blocked
}

function refuse(blocked: readonly string[], request: Request, response: Response, details: boolean): void {
  const names = blocked.map((host) => host.slice(0, longestHost)).join(', ')
  logger.error(`Blocked hosts: ${names}`)
  response.status = 403
  response.contentType = details || request.isXhr ? 'text/plain; charset=UTF-8' : 'text/html; charset=UTF-8'
  response.body = details
    ? `Blocked hosts: ${names}\n\nTo allow them, add them to config.hosts: config.hosts.push('${blocked.at(-1)}')\n`
    : ''
}
