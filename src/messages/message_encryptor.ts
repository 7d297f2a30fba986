import { decodeBase64, encodeBase64 } from './base64.ts'
import { Cipher, tagLength } from './cipher.ts'
import { type CodecOptions, MessageCodec, type ReadOptions } from './codec.ts'
import { InvalidMessage } from './errors.ts'
import { MessageVerifier } from './message_verifier.ts'
import type { MessageMetadata } from './metadata.ts'
import { bytesSerializer } from './serializers/serializer.ts'

/** How messages are encrypted. */
export interface EncryptorOptions extends CodecOptions {
  /** `aes-256-gcm` unless another is named; `aes-256-cbc` is what Rails wrote before 5.2, signed with HMAC. */
  readonly cipher?: string
  /** The digest of the HMAC of ciphers that don't authenticate: `SHA1` unless another is named. */
  readonly digest?: string
  /** The secret of that HMAC; the key itself unless given. */
  readonly signSecret?: string | Uint8Array | undefined
}

const separator = '--'

/** Encrypts values so that nobody can read or change them. Rails reads what this writes, and this what Rails writes.
 *
 * @example
 * const encryptor = new MessageEncryptor(keyGenerator.generateKey('invoices', 32))
 * const message = encryptor.encryptAndSign({ total: 5 }, { purpose: 'invoice' })
 * encryptor.decryptAndVerify(message, { purpose: 'invoice' }) // { total: 5 }
 * @see ActiveSupport::MessageEncryptor
 */
export class MessageEncryptor extends MessageCodec {
  readonly #key: Buffer
  readonly #options: EncryptorOptions
  readonly #cipher: Cipher
  readonly #signature: SignedBytes | undefined

  /** @param key exactly as long as the cipher needs it: see `keyLength`
   * @throws InvalidMessageOption for a cipher that doesn't exist, or a key of another length
   */
  constructor(key: string | Uint8Array, options: EncryptorOptions = {}) {
    super(options)
    this.#key = Buffer.from(key as Uint8Array)
    this.#options = options
    this.#cipher = new Cipher(options.cipher ?? 'aes-256-gcm')
    this.#cipher.expectKey(this.#key)
    if (this.#cipher.isAuthenticated) return
    const { digest = 'SHA1', signSecret = key } = options
    this.#signature = new SignedBytes(signSecret, { digest, urlSafe: this.urlSafe, serializer: bytesSerializer })
  }

  /** Bytes that the key of a cipher has. */
  static keyLength(cipher = 'aes-256-gcm'): number {
    return new Cipher(cipher).keyLength
  }

  /** The encrypted message of a value. */
  encryptAndSign(value: unknown, metadata: MessageMetadata = {}): string {
    return this.write(value, metadata)
  }

  /** The value of a message; undefined when it has expired or is for another purpose.
   * @throws InvalidMessage when it can't be decrypted or read
   */
  decryptAndVerify(message: unknown, options: ReadOptions = {}): unknown {
    const reading = this.read(message, options)
    if ('value' in reading) return reading.value
    if (reading.failure === 'content') return undefined
    throw new InvalidMessage({})
  }

  /** Like `decryptAndVerify`, but undefined for everything that can't be read. */
  decrypted(message: unknown, options: ReadOptions = {}): unknown {
    const reading = this.read(message, options)
    return 'value' in reading ? reading.value : undefined
  }

  /** Reads messages of an old key or of other options, too. What isn't named stays as it is here.
   * @example encryptor.rotate(oldKey, { cipher: 'aes-256-cbc', signSecret: oldSignSecret })
   */
  rotate(key: string | Uint8Array | EncryptorOptions, options: EncryptorOptions = {}): this {
    const isKey = typeof key === 'string' || key instanceof Uint8Array
    const { onRotation: _, ...own } = this.#options
    return this.fallBackTo(new MessageEncryptor(isKey ? key : this.#key, { ...own, ...(isKey ? options : key) }))
  }

  protected seal(bytes: Buffer): string {
    const { data, iv, tag } = this.#cipher.encrypt(bytes, this.#key)
    const parts = tag === undefined ? [data, iv] : [data, iv, tag]
    const message = parts.map((part) => encodeBase64(part, this.urlSafe)).join(separator)
    return this.#signature === undefined ? message : this.#signature.sign(Buffer.from(message))
  }

  protected open(message: string): Buffer | undefined {
    const encrypted = this.#signature === undefined ? message : this.#signature.unsign(message)?.toString('latin1')
    return encrypted === undefined ? undefined : this.#decrypt(encrypted)
  }

  // From the end, where lengths are known: URL-safe data may hold the separator.
  #decrypt(message: string): Buffer | undefined {
    const parts: Buffer[] = []
    let end = message.length
    for (const length of this.#cipher.isAuthenticated ? [tagLength, this.#cipher.ivLength] : [this.#cipher.ivLength]) {
      const start = end - this.#encodedLength(length)
      if (start < separator.length || !message.startsWith(separator, start - separator.length)) return undefined
      const part = decodeBase64(message.slice(start, end), this.urlSafe)
      if (part === undefined) return undefined
      parts.unshift(part)
      end = start - separator.length
    }
    const data = decodeBase64(message.slice(0, end), this.urlSafe)
    return data === undefined ? undefined : this.#cipher.decrypt({ data, iv: parts[0]!, tag: parts[1] }, this.#key)
  }

  #encodedLength(bytes: number): number {
    return this.urlSafe ? Math.ceil((4 * bytes) / 3) : 4 * Math.ceil(bytes / 3)
  }
}

/** Bytes under a signature, for ciphers that don't authenticate themselves. */
class SignedBytes extends MessageVerifier {
  sign(bytes: Buffer): string {
    return this.seal(bytes)
  }

  unsign(message: string): Buffer | undefined {
    return this.open(message)
  }
}
