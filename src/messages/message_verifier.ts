import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { type CodecOptions, MessageCodec, type ReadOptions } from './codec.ts'
import { digestLength, digestName } from './digest.ts'
import { InvalidSignature, UnreadableMessage } from './errors.ts'
import type { MessageMetadata, Reading } from './metadata.ts'

/** How messages are signed. */
export interface VerifierOptions extends CodecOptions {
  /** The digest of the HMAC: `SHA1` as in Rails, unless another is named. */
  readonly digest?: string
}

const separator = '--'

/** Signs values so that nobody can change them, though everybody can read them. Rails reads what this writes, and this what Rails writes.
 *
 * @example
 * const verifier = new MessageVerifier(secret, { digest: 'SHA256', serializer: 'json' })
 * const token = verifier.generate({ id: 5 }, { purpose: 'login', expiresIn: 3600 })
 * verifier.verified(token, { purpose: 'login' }) // { id: 5 }
 * @see ActiveSupport::MessageVerifier
 */
export class MessageVerifier extends MessageCodec {
  readonly #secret: string | Uint8Array
  readonly #key: KeyObject
  readonly #options: VerifierOptions
  readonly #digest: string
  readonly #digestLength: number

  /** @throws InvalidMessageOption for a digest or a serializer that doesn't exist */
  constructor(secret: string | Uint8Array, options: VerifierOptions = {}) {
    super(options)
    this.#secret = secret
    this.#key = createSecretKey(Buffer.from(secret as Uint8Array))
    this.#options = options
    this.#digest = digestName(options.digest ?? 'SHA1')
    this.#digestLength = digestLength(this.#digest) * 2
  }

  /** The signed message of a value. */
  generate(value: unknown, metadata: MessageMetadata = {}): string {
    return this.write(value, metadata)
  }

  /** The value of a message, or undefined when it isn't authentic, has expired or is for another purpose.
   * @throws UnreadableMessage when it is authentic but written with another serializer
   */
  verified(message: unknown, options: ReadOptions = {}): unknown {
    const reading = this.read(message, options)
    return 'value' in reading ? reading.value : unreadable(reading, this.#options)
  }

  /** The value of a message.
   * @throws InvalidSignature when it isn't authentic, has expired or is for another purpose
   * @throws UnreadableMessage when it is authentic but written with another serializer
   */
  verify(message: unknown, options: ReadOptions = {}): unknown {
    const reading = this.read(message, options)
    if ('value' in reading) return reading.value
    unreadable(reading, this.#options)
    throw new InvalidSignature({})
  }

  /** Whether a message is authentic, whatever is in it. Old secrets are not tried. */
  isValidMessage(message: unknown): boolean {
    return typeof message === 'string' && this.#authentic(message) !== undefined
  }

  /** Reads messages of an old secret or of other options, too. What isn't named stays as it is here.
   * @example verifier.rotate(oldSecret, { digest: 'SHA1' })
   */
  rotate(secret: string | Uint8Array | VerifierOptions, options: VerifierOptions = {}): this {
    const isSecret = typeof secret === 'string' || secret instanceof Uint8Array
    const { onRotation: _, ...own } = this.#options
    return this.fallBackTo(new MessageVerifier(isSecret ? secret : this.#secret, { ...own, ...(isSecret ? options : secret) }))
  }

  protected seal(bytes: Buffer): string {
    const data = this.encode(bytes)
    return `${data}${separator}${this.#sign(data)}`
  }

  protected encode(bytes: Buffer): string {
    return encodeBase64(bytes, this.urlSafe)
  }

  // A signed text is nobody else's, so it may be in the other alphabet: Rails 8 lets url_safe be changed without a rotation.
  protected open(message: string): Buffer | undefined {
    const data = this.#authentic(message)
    return data === undefined ? undefined : (decodeBase64(data, this.urlSafe) ?? decodeBase64(data, !this.urlSafe))
  }

  #authentic(message: string): string | undefined {
    const end = message.length - this.#digestLength - separator.length
    if (end <= 0 || !message.startsWith(separator, end)) return undefined
    const data = message.slice(0, end)
    const given = Buffer.from(message.slice(end + separator.length))
    const expected = Buffer.from(this.#sign(data))
    return given.length === expected.length && timingSafeEqual(given, expected) && data.trim() !== '' ? data : undefined
  }

  #sign(data: string): string {
    return createHmac(this.#digest, this.#key).update(data).digest('hex')
  }
}

function unreadable(reading: Reading, options: VerifierOptions): undefined {
  if (!('failure' in reading) || reading.failure !== 'serialization') return undefined
  const serializer = typeof options.serializer === 'object' ? 'of its own' : (options.serializer ?? 'json_allow_marshal')
  throw new UnreadableMessage({ serializer })
}
