import type { CookieOptions } from '../cookies/index.ts'
import { CookieKeeper, type SessionKeeper, StoreKeeper } from './session_keeper.ts'
import type { SessionStore } from './session_store.ts'

/** Seconds, or a duration such as `days(14)`. */
export type SessionLength = number | { readonly seconds: number }

/** How the cookie of a session is kept, as `config.session` says or one request decides. */
export interface SessionCookieSettings extends Pick<CookieOptions, 'domain' | 'tldLength' | 'path' | 'sameSite' | 'partitioned'> {
  /** How long a session lasts without being used; each request renews it. Default: until the browser is closed. */
  readonly expireAfter?: SessionLength | undefined
  /** Neither sent nor kept without TLS. Default false; `config.forceSsl` makes every cookie secure. */
  readonly secure?: boolean | undefined
  /** Kept from scripts. Default true. */
  readonly httpOnly?: boolean | undefined
}

/** Settings of the sessions of a pipeline. */
export interface SessionSettings extends SessionCookieSettings {
  /** The name of the cookie: `_shop_session`. */
  readonly key: string
  /** Where sessions are kept: in the cookie itself, encrypted, or in a store. */
  readonly store: 'cookie' | SessionStore
}

/** What one request decides of its session; the settings until it does. */
export interface SessionOptions extends SessionCookieSettings {
  /** The name of the cookie; undefined where there are no sessions. */
  readonly key?: string
  /** Gives the session a new id, and keeps what it holds. */
  renew?: boolean
  /** Ends the session, without a new one. */
  drop?: boolean
  /** Doesn't keep what has been changed. */
  skip?: boolean
  /** Keeps what has been changed, but sends no cookie. */
  defer?: boolean
  expireAfter?: SessionLength | undefined
  secure?: boolean | undefined
}

/** Settings made ready once, and shared by all requests. */
export class SessionPolicy {
  readonly key: string
  readonly keeper: SessionKeeper
  readonly defaults: SessionCookieSettings
  /** Whether sessions must be loaded before an action, since an action can't wait where it asks for a value. */
  readonly isAsynchronous: boolean

  constructor({ key, store, ...defaults }: SessionSettings) {
    this.key = key
    this.keeper = store === 'cookie' ? new CookieKeeper(key) : new StoreKeeper(key, store)
    this.defaults = defaults
    this.isAsynchronous = store !== 'cookie' && store.isAsynchronous
  }

  /** Whether a request needs its session although it hasn't asked for it: to make it last longer. */
  get isRolling(): boolean {
    return this.defaults.expireAfter !== undefined
  }

  /** Whether a Cookie header has a session at all. */
  isNamedIn(header: string | undefined): boolean {
    return header?.includes(`${this.key}=`) === true
  }
}

/** The options of a session's cookie. */
export function sessionCookieOptions(options: SessionOptions): CookieOptions {
  const { domain, tldLength, path, secure, httpOnly = true, sameSite, partitioned } = options
  const expireAfter = inSeconds(options.expireAfter)
  const expires = expireAfter === undefined ? undefined : new Date(Date.now() + expireAfter * 1000)
  return { expires, domain, tldLength, path, secure, httpOnly, sameSite, partitioned }
}

/** A length in seconds. */
export function inSeconds(length: SessionLength | undefined): number | undefined {
  return typeof length === 'object' ? length.seconds : length
}
