import type { EncryptionSettings } from '../../model/index.ts'
import type { Credentials } from './credentials.ts'

/** The settings of encrypted attributes with every name there, since a setting that isn't there is refused as mistyped; the keys are those
 * that Rails takes from the credentials. */
export function encryptionOf(credentials: Credentials): EncryptionSettings {
  const group = 'active_record_encryption'
  const primary = credentials.get(group, 'primary_key')
  return {
    primaryKey: Array.isArray(primary) ? primary.map(String) : credentials.text(group, 'primary_key'),
    deterministicKey: credentials.text(group, 'deterministic_key'),
    keyDerivationSalt: credentials.text(group, 'key_derivation_salt'),
    hashDigest: 'SHA256',
    storeKeyReferences: false,
    supportUnencryptedData: false,
    previous: [],
    supportSha1ForNonDeterministicEncryption: false,
    keyProvider: undefined,
  }
}
