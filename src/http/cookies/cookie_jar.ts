import type { Response } from '../response/response.ts'
import { encodeValue, parseCookies } from './cookie_header.ts'
import { type CookieOptions, type CookieWithOptions, type ResolvedCookie, resolveCookie, valueAndOptions } from './cookie_options.ts'
import type { CookiePolicy, CookieRequest } from './cookie_policy.ts'
import { EncryptedCookies, PermanentCookies, SignedCookies } from './derived_jars.ts'
import { deleteCookieHeader, setCookieHeader } from './set_cookie.ts'

/** What a cookie that is neither signed nor encrypted can hold. */
type PlainValue = string | number | boolean | readonly string[] | null | undefined

/** The cookies of one request, and those its answer will set. Read when it is first asked; nothing is paid for by requests that don't ask.
 *
 * @example
 * this.cookies.set('theme', 'dark', { expires: days(30), httpOnly: true })
 * this.cookies.permanent.signed.set('user_id', user.id)
 * this.cookies.encrypted.get('user_id')
 */
export class CookieJar {
  readonly #request: CookieRequest
  readonly #policy: CookiePolicy
  readonly #cookies: Map<string, string>
  readonly #changed = new Map<string, ResolvedCookie>()
  readonly #deleted = new Map<string, ResolvedCookie>()
  #isWritten = false
  #signed: SignedCookies | undefined
  #encrypted: EncryptedCookies | undefined
  #permanent: PermanentCookies | undefined

  constructor(request: CookieRequest, policy: CookiePolicy) {
    this.#request = request
    this.#policy = policy
    this.#cookies = parseCookies(request.header('cookie'))
  }

  /** The value of a cookie, as the browser sent it or as it was set meanwhile. */
  get(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  has(name: string): boolean {
    return this.#cookies.has(name)
  }

  /** Sets a cookie. One that the browser has already is sent again only with `expires`.
   * @param value texts of a list are joined with `&`; nothing empties a cookie that is there
   * @throws InvalidCookie (REGAUGE_INVALID_COOKIE) for options that a header can't hold
   * @example this.cookies.set('theme', 'dark', { httpOnly: true })
   * @example this.cookies.set('theme', { value: 'dark', httpOnly: true })
   */
  set(name: string, given: PlainValue | CookieWithOptions<PlainValue>, givenOptions: CookieOptions = {}): void {
    const [value, options] = valueAndOptions(given, givenOptions, 0)
    this.put(name, value, options)
  }

  /** Sets a cookie to a value as it is. Internal. */
  put(name: string, value: unknown, options: CookieOptions): void {
    const isNothing = value === null || value === undefined
    const cookie = this.#resolve(name, isNothing ? '' : Array.isArray(value) ? value.map(String) : String(value), options)
    const text = typeof cookie.value === 'string' ? cookie.value : cookie.value.join('&')
    const known = this.#cookies.get(name)
    if (cookie.expires === undefined && (known === text || (isNothing && known === undefined))) return
    this.#cookies.set(name, text)
    this.#changed.set(name, cookie)
    this.#deleted.delete(name)
  }

  /** Has the browser forget a cookie, if it has it. Path and domain must be those it was set with.
   * @returns the value it had
   */
  delete(name: string, options: CookieOptions = {}): string | undefined {
    const value = this.#cookies.get(name)
    if (value === undefined) return undefined
    this.#cookies.delete(name)
    this.#deleted.set(name, this.#resolve(name, '', options))
    return value
  }

  /** Whether a cookie has been deleted with these options; for tests. */
  isDeleted(name: string, options: CookieOptions = {}): boolean {
    const deleted = this.#deleted.get(name)
    return deleted !== undefined && JSON.stringify(deleted) === JSON.stringify(this.#resolve(name, '', options))
  }

  /** Has the browser forget all of them. */
  clear(options: CookieOptions = {}): void {
    for (const name of [...this.#cookies.keys()]) this.delete(name, options)
  }

  /** Names and values, in the order of the header. */
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#cookies.entries()
  }

  /** As an object that inherits nothing, so that no name of a cookie means anything else. */
  toObject(): Record<string, string> {
    return Object.assign(Object.create(null), Object.fromEntries(this.#cookies)) as Record<string, string>
  }

  /** As a Cookie header, for a request to somebody else. */
  toHeader(): string {
    return Array.from(this.#cookies, ([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`).join('; ')
  }

  /** Cookies that are kept for twenty years. */
  get permanent(): PermanentCookies {
    return (this.#permanent ??= new PermanentCookies(this, this.#policy))
  }

  /** Cookies that anybody can read and nobody but us can change. What has been changed reads as undefined. */
  get signed(): SignedCookies {
    return (this.#signed ??= new SignedCookies(this, this.#policy))
  }

  /** Cookies that nobody but us can read or change. */
  get encrypted(): EncryptedCookies {
    return (this.#encrypted ??= new EncryptedCookies(this, this.#policy))
  }

  /** Writes the Set-Cookie headers of what has changed, once: `secure` cookies only over TLS. */
  write(response: Pick<Response, 'appendHeader'>): void {
    if (this.#isWritten) return
    this.#isWritten = true
    for (const [name, cookie] of this.#changed) {
      if (!cookie.secure || this.#maySendSecure()) response.appendHeader('set-cookie', setCookieHeader(name, cookie))
    }
    for (const [name, cookie] of this.#deleted) response.appendHeader('set-cookie', deleteCookieHeader(name, cookie))
  }

  #maySendSecure(): boolean {
    return this.#request.isSsl || this.#policy.alwaysWrite || this.#request.host.endsWith('.onion')
  }

  #resolve(name: string, value: string | readonly string[], options: CookieOptions): ResolvedCookie {
    return resolveCookie(name, value, options, this.#request.host, this.#policy.sameSiteOf(this.#request))
  }
}
