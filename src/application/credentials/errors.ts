import { RegaugeError } from '../../errors/index.ts'

/** The encrypted credentials can't be decrypted or aren't YAML. */
export class UnreadableCredentials extends RegaugeError<'REGAUGE_UNREADABLE_CREDENTIALS'> {
  static override code = 'REGAUGE_UNREADABLE_CREDENTIALS' as const
}

/** The key of the credentials isn't one. */
export class InvalidMasterKey extends RegaugeError<'REGAUGE_INVALID_MASTER_KEY'> {
  static override code = 'REGAUGE_INVALID_MASTER_KEY' as const
}

/** Credentials are to be written, and there is no key. */
export class MissingMasterKey extends RegaugeError<'REGAUGE_MISSING_MASTER_KEY'> {
  static override code = 'REGAUGE_MISSING_MASTER_KEY' as const
}

/** A credential that must be there isn't. */
export class MissingCredential extends RegaugeError<'REGAUGE_MISSING_CREDENTIAL'> {
  static override code = 'REGAUGE_MISSING_CREDENTIAL' as const
}

/** The encrypted credentials are asked for, and there is no such file. */
export class NoCredentials extends RegaugeError<'REGAUGE_NO_CREDENTIALS'> {
  static override code = 'REGAUGE_NO_CREDENTIALS' as const
}
