import type { Request } from '../http/index.ts'
import { currentFilter, filteredUrl, logger } from '../logging/index.ts'
import { channel } from '../notifications/index.ts'
import { ConditionalGet } from './conditional_get.ts'
import { UnsafeRedirect } from './errors.ts'
import { type RedirectReaction, settingsInForce, type UnsafeRedirectDetails } from './settings.ts'
import { type Status, statusCode } from './statuses.ts'
import { type UrlTarget, urlOf } from './urls.ts'

/** Where to: a path, a URL, a record or class (or a list of them), the values of a route, or a function that answers one of these. */
export type RedirectTarget = UrlTarget

/** How to redirect. */
export interface RedirectOptions {
  /** Default 302. */
  readonly status?: Status | undefined
  /** Whether the location may be on another host. Default: no, or what `config.controller.onOpenRedirect` says. */
  readonly allowOtherHost?: boolean | undefined
}

/** How to redirect back. */
export interface RedirectBackOptions extends RedirectOptions {
  /** Where to when there is no Referer, or it is on another host. */
  readonly fallbackLocation: RedirectTarget
}

/** How a controller sends a client elsewhere. */
export abstract class Redirecting extends ConditionalGet {
  /** What is part of every URL that is made in a request of this controller, unless the URL says otherwise.
   * @example
   * override defaultUrlOptions() {
   *   return { locale: this.params.string('locale') }
   * }
   */
  defaultUrlOptions(): Readonly<Record<string, unknown>> {
    return {}
  }

  /** Redirects to a path of this host, a URL, the URL of a record or a route (`{ action: 'index' }`), or what a function answers.
   * @throws UnsafeRedirect (REGAUGE_UNSAFE_REDIRECT) when the URL is on another host, or can be read as one
   * @throws UnknownUrl (REGAUGE_UNKNOWN_URL) for nothing
   * @example this.redirectTo('/orders/1', { status: 'see_other' })
   * @example this.redirectTo(order)
   */
  redirectTo(target: RedirectTarget, options: RedirectOptions = {}): void {
    this.refuseSecondAnswer()
    const { response } = this
    const [place, own] = withoutStatus(target)
    const status = statusCode(own ?? options.status ?? 302)
    const location = this.locationOf(place, options.allowOtherHost)
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
  redirectBackOrTo(fallbackLocation: RedirectTarget, options: RedirectOptions = {}): void {
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

  private locationOf(target: RedirectTarget, allowOtherHost: boolean | undefined): string {
    const location = this.absolute(target).replace(/[\0\r\n]/g, '')
    if (allowOtherHost === true || this.isOurHost(location)) return location
    react(allowOtherHost === false ? 'raise' : settingsInForce().onOpenRedirect, { location }, this.request)
    return location
  }

  private absolute(target: RedirectTarget): string {
    if (typeof target === 'function' && !isClass(target))
      return this.absolute((target as (controller: this) => RedirectTarget).call(this, this))
    const url = urlOf(target)
    if (typeof target !== 'string' || /^([a-z][a-z\d+.-]*:|\/\/)/i.test(url)) return url
    if (!/^(?:[/?]|$)/.test(url)) {
      const reason = `Path relative URL redirect detected: ${JSON.stringify(filteredUrl(url, currentFilter()))}`
      react(settingsInForce().onPathRelativeRedirect, { location: url, reason }, this.request)
    }
    const { protocol, host, port } = this.request
    const standard = port === (protocol === 'https' ? 443 : 80)
    return `${protocol}://${host}${standard ? '' : `:${port}`}${url}`
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

/** The status that may stand among the values of a route, as in Rails. */
function withoutStatus(target: RedirectTarget): [RedirectTarget, Status | undefined] {
  if (typeof target !== 'object' || target === null || Object.getPrototypeOf(target) !== Object.prototype) return [target, undefined]
  const { status, ...rest } = target as { status?: Status }
  return [rest, status]
}

function isClass(target: Function): boolean {
  return Object.getOwnPropertyDescriptor(target, 'prototype')?.writable === false
}

const openRedirects = channel('open_redirect.action_controller')
const relativeRedirects = channel('unsafe_redirect.action_controller')

function react(reaction: RedirectReaction, redirect: UnsafeRedirectDetails, request: Request): void {
  const error = new UnsafeRedirect({ ...redirect, location: filteredUrl(redirect.location, currentFilter()) })
  if (reaction === 'raise') throw error
  if (reaction === 'log') logger.warn(error.message)
  else if (reaction !== 'notify') reaction(redirect)
  else notify(redirect, request, error)
}

function notify({ location, reason }: UnsafeRedirectDetails, request: Request, { stack }: Error): void {
  const stack_trace = (stack ?? '').split('\n').slice(1)
  if (reason === undefined) openRedirects.instrument({ location, request, stack_trace }, () => {})
  else relativeRedirects.instrument({ url: location, message: reason, stack_trace }, () => {})
}

const uriCharacters = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i
const authority = /^(?:https?:)?\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)/i

function isHost(allowed: string | RegExp, host: string): boolean {
  if (typeof allowed === 'string') return allowed.startsWith('.') ? host === allowed.slice(1) || host.endsWith(allowed) : host === allowed
  return new RegExp(`^(?:${allowed.source})$`, allowed.flags).test(host)
}
