import { generateCsrfToken, isValidCsrfToken, maskedCsrfToken } from '../messages/index.ts'
import { logger } from '../logging/index.ts'
import type { CallbackOptions, SkipOptions } from './callbacks/callbacks.ts'
import { CookieTokenStore, type CsrfTokenStore, sessionTokenStore } from './csrf_token_store.ts'
import { InvalidAuthenticityToken, InvalidCrossOriginRequest, InvalidForgeryProtection } from './errors.ts'
import { Sessions } from './sessions.ts'
import { settingsInForce } from './settings.ts'

/** What is done about a request that may have been forged: an error (422), going on without session and cookies, going on with a new session,
 * or what a function does. */
export type ForgeryReaction<C> = 'exception' | 'null_session' | 'reset_session' | ((controller: C) => unknown)

/** What `protectFromForgery` takes. For which actions is said as for `beforeAction`. */
export interface ForgeryProtectionOptions<C> extends CallbackOptions<C> {
  /** Default `'null_session'`, as in Rails. */
  readonly with?: ForgeryReaction<C>
  /** Whether it is asked before the callbacks declared so far. */
  readonly prepend?: boolean
  /** Where the secret of the tokens is kept. Default: the session. */
  readonly store?: 'session' | 'cookie' | CsrfTokenStore
}

/** The request a token is for, when it is to be good for one form only. */
export interface FormOptions {
  readonly action?: string
  readonly method?: string
}

interface Protection {
  readonly reaction: ForgeryReaction<never>
  readonly store: CsrfTokenStore
}

const protections = new WeakMap<object, Protection>()

/** What a controller knows while it answers a request whose protection is asked for. Few do: fields would cost every controller. */
interface Memory {
  isMarkedForSameOrigin: boolean
  secret: string | undefined
}

const memories = new WeakMap<object, Memory>()

function memoryOf(controller: object): Memory {
  let memory = memories.get(controller)
  if (memory === undefined) memories.set(controller, (memory = { isMarkedForSameOrigin: false, secret: undefined }))
  return memory
}

type Class = abstract new (...args: never[]) => RequestForgeryProtection

/** Protects what browsers are signed in to by cookies from requests that other sites make them send: such requests must carry a token that
 * only our own pages know. APIs with tokens in a header don't need it. */
export abstract class RequestForgeryProtection extends Sessions {
  /** Asks requests other than GET and HEAD for a token, in the parameter `authenticity_token` or the header X-CSRF-Token.
   * @throws InvalidForgeryProtection (REGAUGE_INVALID_FORGERY_PROTECTION) at boot, for a reaction or a store that doesn't exist
   * @example static { this.protectFromForgery({ with: 'exception' }) }
   */
  static protectFromForgery<C extends Class>(this: C, options: ForgeryProtectionOptions<InstanceType<C>> = {}): void {
    const { with: reaction = 'null_session', prepend = false, store = 'session', ...conditions } = options
    if (typeof reaction !== 'function' && !['exception', 'null_session', 'reset_session'].includes(reaction))
      throw new InvalidForgeryProtection({ controller: this.name, option: 'with', value: String(reaction) })
    protections.set(this, { reaction: reaction as ForgeryReaction<never>, store: storeOf(store, this.name) })
    const declare = prepend ? RequestForgeryProtection.prependBeforeAction : RequestForgeryProtection.beforeAction
    declare.call(this, 'verifyAuthenticityToken', conditions as never)
    RequestForgeryProtection.appendAfterAction.call(this, 'verifySameOriginRequest')
  }

  /** Takes the protection of a parent back, for all actions or those of the options. */
  static skipForgeryProtection<C extends Class>(this: C, options: SkipOptions<InstanceType<C>> = {}): void {
    RequestForgeryProtection.skipBeforeAction.call(this, 'verifyAuthenticityToken', { raise: false, ...options } as never)
  }

  /** The token that a page of ours sends back: another one each time, and all of a session are good.
   * @param form narrows it to the request of one form
   */
  formAuthenticityToken({ action, method }: FormOptions = {}): string {
    const isForOne = settingsInForce().perFormCsrfTokens && action !== undefined && method !== undefined
    return maskedCsrfToken(this.csrfSecret(), isForOne ? { path: this.actionPath(action), method } : undefined)
  }

  /** The callback that `protectFromForgery` declares. */
  verifyAuthenticityToken(): unknown {
    memoryOf(this).isMarkedForSameOrigin = this.request.isGet
    if (this.isVerifiedRequest()) return
    if (settingsInForce().logWarningOnCsrfFailure) logger.warn(this.unverifiedReason())
    return this.handleUnverifiedRequest()
  }

  /** The callback that keeps scripts of other sites from reading JavaScript that is meant for ours. */
  verifySameOriginRequest(): void {
    const isScript = /^(?:text|application)\/javascript/.test(this.response.contentType ?? '')
    if (!memories.get(this)?.isMarkedForSameOrigin || !isScript || this.request.isXhr) return
    throw new InvalidCrossOriginRequest({})
  }

