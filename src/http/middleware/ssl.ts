import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import type { Guard } from '../ports.ts'
import type { Request } from '../request/request.ts'
import type { Response } from '../response/response.ts'

/** How plain HTTP is redirected. */
export interface SslRedirect {
  /** Default 301 for GET and HEAD, else `defaultRedirectStatus`. */
  readonly status?: number | undefined
  /** Default: the host that was asked for. */
  readonly host?: string | undefined
  /** Default: the port that was asked for, unless it is 80. */
  readonly port?: number | undefined
  readonly body?: string | undefined
  /** Requests that are answered without TLS: health checks by address. */
  readonly exclude?: ((request: Request) => boolean) | undefined
}

/** What is said in Strict-Transport-Security (RFC 6797). */
export interface HstsOptions {
  /** Seconds, or a duration such as `years(1)`; default two years. */
  readonly expires?: number | { valueOf(): number } | undefined
  /** Default true. */
  readonly subdomains?: boolean | undefined
  /** Whether browsers may ship the host in their lists; default false. */
  readonly preload?: boolean | undefined
}

/** Settings of `config.ssl`, as those of ActionDispatch::SSL. */
export interface SslOptions {
  /** `false` redirects nobody, and flags no cookies. */
  readonly redirect?: SslRedirect | false
  /** `false` tells browsers to forget what they were told. */
  readonly hsts?: HstsOptions | boolean
  /** Whether `secure` is added to every cookie sent over TLS. Default true. */
  readonly secureCookies?: boolean
  /** The status for other methods than GET and HEAD. Default 307: the method stays. */
  readonly defaultRedirectStatus?: number
}

const twoYears = 63_072_000

/** Sends clients to HTTPS, tells them to stay there, and keeps cookies from ever being sent in the clear (`config.force_ssl`).
 *
 * @example forceSsl({ redirect: { exclude: (request) => request.path === '/up' }, hsts: { preload: true } })
 */
export function forceSsl(options: SslOptions = {}): Guard {
  const { redirect = {}, secureCookies = true, defaultRedirectStatus = 307 } = options
  const hsts = hstsHeader(options.hsts)
  const isExcluded = redirect === false ? () => true : (redirect.exclude ?? (() => false))
  return (request, response) => {
    if (request.isSsl) {
      const flags = secureCookies && !isExcluded(request)
      onHeaders(response.raw, () => protect(response.raw, hsts, flags))
      return false
    }
    if (redirect === false || isExcluded(request)) return false
    sendToHttps(redirect, defaultRedirectStatus, request, response)
    return true
  }
}

function hstsHeader(hsts: HstsOptions | boolean = true): string {
  const {
    expires = twoYears,
    subdomains = true,
    preload = false,
  }: HstsOptions = hsts === false ? { expires: 0 } : hsts === true ? {} : hsts
  return `max-age=${Math.trunc(Number(expires))}${subdomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`
}

function protect(raw: ServerResponse, hsts: string, flagCookies: boolean): void {
  if (!raw.hasHeader('strict-transport-security')) raw.setHeader('strict-transport-security', hsts)
  const cookies = raw.getHeader('set-cookie')
  if (!flagCookies || cookies === undefined) return
  const flagged = [cookies].flat().map((cookie) => (/;\s*secure\s*(?:;|$)/i.test(String(cookie)) ? String(cookie) : `${cookie}; secure`))
  raw.setHeader('set-cookie', flagged)
}

function sendToHttps(redirect: SslRedirect, otherwise: number, request: Request, response: Response): void {
  const port = redirect.port ?? request.port
  const isSafe = request.originalMethod === 'GET' || request.originalMethod === 'HEAD'
  response.status = redirect.status ?? (isSafe ? 301 : otherwise)
  response.setHeader(
    'location',
    `https://${redirect.host ?? request.host}${port === 80 || port === 443 ? '' : `:${port}`}${request.fullpath}`,
  )
  response.contentType = 'text/html; charset=utf-8'
  response.body = redirect.body ?? ''
}
