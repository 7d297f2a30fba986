import type { Compressor } from './compression.ts'
import { decryptValue, type EncryptionOptions, encryptValue } from './encryptor.ts'
import { InvalidEncryption } from './errors.ts'
import type { KeyProvider } from './keys.ts'
import { deterministicKeys, type EncryptionSettings, encryptionSettings, primaryKeys, ringOf } from './settings.ts'

/** One way to encrypt an attribute. */
export interface SchemeOptions {
  /** The same value is encrypted the same each time, so that it can be searched for and be unique. `{ fixed: false }` writes with these options
   * although there are `previous` ones; otherwise the oldest of those go on being written, so that all rows agree.
   */
  readonly deterministic?: boolean | { readonly fixed: boolean }
  /** A password of its own, or several: the last encrypts. */
  readonly key?: string | readonly string[]
  readonly keyProvider?: KeyProvider
  /** Writes and searches in lower case. */
  readonly downcase?: boolean
  /** As `downcase`, and keeps the original in the column `original_<name>`, which is what is read. */
  readonly ignoreCase?: boolean
  readonly supportUnencryptedData?: boolean
  /** False: long texts aren't compressed. */
  readonly compress?: boolean
  readonly compressor?: Compressor
}

/** What `encrypts` takes. */
export interface EncryptsOptions extends SchemeOptions {
  /** Older ways that values are still read with. */
  readonly previous?: readonly SchemeOptions[]
}

/** A way to encrypt an attribute, with the keys of the application we are in. */
export class Scheme {
  readonly options: SchemeOptions
  readonly isDeterministic: boolean
  readonly #encryption: EncryptionOptions
  readonly #keys = new WeakMap<EncryptionSettings, KeyProvider>()

  /** @throws InvalidEncryption for options that don't go together */
  constructor(attribute: string, options: SchemeOptions) {
    const { deterministic, ignoreCase, key, keyProvider, compress, compressor } = options
    const refuse = (reason: string): never => {
      throw new InvalidEncryption({ attribute, reason })
    }
    if (ignoreCase && !deterministic) refuse('ignoreCase goes with deterministic only, since nothing else can be searched for.')
    if (key !== undefined && keyProvider !== undefined) refuse('key and keyProvider exclude each other.')
    if (compress === false && compressor !== undefined) refuse('compressor and compress: false exclude each other.')
    this.options = options
    this.isDeterministic = Boolean(deterministic)
    this.#encryption = {
      deterministic: this.isDeterministic,
      ...(compress !== undefined && { compress }),
      ...(compressor !== undefined && { compressor }),
    }
  }

  /** Whether rows go on being written in the oldest way. */
  get isFixed(): boolean {
    const { deterministic } = this.options
    return typeof deterministic === 'object' ? deterministic.fixed : Boolean(deterministic)
  }

  get supportsUnencryptedData(): boolean {
    return this.options.supportUnencryptedData ?? encryptionSettings().supportUnencryptedData ?? false
  }

  encrypt(text: string | Buffer): string {
    const isLowered = this.options.downcase || this.options.ignoreCase
    return encryptValue(isLowered && typeof text === 'string' ? downcase(text) : text, this.#keyProvider(), this.#encryption)
  }

  /** @throws DecryptionFailed */
  decrypt(text: string): string | Buffer {
    return decryptValue(text, this.#keyProvider(), this.#encryption)
  }

  #keyProvider(): KeyProvider {
    const settings = encryptionSettings()
    let keys = this.#keys.get(settings)
    if (keys === undefined) {
      keys = this.#makeKeyProvider(settings)
      this.#keys.set(settings, keys)
    }
    return keys
  }

  #makeKeyProvider(settings: EncryptionSettings): KeyProvider {
    const { keyProvider, key } = this.options
    if (keyProvider !== undefined) return keyProvider
    if (key !== undefined) return ringOf([key].flat(), settings)
    return this.isDeterministic ? deterministicKeys(settings) : primaryKeys(settings)
  }
}

/** Lower case as Ruby's: letter by letter, without the rule for a Greek sigma at the end of a word. */
export function downcase(text: string): string {
  return text.includes('Σ') ? Array.from(text, (letter) => letter.toLowerCase()).join('') : text.toLowerCase()
}
