import { CookieOverflow } from './errors.ts'
import type { KeyGenerator } from './key_generator.ts'
import { type EncryptorOptions, MessageEncryptor } from './message_encryptor.ts'
import { MessageVerifier, type VerifierOptions } from './message_verifier.ts'
import type { MessageMetadata, Seconds } from './metadata.ts'
import { bytesSerializer, isMarshal, type MessageSerializer, type SerializerName, serializerFor } from './serializers/serializer.ts'

/** How signed and encrypted cookies are written. Unless given, as a new Rails 8.1 application writes them. */
export interface CookieSettings {
  /** `json`; `hybrid` reads cookies that Ruby marshalled and has them written again as JSON; `marshal` writes those. */
  readonly serializer?: Exclude<SerializerName, 'null'> | MessageSerializer
  /** `SHA1`, as in Rails. */
  readonly signedDigest?: string
  /** `aes-256-gcm`. */
  readonly encryptedCipher?: string
  /** False writes the CBC cookies of Rails before 5.2. Both are read either way. */
  readonly useAuthenticatedEncryption?: boolean
  /** Whether the cookie's name is written as its purpose, so that its value can't be moved to another cookie. */
  readonly useMetadata?: boolean
  readonly salts?: Partial<typeof cookieSalts>
  /** Older secrets, oldest last. */
  readonly rotations?: {
    readonly signed?: readonly { readonly secret: string | Uint8Array; readonly options?: VerifierOptions }[]
    readonly encrypted?: readonly { readonly key: string | Uint8Array; readonly options?: EncryptorOptions }[]
  }
}

/** The salts of Rails' configuration, under their names there. */
export const cookieSalts = {
  signedCookie: 'signed cookie',
  encryptedCookie: 'encrypted cookie',
  encryptedSignedCookie: 'signed encrypted cookie',
  authenticatedEncryptedCookie: 'authenticated encrypted cookie',
}

/** What was in a cookie. With `rewrite` it was readable, but the browser should get it again as it is written now. */
export interface ReadCookie {
  readonly value: unknown
  readonly rewrite: boolean
}

/** Until when a cookie may be read. */
export interface CookieExpiry {
  readonly expires?: Date | undefined
  readonly expiresIn?: Seconds | undefined
}

/** Browsers keep no more than this of a cookie, its name included. */
export const maxCookieBytes = 4096

/** Reads and writes the values of cookies: texts as they stand between `=` and `;`, after and before percent-encoding. */
export interface CookieCodec {
  /** @returns undefined when there is nothing that may be trusted */
  read(name: string, cookie: string): ReadCookie | undefined
  /** @throws CookieOverflow when name and value are longer than 4096 bytes */
  write(name: string, value: unknown, expiry?: CookieExpiry): string
}

/** The codec of signed cookies: readable for everybody, changeable for nobody. What `cookies.signed` is made of.
 * @example signedCookieCodec(application.keyGenerator).write('user_id', 5)
 */
export function signedCookieCodec(keys: KeyGenerator, settings: CookieSettings = {}): CookieCodec {
  const salts = { ...cookieSalts, ...settings.salts }
  const verifier = new MessageVerifier(keys.generateKey(salts.signedCookie), {
    digest: settings.signedDigest ?? 'SHA1',
    serializer: bytesSerializer,
  })
  for (const { secret, options } of settings.rotations?.signed ?? []) verifier.rotate(secret, { ...options, serializer: bytesSerializer })
  return cookieCodec(settings, {
    write: (bytes, metadata) => verifier.generate(bytes, metadata),
    read: (cookie, purpose, onRotation) => verifier.verified(cookie, { purpose, onRotation }),
  })
}

/** The codec of encrypted cookies: readable and changeable for nobody. What `cookies.encrypted` and the session are made of.
 * @example encryptedCookieCodec(application.keyGenerator).read('_shop_session', cookie)?.value
 */
export function encryptedCookieCodec(keys: KeyGenerator, settings: CookieSettings = {}): CookieCodec {
  const { useAuthenticatedEncryption = true, encryptedCipher: cipher = 'aes-256-gcm' } = settings
  const salts = { ...cookieSalts, ...settings.salts }
  const key = keys.generateKey(salts.authenticatedEncryptedCookie, MessageEncryptor.keyLength(cipher))
  const authenticated = { key, options: { cipher, serializer: bytesSerializer } }
  const cbcKey = keys.generateKey(salts.encryptedCookie, MessageEncryptor.keyLength('aes-256-cbc'))
  const signSecret = keys.generateKey(salts.encryptedSignedCookie)
  const legacy = { key: cbcKey, options: { cipher: 'aes-256-cbc', digest: 'SHA1', signSecret, serializer: bytesSerializer } }

  const [current, other] = useAuthenticatedEncryption ? [authenticated, legacy] : [legacy, authenticated]
  const encryptor = new MessageEncryptor(current.key, current.options)
  for (const { key: old, options } of settings.rotations?.encrypted ?? [])
    encryptor.rotate(old, { ...options, serializer: bytesSerializer })
  encryptor.rotate(other.key, other.options)
  return cookieCodec(settings, {
    write: (bytes, metadata) => encryptor.encryptAndSign(bytes, metadata),
    read: (cookie, purpose, onRotation) => encryptor.decrypted(cookie, { purpose, onRotation }),
  })
}

interface CookieMessages {
  write(bytes: string | Uint8Array, metadata: MessageMetadata): string
  read(cookie: string, purpose: string | undefined, onRotation: () => void): unknown
}

function cookieCodec({ serializer: given = 'json', useMetadata = true }: CookieSettings, messages: CookieMessages): CookieCodec {
  const serializer = serializerFor(given)
  // A cookie without a purpose was written with useMetadata off, or by an older version: it is read as well.
  const readBytes = (name: string, cookie: string, onRotation: () => void) =>
    messages.read(cookie, `cookie.${name}`, onRotation) ?? messages.read(cookie, undefined, onRotation)
  return {
    read(name, cookie) {
      let isOld = false
      const bytes = readBytes(name, cookie, () => {
        isOld = true
      })
      if (!Buffer.isBuffer(bytes)) return undefined
      try {
        return { value: serializer.load(bytes), rewrite: isOld || isOfAnotherFormat(given, bytes) }
      } catch {
        return undefined
      }
    },
    write(name, value, expiry = {}) {
      const purpose = useMetadata ? `cookie.${name}` : undefined
      const cookie = messages.write(serializer.dump(value), { purpose, expiresAt: expiry.expires, expiresIn: expiry.expiresIn })
      const size = Buffer.byteLength(name) + Buffer.byteLength(cookie)
      if (size > maxCookieBytes) throw new CookieOverflow({ name, size, limit: maxCookieBytes })
      return cookie
    },
  }
}

function isOfAnotherFormat(serializer: CookieSettings['serializer'], bytes: Buffer): boolean {
  return (serializer === 'hybrid' || serializer === 'json_allow_marshal') && isMarshal(bytes)
}
