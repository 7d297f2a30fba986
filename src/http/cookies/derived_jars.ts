import type { CookieCodec, CookieExpiry as Expiry } from '../../messages/index.ts'
import { type CookieOptions, valueAndOptions } from './cookie_options.ts'
import type { CookiePolicy } from './cookie_policy.ts'

/** A jar that another one stands on. */
interface ParentJar {
  get(name: string): unknown
  put(name: string, value: unknown, options: CookieOptions): void
}

/** Reads and writes through another jar, changing values or options on the way. */
abstract class DerivedCookies {
  protected readonly parent: ParentJar
  protected readonly policy: CookiePolicy

  constructor(parent: ParentJar, policy: CookiePolicy) {
    this.parent = parent
    this.policy = policy
  }

  /** The same with cookies that are kept for twenty years. */
  get permanent(): PermanentCookies {
    return new PermanentCookies(this as unknown as ParentJar, this.policy)
  }

  /** The same with signed cookies. */
  get signed(): SignedCookies {
    return new SignedCookies(this as unknown as ParentJar, this.policy)
  }

  /** The same with encrypted cookies. */
  get encrypted(): EncryptedCookies {
    return new EncryptedCookies(this as unknown as ParentJar, this.policy)
  }
}

/** Cookies that are kept for twenty years. */
export class PermanentCookies extends DerivedCookies {
  get(name: string): string | undefined {
    return this.parent.get(name) as string | undefined
  }

  set(name: string, given: unknown, givenOptions: CookieOptions = {}): void {
    this.put(name, ...valueAndOptions(given, givenOptions))
  }

  /** Sets a cookie to a value as it is. Internal. */
  put(name: string, value: unknown, options: CookieOptions): void {
    const expires = new Date(Date.now())
    expires.setUTCFullYear(expires.getUTCFullYear() + 20)
    this.parent.put(name, value, { ...options, expires })
  }
}

abstract class SealedCookies extends DerivedCookies {
  protected abstract readonly codec: CookieCodec

  /** The value of a cookie, as JSON has kept it; undefined when there is none, or none that can be trusted. One that was written with an
   * older secret is set again with the current one. */
  get(name: string): unknown {
    const text = this.parent.get(name)
    if (typeof text !== 'string' || text === '') return undefined
    const read = this.codec.read(name, text)
    if (read?.rewrite) this.put(name, read.value, {})
    return read?.value ?? undefined
  }

  /** Sets a cookie to anything that JSON can hold. A value and its options in one object, as in Rails, are told apart from a value.
   * @throws CookieOverflow (REGAUGE_COOKIE_OVERFLOW) when it is longer than the 4096 bytes that browsers keep
   */
  set(name: string, given: unknown, givenOptions: CookieOptions = {}): void {
    this.put(name, ...valueAndOptions(given, givenOptions))
  }

  /** Sets a cookie to a value as it is. Internal. */
  put(name: string, value: unknown, options: CookieOptions): void {
    this.parent.put(name, this.codec.write(name, value, expiryOf(options)), options)
  }
}

/** Cookies that anybody can read and nobody but us can change. */
export class SignedCookies extends SealedCookies {
  protected get codec(): CookieCodec {
    return this.policy.signed
  }
}

/** Cookies that nobody but us can read or change. */
export class EncryptedCookies extends SealedCookies {
  protected get codec(): CookieCodec {
    return this.policy.encrypted
  }
}

function expiryOf({ expires }: CookieOptions): Expiry {
  if (expires === undefined || expires === null) return {}
  return expires instanceof Date ? { expires } : { expiresIn: expires.milliseconds / 1000 }
}
