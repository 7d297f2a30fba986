import { RegaugeError } from '../../errors/index.ts'

/** An encrypted attribute can't be read: another key, a value that was changed, or one that isn't encrypted. */
export class DecryptionFailed extends RegaugeError<'REGAUGE_DECRYPTION_FAILED'> {
  static override code = 'REGAUGE_DECRYPTION_FAILED' as const
}

/** A key of attribute encryption is missing. */
export class EncryptionNotConfigured extends RegaugeError<'REGAUGE_ENCRYPTION_NOT_CONFIGURED'> {
  static override code = 'REGAUGE_ENCRYPTION_NOT_CONFIGURED' as const
}

/** `encrypts` was given options or a column that don't go together. */
export class InvalidEncryption extends RegaugeError<'REGAUGE_INVALID_ENCRYPTION'> {
  static override code = 'REGAUGE_INVALID_ENCRYPTION' as const
}
