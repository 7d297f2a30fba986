import { RegaugeError } from '../errors/index.ts'

/** A signed message was changed, signed with another secret, has expired, or was made for another purpose. */
export class InvalidSignature extends RegaugeError<'REGAUGE_INVALID_SIGNATURE'> {
  static override code = 'REGAUGE_INVALID_SIGNATURE' as const
}

/** An encrypted message was changed or encrypted with another secret. */
export class InvalidMessage extends RegaugeError<'REGAUGE_INVALID_MESSAGE'> {
  static override code = 'REGAUGE_INVALID_MESSAGE' as const
}

/** A signed message is authentic, but in a format that its reader doesn't read. */
export class UnreadableMessage extends RegaugeError<'REGAUGE_UNREADABLE_MESSAGE'> {
  static override code = 'REGAUGE_UNREADABLE_MESSAGE' as const
}

/** A value is no plain data, so no message can hold it. */
export class UnwritableValue extends RegaugeError<'REGAUGE_UNWRITABLE_VALUE'> {
  static override code = 'REGAUGE_UNWRITABLE_VALUE' as const
}

/** A digest, cipher, key, serializer or time that can't be. */
export class InvalidMessageOption extends RegaugeError<'REGAUGE_INVALID_MESSAGE_OPTION'> {
  static override code = 'REGAUGE_INVALID_MESSAGE_OPTION' as const
}

/** Rotations were changed after they had been used. */
export class RotationTooLate extends RegaugeError<'REGAUGE_ROTATION_TOO_LATE'> {
  static override code = 'REGAUGE_ROTATION_TOO_LATE' as const
}

/** A signed or encrypted cookie is larger than browsers keep. */
export class CookieOverflow extends RegaugeError<'REGAUGE_COOKIE_OVERFLOW'> {
  static override code = 'REGAUGE_COOKIE_OVERFLOW' as const
}

/** Something is to be signed or encrypted where no application is running. */
export class NoSecret extends RegaugeError<'REGAUGE_NO_SECRET'> {
  static override code = 'REGAUGE_NO_SECRET' as const
}
