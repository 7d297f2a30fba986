import { DecryptionFailed } from './errors.ts'
import { Scheme, type EncryptsOptions, type SchemeOptions } from './scheme.ts'
import { type EncryptionSettings, encryptionSettings, primaryKeys } from './settings.ts'
import { downcase } from './scheme.ts'

/** The encryption of one attribute: the scheme it is written with, and the older ones it is read with. */
export class AttributeEncryption {
  readonly attribute: string
  readonly options: EncryptsOptions
  readonly #scheme: Scheme
  readonly #declared: readonly Scheme[]
  readonly #previous = new WeakMap<EncryptionSettings, readonly Scheme[]>()

  /** @throws InvalidEncryption for options that don't go together */
  constructor(attribute: string, options: EncryptsOptions) {
    const { previous = [], ...own } = options
    this.attribute = attribute
    this.options = options
    this.#scheme = new Scheme(attribute, own)
    this.#declared = previous.map((each) => new Scheme(attribute, each))
  }

  get isDeterministic(): boolean {
    return this.#scheme.isDeterministic
  }

  get supportsUnencryptedData(): boolean {
    return this.#scheme.supportsUnencryptedData
  }

  /** The column's value of a text. */
  encrypt(text: string | Buffer): string {
    const oldest = this.#scheme.isFixed ? this.#previousSchemes()[0] : undefined
    return (oldest ?? this.#scheme).encrypt(text)
  }

  /** All values that a column may have for a text: what a search must look for. */
  candidates(text: string): string[] {
    const values = [this.encrypt(text), ...this.#previousSchemes().map((scheme) => scheme.encrypt(text))]
    const { downcase: lowers, ignoreCase } = this.#scheme.options
    if (this.supportsUnencryptedData) values.push(lowers || ignoreCase ? downcase(text) : text)
    return [...new Set(values)]
  }

  /** @throws DecryptionFailed naming the attribute */
  decrypt(text: string): string | Buffer {
    for (const scheme of [this.#scheme, ...this.#previousSchemes()]) {
      try {
        return scheme.decrypt(text)
      } catch (error) {
        if (!(error instanceof DecryptionFailed)) throw error
      }
    }
    if (this.supportsUnencryptedData) return text
    throw new DecryptionFailed({ attribute: this.attribute })
  }

  #previousSchemes(): readonly Scheme[] {
    const settings = encryptionSettings()
    let schemes = this.#previous.get(settings)
    if (schemes === undefined) {
      schemes = [...this.#schemesOf(settings), ...this.#declared]
      this.#previous.set(settings, schemes)
    }
    return schemes
  }

  /** Those of the application that find what this one finds: deterministic ones are no help to random ones. */
  #schemesOf(settings: EncryptionSettings): Scheme[] {
    const { deterministic, downcase: lowers, ignoreCase, keyProvider } = this.options
    const own: SchemeOptions = {
      ...(deterministic !== undefined && { deterministic }),
      ...(lowers !== undefined && { downcase: lowers }),
      ...(ignoreCase !== undefined && { ignoreCase }),
    }
    return [...(settings.previous ?? []), ...sha1Schemes(settings)]
      .filter((previous) => Boolean(previous.deterministic) === this.isDeterministic)
      .map((previous) => {
        const hasKeys = previous.key !== undefined || previous.keyProvider !== undefined
        return new Scheme(this.attribute, { ...own, ...(!hasKeys && keyProvider !== undefined && { keyProvider }), ...previous })
      })
  }
}

function sha1Schemes(settings: EncryptionSettings): SchemeOptions[] {
  if (settings.supportSha1ForNonDeterministicEncryption !== true) return []
  return [{ keyProvider: primaryKeys({ ...settings, hashDigest: 'SHA1' }) }]
}
