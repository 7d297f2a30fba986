import type { IncomingMessage } from 'node:http'
import { CookieJar } from '../cookies/index.ts'
import { RequestHead } from './request_head.ts'
import type { RequestOptions } from './request_options.ts'
import type { Response } from '../response/response.ts'
import { Session, type SessionData, type SessionOptions } from '../sessions/index.ts'

/** What a browser keeps for us between requests. Made when it is first asked for: requests that don't ask pay nothing. */
export class RequestState extends RequestHead {
  #cookies: CookieJar | undefined
  #session: Session | undefined

  constructor(raw: IncomingMessage, options?: RequestOptions) {
    super(raw, options)
  }

  /** The cookies that came with the request, and those its answer will set. */
  get cookies(): CookieJar {
    return (this.#cookies ??= new CookieJar(this, this.options.cookies))
  }

  /** What the session holds, by name.
   * @throws SessionDisabled (REGAUGE_SESSION_DISABLED) when it is written to and there are none
   * @throws SessionNotLoaded (REGAUGE_SESSION_NOT_LOADED) in middleware, before `loadSession` of a store that answers later
   * @example request.session['user_id'] = user.id
   */
  get session(): SessionData {
    return this.sessionState.data
  }

  /** The session beside what it holds: whether it exists, its id, its options. */
  get sessionState(): Session {
    return (this.#session ??= new Session(this, this.options.session))
  }

  /** What this request decides of its session.
   * @example request.sessionOptions.expireAfter = weeks(2)
   */
  get sessionOptions(): SessionOptions {
    return this.sessionState.options
  }

  /** Loads the session from its store. Before an action it has been done; middleware awaits it. */
  loadSession(): void | Promise<void> {
    return this.sessionState.load()
  }

  /** Ends the session and begins a new one: to be done when somebody signs in or out, so that nobody shares a session that was known before. */
  resetSession(): void | Promise<void> {
    return this.sessionState.reset()
  }

  /** Goes on without the session and the cookies that came, and sends none: for a request that may have been forged. */
  forgetState(): void {
    this.#cookies = new CookieJar({ host: this.host, isSsl: this.isSsl, header: () => undefined }, this.options.cookies)
    this.#cookies.write({ appendHeader: () => {} })
    this.#session = Session.empty(this)
  }

  /** Whether there is a session that must be loaded before anybody can ask it. */
  get isSessionPending(): boolean {
    const policy = this.options.session
    return policy?.isAsynchronous === true && policy.isNamedIn(this.raw.headers.cookie) && !this.sessionState.isLoaded
  }

  /** Keeps the session and writes the cookies that have changed. Undefined at once when there is nothing to wait for. */
  commitState(response: Pick<Response, 'appendHeader'>): void | Promise<void> {
    const session = this.#session ?? this.#rollingSession()
    const committing = session?.commit()
    if (committing instanceof Promise) return committing.then(() => this.#cookies?.write(response))
    this.#cookies?.write(response)
  }

  #rollingSession(): Session | undefined {
    const policy = this.options.session
    return policy?.isRolling && policy.isNamedIn(this.raw.headers.cookie) ? this.sessionState : undefined
  }
}
