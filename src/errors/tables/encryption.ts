import { row } from '../row.ts'

/** Errors of encrypted attributes. None of them carries a value, encrypted or not. */
export const encryptionErrors = {
  REGAUGE_DECRYPTION_FAILED: row(
    500,
    (d: { attribute?: string | undefined }) =>
      `${d.attribute === undefined ? 'A value' : `The attribute '${d.attribute}'`} can't be decrypted.`,
    'It was written with another key, or is not encrypted: see config.encryption.previous and config.encryption.supportUnencryptedData.',
  ),
  REGAUGE_ENCRYPTION_NOT_CONFIGURED: row(
    500,
    (d: { setting: string }) => `config.encryption.${d.setting} is missing.`,
    'Set it from the credentials of the Rails application (active_record_encryption), or from random ones of 32 characters.',
  ),
  REGAUGE_INVALID_ENCRYPTION: row(500, (d: { attribute: string; reason: string }) => `encrypts('${d.attribute}'): ${d.reason}`),
} as const
