import type { CookieJar, SessionData } from '../http/index.ts'
import { DigestAuthentication } from './digest_authentication.ts'

/** What a browser keeps for a controller between requests. */
export abstract class Sessions extends DigestAuthentication {
  /** The cookies that came with the request, and those its answer will set.
   * @example this.cookies.permanent.signed.set('user_id', user.id, { httpOnly: true })
   */
  get cookies(): CookieJar {
    return this.request.cookies
  }

  /** What the session holds, by name: read, assigned to, and deleted from.
   * @example this.session['user_id'] = user.id
   */
  get session(): SessionData {
    return this.request.session
  }

  /** Ends the session and begins a new one, with a new id: when somebody signs in, so that a session that was planted before is worth nothing,
   * and when they sign out. A store on another machine answers later: await it then. */
  resetSession(): void | Promise<void> {
    return this.request.resetSession()
  }
}
