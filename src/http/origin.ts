import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** The protocol the client used, told by the socket or by a proxy's headers, in Rack's order. */
export function protocolOf({ headers, socket }: IncomingMessage): 'http' | 'https' {
  if ((socket as { encrypted?: boolean } | undefined)?.encrypted === true || headers['x-forwarded-ssl'] === 'on') return 'https'
  for (const name of ['x-forwarded-proto', 'x-forwarded-scheme']) {
    const schemes = String(headers[name] ?? '')
      .split(',')
      .map((part) => part.trim())
    const scheme = schemes.findLast((part) => part === 'https' || part === 'http')
    if (scheme !== undefined) return scheme as 'http' | 'https'
  }
  return 'http'
}

/** The host name the client asked for, without the port. */
export function hostOf(message: IncomingMessage): string {
  return authorityOf(message).replace(/:\d+$/, '')
}

/** The port the client asked for: that of the host, or the protocol's own. */
export function portOf(message: IncomingMessage): number {
  const match = /:(\d+)$/.exec(authorityOf(message))
  return match ? Number(match[1]) : protocolOf(message) === 'https' ? 443 : 80
}

/** The labels of a host before its domain; none for IP addresses. */
export function subdomainsOf(host: string, tldLength: number): string[] {
  if (isIP(host) !== 0 || host.startsWith('[')) return []
  return host.split('.').slice(0, -(tldLength + 1))
}

// The last of the forwarded hosts is the one that our nearest proxy wrote.
function authorityOf({ headers, socket }: IncomingMessage): string {
  const forwarded = headers['x-forwarded-host'] as string | undefined
  const authority = forwarded?.split(',').at(-1)?.trim() || headers.host
  return authority ?? `${socket?.localAddress ?? 'localhost'}:${socket?.localPort ?? 80}`
}
