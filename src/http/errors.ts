import { RegaugeError } from '../errors/index.ts'

/** The request can't be understood: bad percent-encoding, conflicting parameters, an incomplete body. */
export class BadRequest extends RegaugeError<'REGAUGE_BAD_REQUEST'> {
  static override code = 'REGAUGE_BAD_REQUEST' as const
}

/** The body isn't what its Content-Type says, as with malformed JSON. */
export class ParseError extends RegaugeError<'REGAUGE_PARSE_ERROR'> {
  static override code = 'REGAUGE_PARSE_ERROR' as const
}

/** A method that HTTP or WebDAV don't define, or that the path doesn't answer to. */
export class MethodNotAllowed extends RegaugeError<'REGAUGE_METHOD_NOT_ALLOWED'> {
  static override code = 'REGAUGE_METHOD_NOT_ALLOWED' as const
}

/** An Accept or Content-Type header that isn't a media type. */
export class InvalidMediaType extends RegaugeError<'REGAUGE_INVALID_MEDIA_TYPE'> {
  static override code = 'REGAUGE_INVALID_MEDIA_TYPE' as const
}

/** The body is larger than the configured limit. */
export class BodyTooLarge extends RegaugeError<'REGAUGE_BODY_TOO_LARGE'> {
  static override code = 'REGAUGE_BODY_TOO_LARGE' as const
}

/** The body wasn't complete within the time that the server gives it. */
export class RequestTimeout extends RegaugeError<'REGAUGE_REQUEST_TIMEOUT'> {
  static override code = 'REGAUGE_REQUEST_TIMEOUT' as const
}

/** More multipart parts or files than the configured limit. */
export class TooManyParts extends RegaugeError<'REGAUGE_TOO_MANY_PARTS'> {
  static override code = 'REGAUGE_TOO_MANY_PARTS' as const
}

/** The body as it was sent is asked for, and middleware has read it. */
export class BodyConsumed extends RegaugeError<'REGAUGE_BODY_CONSUMED'> {
  static override code = 'REGAUGE_BODY_CONSUMED' as const
}

/** The body's media type isn't among those that were asked for. */
export class UnsupportedMediaType extends RegaugeError<'REGAUGE_UNSUPPORTED_MEDIA_TYPE'> {
  static override code = 'REGAUGE_UNSUPPORTED_MEDIA_TYPE' as const
}

/** The body is compressed. */
export class UnsupportedEncoding extends RegaugeError<'REGAUGE_UNSUPPORTED_ENCODING'> {
  static override code = 'REGAUGE_UNSUPPORTED_ENCODING' as const
}

/** Client-Ip and X-Forwarded-For contradict each other. */
export class IpSpoofing extends RegaugeError<'REGAUGE_IP_SPOOFING'> {
  static override code = 'REGAUGE_IP_SPOOFING' as const
}

/** A response header with a line break, which would let a client write headers of its own. */
export class InvalidHeader extends RegaugeError<'REGAUGE_INVALID_HEADER'> {
  static override code = 'REGAUGE_INVALID_HEADER' as const
}

/** A cookie is set with an option that doesn't exist, or that no header can hold. */
export class InvalidCookie extends RegaugeError<'REGAUGE_INVALID_COOKIE'> {
  static override code = 'REGAUGE_INVALID_COOKIE' as const
}

/** A cookie is to be signed or encrypted without a secret. */
export class MissingSecret extends RegaugeError<'REGAUGE_MISSING_SECRET'> {
  static override code = 'REGAUGE_MISSING_SECRET' as const
}

/** A session is written to where there are none. */
export class SessionDisabled extends RegaugeError<'REGAUGE_SESSION_DISABLED'> {
  static override code = 'REGAUGE_SESSION_DISABLED' as const
}

/** A session is asked before its store has answered. */
export class SessionNotLoaded extends RegaugeError<'REGAUGE_SESSION_NOT_LOADED'> {
  static override code = 'REGAUGE_SESSION_NOT_LOADED' as const
}

/** A middleware stack was asked for a middleware it doesn't have. */
export class UnknownMiddleware extends RegaugeError<'REGAUGE_UNKNOWN_MIDDLEWARE'> {
  static override code = 'REGAUGE_UNKNOWN_MIDDLEWARE' as const
}

/** A stage of every request was to be moved, replaced or removed. */
export class FixedMiddleware extends RegaugeError<'REGAUGE_FIXED_MIDDLEWARE'> {
  static override code = 'REGAUGE_FIXED_MIDDLEWARE' as const
}

/** `res.render` was called where there are no views. */
export class NoViews extends RegaugeError<'REGAUGE_NO_VIEWS'> {
  static override code = 'REGAUGE_NO_VIEWS' as const
}

/** The port or socket can't be opened. */
export class CannotListen extends RegaugeError<'REGAUGE_CANNOT_LISTEN'> {
  static override code = 'REGAUGE_CANNOT_LISTEN' as const
}

/** No route fits the request. */
export class RouteNotFound extends RegaugeError<'REGAUGE_NO_ROUTE'> {
  static override code = 'REGAUGE_NO_ROUTE' as const
}

/** A streamed answer was written to after its client had gone, or after it was closed. */
export class ClientDisconnected extends RegaugeError<'REGAUGE_CLIENT_DISCONNECTED'> {
  static override code = 'REGAUGE_CLIENT_DISCONNECTED' as const
}

/** A format that nobody registered. */
export class UnknownMediaType extends RegaugeError<'REGAUGE_UNKNOWN_MEDIA_TYPE'> {
  static override code = 'REGAUGE_UNKNOWN_MEDIA_TYPE' as const
}

/** The variant of a request is set to something else than names. */
export class InvalidVariant extends RegaugeError<'REGAUGE_INVALID_VARIANT'> {
  static override code = 'REGAUGE_INVALID_VARIANT' as const
}
