import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { forwardedValues } from '../headers/forwarded.ts'

/** The protocol the client used, told by the socket or by a proxy's headers, in Rack's order.
 * @param assumeSsl whether every client is taken to have used TLS, which a proxy that doesn't say so has ended
 */
export function protocolOf({ headers, socket }: IncomingMessage, assumeSsl = false): 'http' | 'https' {
  if (assumeSsl || (socket as { encrypted?: boolean } | undefined)?.encrypted === true || headers['x-forwarded-ssl'] === 'on')
    return 'https'
  if (headers.forwarded !== undefined) {
    const scheme = forwardedValues(headers.forwarded, 'proto').at(-1)
    if (scheme === 'https' || scheme === 'http') return scheme
  }
  for (const name of ['x-forwarded-proto', 'x-forwarded-scheme']) {
    const header = headers[name]
    if (header === undefined) continue
    const scheme = String(header)
      .split(',')
      .map((part) => part.trim())
      .findLast((part) => part === 'https' || part === 'http')
    if (scheme !== undefined) return scheme as 'http' | 'https'
  }
  return 'http'
}

/** The host that the client asked for, with the port when there was one; of the forwarded hosts the last, which our nearest proxy wrote. */
export function authorityOf({ headers, socket }: IncomingMessage): string {
  return forwardedHostOf(headers) ?? headers.host ?? `${socket?.localAddress ?? 'localhost'}:${socket?.localPort ?? 80}`
}

/** The last of the hosts in X-Forwarded-Host, with its port. */
export function forwardedHostOf(headers: IncomingMessage['headers']): string | undefined {
  const forwarded = headers['x-forwarded-host']
  if (forwarded === undefined) return undefined
  return String(forwarded).split(',').at(-1)!.trim() || undefined
}

/** The host name of an authority, without the port. */
export function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '')
}

/** The port that an authority names. */
export function portOf(authority: string): number | undefined {
  const match = /:(\d+)$/.exec(authority)
  return match === null ? undefined : Number(match[1])
}

/** The labels of a host before its domain; none for IP addresses. */
export function subdomainsOf(host: string, tldLength: number): string[] {
  if (isIP(host) !== 0 || host.startsWith('[')) return []
  return host.split('.').slice(0, -(tldLength + 1))
}

/** A host without its subdomains; undefined for an IPv4 address. */
export function domainOf(host: string, tldLength: number): string | undefined {
  return isIP(host) === 4
    ? undefined
    : host
        .split('.')
        .slice(-(tldLength + 1))
        .join('.')
}
