import { RegaugeError } from '../errors/index.ts'

/** Thrown by `rejectUnauthorizedConnection`; the client is told not to come back. */
export class UnauthorizedConnection extends RegaugeError<'REGAUGE_UNAUTHORIZED_CONNECTION'> {
  static override code = 'REGAUGE_UNAUTHORIZED_CONNECTION' as const
}

/** A message that JSON has no form for. */
export class MessageNotSerializable extends RegaugeError<'REGAUGE_MESSAGE_NOT_SERIALIZABLE'> {
  static override code = 'REGAUGE_MESSAGE_NOT_SERIALIZABLE' as const
}

/** A value given to `streamFor` or `broadcastTo` that names nothing. */
export class NoBroadcastingName extends RegaugeError<'REGAUGE_NO_BROADCASTING_NAME'> {
  static override code = 'REGAUGE_NO_BROADCASTING_NAME' as const
}

/** Something else than a channel class was registered as a channel. */
export class NotAChannel extends RegaugeError<'REGAUGE_NOT_A_CHANNEL'> {
  static override code = 'REGAUGE_NOT_A_CHANNEL' as const
}

/** Something else than a connection class was given as the connection class. */
export class NotAConnection extends RegaugeError<'REGAUGE_NOT_A_CONNECTION'> {
  static override code = 'REGAUGE_NOT_A_CONNECTION' as const
}

/** A callback or timer that names a missing method. */
export class UnknownChannelCallback extends RegaugeError<'REGAUGE_UNKNOWN_CHANNEL_CALLBACK'> {
  static override code = 'REGAUGE_UNKNOWN_CHANNEL_CALLBACK' as const
}

/** Remote connections were asked for by other names than `identifiedBy` declares. */
export class UnknownIdentifier extends RegaugeError<'REGAUGE_UNKNOWN_IDENTIFIER'> {
  static override code = 'REGAUGE_UNKNOWN_IDENTIFIER' as const
}

/** `periodically` without a positive interval. */
export class InvalidTimer extends RegaugeError<'REGAUGE_INVALID_TIMER'> {
  static override code = 'REGAUGE_INVALID_TIMER' as const
}

/** One connection opened more streams than the application allows. */
export class StreamLimitReached extends RegaugeError<'REGAUGE_STREAM_LIMIT'> {
  static override code = 'REGAUGE_STREAM_LIMIT' as const
}
