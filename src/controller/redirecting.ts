import { UnsafeRedirect } from './errors.ts'
import { Rendering } from './rendering.ts'
import { settingsInForce } from './settings.ts'
import { type Status, statusCode } from './statuses.ts'

/** How to redirect. */
export interface RedirectOptions {
  /** Default 302. */
  readonly status?: Status
  /** Whether the location may be on another host. Default: no. */
  readonly allowOtherHost?: boolean
}

/** How to redirect back. */
export interface RedirectBackOptions extends RedirectOptions {
  /** Where to when there is no Referer, or it is on another host. */
  readonly fallbackLocation: string
}

/** How a controller sends a client elsewhere. */
export abstract class Redirecting extends Rendering {
  /** Redirects to a path of this host, or to a URL.
   * @throws UnsafeRedirect (REGAUGE_UNSAFE_REDIRECT) when the URL is on another host, or can be read as one
   * @example this.redirectTo('/orders/1', { status: 'see_other' })
   */
  redirectTo(target: string | URL, options: RedirectOptions = {}): void {
    this.refuseSecondAnswer()
    const { response } = this
    const status = options.status === undefined ? 302 : statusCode(options.status)
    const location = this.locationOf(String(target), options.allowOtherHost === true)
    response.status = status
    response.setHeader('location', location)
    response.contentType ??= 'text/html; charset=utf-8'
    response.body = ''
  }

  /** Redirects to where the client came from, as its Referer says. A Referer on another host is followed only with `allowOtherHost`. */
  redirectBack(options: RedirectBackOptions): void {
    const { fallbackLocation, ...rest } = options
    this.redirectBackOrTo(fallbackLocation, rest)
  }

  /** `redirectBack` with the fallback first. */
  redirectBackOrTo(fallbackLocation: string, options: RedirectOptions = {}): void {
    const referer = this.request.header('referer')
    const follow = referer !== undefined && (options.allowOtherHost === true || this.isOurHost(referer))
    if (follow) this.redirectTo(referer, { ...options, allowOtherHost: true })
    else this.redirectTo(fallbackLocation, options)
  }

  /** A location from outside, when it may be redirected to; else undefined.
   * @example this.redirectTo(this.urlFrom(this.params.string('return_to')) ?? '/')
   */
  urlFrom(location: string | undefined): string | undefined {
    return location !== undefined && location !== '' && this.isOurHost(location) ? location : undefined
  }

  private locationOf(target: string, allowOtherHost: boolean): string {
    const location = this.absolute(target.replace(/[\0\r\n]/g, ''))
    if (!allowOtherHost && !this.isOurHost(location)) throw new UnsafeRedirect({ location })
    return location
  }

  private absolute(target: string): string {
    if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(target)) return target
    if (!/^[/?]/.test(target))
      throw new UnsafeRedirect({ location: target, reason: `Path relative URL redirect detected: ${JSON.stringify(target)}` })
    const { protocol, host, port } = this.request
    const standard = port === (protocol === 'https' ? 443 : 80)
    return `${protocol}://${host}${standard ? '' : `:${port}`}${target}`
  }

  private isOurHost(location: string): boolean {
    // What isn't a URI may be read differently by us and by a browser: `/\evil.example` is a host to some.
    if (!uriCharacters.test(location)) return false
    if (/^\/(?!\/)/.test(location)) return true
    const host = authority.exec(location)?.[1]
    if (host === undefined) return false
    return host === this.request.host || settingsInForce().allowedRedirectHosts.some((allowed) => isHost(allowed, host))
  }
}

const uriCharacters = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i
const authority = /^https?:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)/i

function isHost(allowed: string | RegExp, host: string): boolean {
  if (typeof allowed === 'string') return allowed.startsWith('.') ? host === allowed.slice(1) || host.endsWith(allowed) : host === allowed
  return new RegExp(`^(?:${allowed.source})$`, allowed.flags).test(host)
}
