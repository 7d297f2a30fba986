import { Redirecting } from './redirecting.ts'

/** What a client sends beside a token: `Token token="abc", nonce="def"`. */
export type TokenOptions = Readonly<Record<string, string>>

/** The token of an Authorization header (`Bearer abc`, `Token token="abc", nonce="def"`) and what is said beside it.
 * @returns undefined when there is no header, or of another scheme
 */
export function tokenAndOptions(authorization: string | undefined): [token: string, options: TokenOptions] | undefined {
  const scheme = /^(?:Token|Bearer)\s+/.exec(authorization ?? '')
  if (scheme === null) return undefined
  const [first = '', ...rest] = authorization!
    .slice(scheme[0].length)
    .split(/[,;\t]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const token = first.startsWith('token=') ? first.slice(6) : first
  return [unquoted(token), Object.fromEntries(rest.map(pair))]
}

/** The Authorization header of a token, for tests and clients.
 * @example encodeTokenCredentials('abc', { nonce: 'def' }) // 'Token token="abc", nonce="def"'
 */
export function encodeTokenCredentials(token: string, options: TokenOptions = {}): string {
  return `Token ${Object.entries({ token, ...options })
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}`
}

/** Authentication by a token in the Authorization header. Compare with `constantTimeEqual`, or look the token's digest up. */
export abstract class TokenAuthentication extends Redirecting {
  /** What `check` says of the token that was sent; undefined when none was. */
  authenticateWithHttpToken<T>(check: (token: string, options: TokenOptions) => T): T | undefined {
    const sent = tokenAndOptions(this.request.authorization)
    return sent === undefined || sent[0] === '' ? undefined : check(...sent)
  }

  /** The same, and a 401 when that is nothing. `check` may be async; await the result then.
   * @example this.currentUser = await this.authenticateOrRequestWithHttpToken((token) => User.findBy({ token_digest: digest(token) }))
   */
  authenticateOrRequestWithHttpToken<T>(
    check: (token: string, options: TokenOptions) => T,
    realm?: string,
    message?: string,
  ): T | undefined {
    const found = this.authenticateWithHttpToken(check)
    if (found instanceof Promise) return found.then((value) => this.orRequestToken(value, realm, message)) as T
    return this.orRequestToken(found, realm, message)
  }

  /** Answers 401 and asks for a token. */
  requestHttpTokenAuthentication(realm = 'Application', message = 'HTTP Token: Access denied.\n'): void {
    this.response.setHeader('www-authenticate', `Token realm="${realm.replaceAll('"', '')}"`)
    this.render({ plain: message, status: 'unauthorized' })
  }

  private orRequestToken<T>(found: T, realm?: string, message?: string): T {
    if (!found) this.requestHttpTokenAuthentication(realm, message)
    return found
  }
}

function pair(part: string): [string, string] {
  const at = part.indexOf('=')
  return at < 0 ? [part, ''] : [part.slice(0, at), unquoted(part.slice(at + 1))]
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, '')
}