  /** Whether a request may change something: it only reads, or comes from our own site with a token. */
  isVerifiedRequest(): boolean {
    const { isGet, isHead } = this.request
    return !this.isProtectedAgainstForgery() || isGet || isHead || (this.isValidRequestOrigin() && this.isAnyAuthenticityTokenValid())
  }

  /** Whether requests are asked for tokens at all. */
  isProtectedAgainstForgery(): boolean {
    return settingsInForce().allowForgeryProtection && this.request.sessionState.isEnabled
  }

  /** Whether the Origin header, when there is one, names our site.
   * @throws InvalidAuthenticityToken for the origin `null`, which hides where a request comes from
   */
  isValidRequestOrigin(): boolean {
    if (!settingsInForce().forgeryProtectionOriginCheck) return true
    const { origin, baseUrl } = this.request
    if (origin === 'null') throw new InvalidAuthenticityToken({ reason: nullOrigin })
    return origin === undefined || origin === baseUrl
  }

  /** Whether one of the tokens that were sent is the session's. */
  isAnyAuthenticityTokenValid(): boolean {
    return this.authenticityTokens().some((token) => this.isValidAuthenticityToken(token))
  }

  /** Whether a token is the session's, for clients that send it in a place of their own.
   * @example
   * override isVerifiedRequest() {
   *   return super.isVerifiedRequest() || this.isValidAuthenticityToken(this.request.header('x-xsrf-token'))
   * }
   */
  isValidAuthenticityToken(token: unknown): boolean {
    const secret = memories.get(this)?.secret ?? this.csrfStore().fetch(this.request)
    if (secret === undefined) return false
    const { path, requestMethod } = this.request
    const target = settingsInForce().perFormCsrfTokens ? { path: path.replace(/\/$/, ''), method: requestMethod } : undefined
    return isValidCsrfToken(secret, token, target)
  }

  /** The session begins anew, and so do its tokens. */
  override resetSession(): void | Promise<void> {
    const resetting = super.resetSession()
    memoryOf(this).secret = undefined
    this.csrfStore().reset(this.request)
    return resetting
  }

  /** What is done about a request that isn't verified. */
  protected handleUnverifiedRequest(): unknown {
    const reaction = protectionOf(this.constructor)?.reaction ?? 'null_session'
    if (typeof reaction === 'function') return reaction(this as never)
    if (reaction === 'exception') throw new InvalidAuthenticityToken({ reason: this.unverifiedReason() })
    if (reaction === 'reset_session') return this.resetSession()
    memoryOf(this).secret = undefined
    return this.request.forgetState()
  }

  private authenticityTokens(): unknown[] {
    return [this.params.get(settingsInForce().requestForgeryProtectionToken), this.request.header('x-csrf-token')]
  }

  private unverifiedReason(): string {
    if (this.isValidRequestOrigin()) return "Can't verify CSRF token authenticity."
    return `HTTP Origin header (${this.request.origin}) didn't match request.base_url (${this.request.baseUrl})`
  }

  private csrfSecret(): string {
    const memory = memoryOf(this)
    if (memory.secret !== undefined) return memory.secret
    const store = this.csrfStore()
    const known = store.fetch(this.request)
    if (known !== undefined) return (memory.secret = known)
    const secret = generateCsrfToken()
    store.store(this.request, secret)
    return (memory.secret = secret)
  }

  private csrfStore(): CsrfTokenStore {
    return protectionOf(this.constructor)?.store ?? sessionTokenStore
  }

  /** The path that a form's request will have. */
  private actionPath(action: string): string {
    const isRelative = !action.startsWith('/') && !/^[a-z][a-z\d+.-]*:/i.test(action)
    const target = isRelative ? `${this.request.path}/${action}` : action
    const { pathname } = new URL(target, this.request.baseUrl)
    return pathname.replace(/\/$/, '')
  }
}

const nullOrigin =
  "The browser returned a 'null' origin for a request with origin-based forgery protection turned on. This usually means that the " +
  'Referrer-Policy is no-referrer, or that the request comes from a site that refused to give its origin. Change the policy to same-origin ' +
  'or strict-origin, or set config.controller.forgeryProtectionOriginCheck to false.'

function protectionOf(controller: Function): Protection | undefined {
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const protection = protections.get(one)
    if (protection !== undefined) return protection
  }
  return undefined
}

function storeOf(store: 'session' | 'cookie' | CsrfTokenStore, controller: string): CsrfTokenStore {
  if (store === 'session') return sessionTokenStore
  if (store === 'cookie') return new CookieTokenStore()
  if (typeof store === 'object' && store !== null && typeof store.fetch === 'function') return store
  throw new InvalidForgeryProtection({ controller, option: 'store', value: String(store) })
}
