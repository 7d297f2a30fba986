import { type CookieCodec, type CookieSettings, encryptedCookieCodec, type KeyGenerator, signedCookieCodec } from '../../messages/index.ts'
import { MissingSecret } from '../errors.ts'
import type { SameSite } from './cookie_options.ts'

/** What a jar needs to know of the request it belongs to. */
export interface CookieRequest {
  readonly host: string
  readonly isSsl: boolean
  header(name: string): string | undefined
}

/** Settings of `config.cookies`. */
export interface CookieJarSettings extends CookieSettings {
  /** The default of every cookie's `sameSite`: one of its values, or what decides it for a request. Default `'lax'`, as in Rails. */
  readonly sameSite?: SameSite | ((request: CookieRequest) => SameSite)
  /** Whether `secure` cookies are sent over plain HTTP, too. Default: in development. */
  readonly alwaysWrite?: boolean
}

/** `CookieJarSettings` made ready once, and shared by all requests. Keys are derived when the first cookie is signed or encrypted. */
export class CookiePolicy {
  readonly sameSiteOf: (request: CookieRequest) => SameSite
  readonly alwaysWrite: boolean
  readonly #keys: KeyGenerator | undefined
  readonly #settings: CookieSettings
  #signed: CookieCodec | undefined
  #encrypted: CookieCodec | undefined

  /** @param keys derives the keys of signed and encrypted cookies; without it there are none */
  constructor(settings: CookieJarSettings = {}, keys?: KeyGenerator) {
    const { sameSite = 'lax', alwaysWrite = false, ...rest } = settings
    this.sameSiteOf = typeof sameSite === 'function' ? sameSite : () => sameSite
    this.alwaysWrite = alwaysWrite
    this.#keys = keys
    this.#settings = rest
  }

  /** @throws MissingSecret (REGAUGE_MISSING_SECRET) without keys */
  get signed(): CookieCodec {
    return (this.#signed ??= signedCookieCodec(this.keys, this.#settings))
  }

  /** @throws MissingSecret (REGAUGE_MISSING_SECRET) without keys */
  get encrypted(): CookieCodec {
    return (this.#encrypted ??= encryptedCookieCodec(this.keys, this.#settings))
  }

  /** What derives keys from the application's secret.
   * @throws MissingSecret (REGAUGE_MISSING_SECRET) without keys
   */
  get keys(): KeyGenerator {
    if (this.#keys === undefined) throw new MissingSecret({})
    return this.#keys
  }
}
