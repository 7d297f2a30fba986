import { constantTimeEqual } from '../messages/index.ts'
import type { CallbackOptions } from './callbacks/callbacks.ts'
import { InvalidCredentials } from './errors.ts'
import { TokenAuthentication } from './token_authentication.ts'

/** The name and password of an `Authorization: Basic …` header; undefined when there is none, or of another scheme. */
export function basicCredentials(authorization: string | undefined): [name: string, password: string] | undefined {
  const encoded = /^basic(?:\s+(.*))?$/is.exec(authorization ?? '')
  if (encoded === null) return undefined
  const text = Buffer.from(encoded[1] ?? '', 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The Authorization header of a name and password, for tests and clients. */
export function encodeBasicCredentials(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}

/** A name and a password that let somebody in. */
export interface BasicCredentials {
  readonly name: string
  readonly password: string
  readonly realm?: string | undefined
  readonly message?: string | undefined
}

/** HTTP basic authentication. Only over TLS: the password travels in the clear. */
export abstract class BasicAuthentication extends TokenAuthentication {
  /** Lets one name and password in, for all actions or those of the options.
   * @throws InvalidCredentials (REGAUGE_INVALID_CREDENTIALS) at boot, when one of them is no text
   * @example static { this.httpBasicAuthenticateWith({ name: 'admin', password: process.env.ADMIN_PASSWORD!, except: 'index' }) }
   */
  static httpBasicAuthenticateWith<C extends abstract new (...args: never[]) => BasicAuthentication>(
    this: C,
    options: CallbackOptions<InstanceType<C>> & BasicCredentials,
  ): void {
    const { name, password, realm, message, ...conditions } = options
    for (const [option, text] of Object.entries({ name, password })) {
      if (typeof text !== 'string' || text === '') throw new InvalidCredentials({ controller: this.name, option })
    }
    const authenticate = (controller: InstanceType<C>) => {
      controller.httpBasicAuthenticateOrRequestWith({ name, password, realm, message })
    }
    BasicAuthentication.beforeAction.call(this, authenticate as never, conditions as never)
  }

  /** Lets one name and password in, and asks others for them.
   * @returns whether it was them
   */
  httpBasicAuthenticateOrRequestWith({ name, password, realm, message }: BasicCredentials): boolean {
    const check = (givenName: string, givenPassword: string) => {
      // Both are always compared, so that the time doesn't say whether the name was right.
      const known = constantTimeEqual(givenName, name)
      return constantTimeEqual(givenPassword, password) && known
    }
    return this.authenticateOrRequestWithHttpBasic(check, realm, message) === true
  }

  /** What `check` says of the name and password that were sent; undefined when none were. */
  authenticateWithHttpBasic<T>(check: (name: string, password: string) => T): T | undefined {
    const sent = basicCredentials(this.request.authorization)
    return sent === undefined ? undefined : check(...sent)
  }

  /** The same, and a 401 when that is nothing. `check` may be async; await the result then. */
  authenticateOrRequestWithHttpBasic<T>(check: (name: string, password: string) => T, realm?: string, message?: string): T | undefined {
    const found = this.authenticateWithHttpBasic(check)
    if (found instanceof Promise) return found.then((value) => this.orRequestBasic(value, realm, message)) as T
    return this.orRequestBasic(found, realm, message)
  }

  /** Answers 401 and asks for a name and password. */
  requestHttpBasicAuthentication(realm = 'Application', message = 'HTTP Basic: Access denied.\n'): void {
    this.response.setHeader('www-authenticate', `Basic realm="${realm.replaceAll('"', '')}"`)
    this.render({ html: message, status: 'unauthorized' })
  }

  private orRequestBasic<T>(found: T, realm?: string, message?: string): T {
    if (!found) this.requestHttpBasicAuthentication(realm, message)
    return found
  }
}
