import { InvalidMessageOption, RotationTooLate } from './errors.ts'
import { type EncryptorOptions, MessageEncryptor } from './message_encryptor.ts'
import { MessageVerifier, type VerifierOptions } from './message_verifier.ts'
import type { MessageCodec } from './codec.ts'

/** Derives the secret of a salt. `options` are those of a rotation that this generator knows of, such as an old secretKeyBase. */
export type SecretGenerator = (salt: string, options: { secretKeyBase?: string; length?: number }) => string | Uint8Array

/** What a rotation changes: options of the codec, where the secret comes from, or both. */
export type Rotation<O> = O & { readonly secretKeyBase?: string; readonly secretGenerator?: SecretGenerator }

type RotationsOf<O> = Rotation<O> | ((salt: string) => Rotation<O> | undefined)

/** One codec a name, all with the same rotations: what `config.messageVerifiers` and `config.messageEncryptors` are.
 * @see ActiveSupport::Messages::RotationCoordinator
 */
abstract class RotationCoordinator<C extends MessageCodec, O> {
  /** Writes with the second of the options while all servers learn to read the first. */
  transitional = false
  readonly #generator: SecretGenerator
  readonly #rotations: RotationsOf<O>[] = []
  readonly #codecs = new Map<string, C>()
  #onRotation: (() => void) | undefined

  constructor(generator: SecretGenerator) {
    this.#generator = generator
  }

  protected abstract build(secret: string | Uint8Array, options: O): C
  protected abstract secretLength(options: O): number | undefined

  /** The codec of a name, made at first use. */
  get(salt: string): C {
    let codec = this.#codecs.get(salt)
    if (codec === undefined) {
      codec = this.#make(salt)
      this.#codecs.set(salt, codec)
    }
    return codec
  }

  /** Puts another codec in place of the one of a name. */
  set(salt: string, codec: C): this {
    this.#codecs.set(salt, codec)
    return this
  }

  /** Adds options: the first are written with, all are read with. A function may say others for each name, or undefined for none.
   * @example messageVerifiers.rotate({ digest: 'SHA256' }).rotate({ digest: 'SHA1' })
   */
  rotate(options: RotationsOf<O>): this {
    this.#expectUnused()
    this.#rotations.push(options)
    return this
  }

  /** Adds the default options. */
  rotateDefaults(): this {
    return this.rotate({} as Rotation<O>)
  }

  /** Puts options before all others, so that messages are written with them. */
  prepend(options: RotationsOf<O>): this {
    this.#expectUnused()
    this.#rotations.unshift(options)
    return this
  }

  clearRotations(): this {
    this.#expectUnused()
    this.#rotations.length = 0
    return this
  }

  /** What to call when a message could be read with older options only. */
  onRotation(callback: () => void): this {
    this.#expectUnused()
    this.#onRotation = callback
    return this
  }

  #make(salt: string): C {
    const options = this.#rotations.map((given) => (typeof given === 'function' ? given(salt) : given))
    const isTransitional = this.transitional && options[0] !== undefined
    const present = options.filter((given) => given !== undefined)
    if (isTransitional && present.length > 1) present.splice(0, 2, present[1]!, present[0]!)
    const [first, ...others] = present.map((given) => this.#build(salt, given))
    if (first === undefined)
      throw new InvalidMessageOption({
        option: 'rotations',
        value: `empty for ${salt}`,
        expected: 'at least one, as rotateDefaults() adds',
      })
    for (const other of others) first.fallBackTo(other)
    if (this.#onRotation !== undefined) first.onRotation(this.#onRotation)
    return first
  }

  #build(salt: string, { secretKeyBase, secretGenerator = this.#generator, ...options }: Rotation<O>): C {
    const own = options as O
    const length = this.secretLength(own)
    const given = { ...(secretKeyBase !== undefined && { secretKeyBase }), ...(length !== undefined && { length }) }
    return this.build(secretGenerator(salt, given), own)
  }

  #expectUnused(): void {
    if (this.#codecs.size > 0) throw new RotationTooLate({ salts: [...this.#codecs.keys()] })
  }
}

/** The verifiers of an application, by name. See `MessageVerifier`. */
export class MessageVerifiers extends RotationCoordinator<MessageVerifier, VerifierOptions> {
  protected build(secret: string | Uint8Array, options: VerifierOptions): MessageVerifier {
    return new MessageVerifier(secret, options)
  }

  protected secretLength(): undefined {
    return undefined
  }
}

/** The encryptors of an application, by name. See `MessageEncryptor`. */
export class MessageEncryptors extends RotationCoordinator<MessageEncryptor, EncryptorOptions> {
  protected build(secret: string | Uint8Array, options: EncryptorOptions): MessageEncryptor {
    return new MessageEncryptor(secret, options)
  }

  protected secretLength(options: EncryptorOptions): number {
    return MessageEncryptor.keyLength(options.cipher)
  }
}
