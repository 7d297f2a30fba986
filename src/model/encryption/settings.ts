import { PerApplication } from '../../context/index.ts'
import { EncryptionNotConfigured } from './errors.ts'
import { deriveKey, type KeyProvider, KeyRing } from './keys.ts'
import type { SchemeOptions } from './scheme.ts'

/** The settings of encrypted attributes, which an application has under `config.encryption`. The keys are those of Rails' credentials, under
 * `active_record_encryption`.
 */
export interface EncryptionSettings {
  /** Passwords that keys are derived from; of a list the last encrypts, and all decrypt. */
  primaryKey?: string | readonly string[] | undefined
  deterministicKey?: string | undefined
  keyDerivationSalt?: string | undefined
  /** `SHA256` as in Rails since 7.1; `SHA1` before. */
  hashDigest?: string
  /** Writes beside each value which key it was encrypted with. */
  storeKeyReferences?: boolean
  /** Reads values that aren't encrypted yet, and finds them. Only while a table is being encrypted. */
  supportUnencryptedData?: boolean
  /** Older ways of encrypting that all attributes are read with, too. */
  previous?: readonly SchemeOptions[]
  /** Reads values that Rails before 7.1 encrypted with keys derived with SHA1. */
  supportSha1ForNonDeterministicEncryption?: boolean
  /** Replaces the keys derived from `primaryKey`, or wraps them. */
  keyProvider?: ((primary: KeyProvider) => KeyProvider) | undefined
}

const holder = new PerApplication<EncryptionSettings>()

/** Sets the keys of encrypted attributes of an application, and outside of any. The application calls it at boot. */
export function useEncryption(settings: EncryptionSettings | undefined, application?: object): void {
  holder.use(settings, application)
}

/** Forgets the keys of an application that has stopped. */
export function releaseEncryption(application: object): void {
  holder.release(application)
}

/** The settings in use; none of them when no application has booted. */
export function encryptionSettings(): EncryptionSettings {
  return holder.current ?? unset
}

const unset: EncryptionSettings = {}

/** The keys of attributes without keys of their own.
 * @throws EncryptionNotConfigured
 */
export function primaryKeys(settings: EncryptionSettings): KeyProvider {
  const keys = ringOf([required(settings, 'primaryKey')].flat(), settings)
  return settings.keyProvider === undefined ? keys : settings.keyProvider(keys)
}

/** The key of deterministic attributes: a single one, since a second could find nothing of the first.
 * @throws EncryptionNotConfigured
 */
export function deterministicKeys(settings: EncryptionSettings): KeyProvider {
  return ringOf([required(settings, 'deterministicKey')], settings)
}

/** Keys derived from passwords.
 * @throws EncryptionNotConfigured without a salt
 */
export function ringOf(passwords: readonly string[], settings: EncryptionSettings, digest = settings.hashDigest ?? 'SHA256'): KeyProvider {
  const salt = required(settings, 'keyDerivationSalt')
  const secrets = passwords.map((password) => deriveKey(password, { salt, digest }))
  return new KeyRing(secrets, settings.storeKeyReferences ?? false)
}

function required<N extends 'primaryKey' | 'deterministicKey' | 'keyDerivationSalt'>(
  settings: EncryptionSettings,
  setting: N,
): NonNullable<EncryptionSettings[N]> {
  const value = settings[setting]
  if (value === undefined || value.length === 0) throw new EncryptionNotConfigured({ setting })
  return value
}
