import { RegaugeError } from '../errors/index.ts'

/** `require`, `fetch` or `expect` found nothing. Ends a request with 400 when nobody rescues it. */
export class ParameterMissing extends RegaugeError<'REGAUGE_PARAMETER_MISSING'> {
  static override code = 'REGAUGE_PARAMETER_MISSING' as const

  /** The name that was looked for. */
  get param(): string {
    return this.details.param ?? this.message
  }

  /** The names that were there instead. */
  get keys(): readonly string[] {
    return this.details.keys ?? []
  }
}

/** `expectOrThrow` found nothing: the client is a part of the same product, so it is our mistake (500) and not the sender's. */
export class ExpectedParameterMissing extends RegaugeError<'REGAUGE_EXPECTED_PARAMETER_MISSING'> {
  static override code = 'REGAUGE_EXPECTED_PARAMETER_MISSING' as const
}

/** `permit` met names it wasn't told of, and the application asked to be told so. */
export class UnpermittedParameters extends RegaugeError<'REGAUGE_UNPERMITTED_PARAMETERS'> {
  static override code = 'REGAUGE_UNPERMITTED_PARAMETERS' as const
}

/** Parameters that didn't go through `permit` were asked for as a plain hash. */
export class UnfilteredParameters extends RegaugeError<'REGAUGE_UNFILTERED_PARAMETERS'> {
  static override code = 'REGAUGE_UNFILTERED_PARAMETERS' as const
}

/** A route or a callback names an action that the controller doesn't have. */
export class UnknownAction extends RegaugeError<'REGAUGE_UNKNOWN_ACTION'> {
  static override code = 'REGAUGE_UNKNOWN_ACTION' as const
}

/** A callback, a condition or a rescue handler names a method that the controller doesn't have. */
export class MissingCallback extends RegaugeError<'REGAUGE_MISSING_CALLBACK'> {
  static override code = 'REGAUGE_MISSING_CALLBACK' as const
}

/** A callback is declared with something that is none, or with an option that doesn't exist. */
export class InvalidCallback extends RegaugeError<'REGAUGE_INVALID_CALLBACK'> {
  static override code = 'REGAUGE_INVALID_CALLBACK' as const
}

/** A callback is skipped that was never declared. */
export class UndefinedCallback extends RegaugeError<'REGAUGE_UNDEFINED_CALLBACK'> {
  static override code = 'REGAUGE_UNDEFINED_CALLBACK' as const
}

/** An action answered twice. */
export class DoubleRender extends RegaugeError<'REGAUGE_DOUBLE_RENDER'> {
  static override code = 'REGAUGE_DOUBLE_RENDER' as const
}

/** A promise, or a relation that hasn't been loaded, was rendered: it would be `{}` in JSON. */
export class UnawaitedJson extends RegaugeError<'REGAUGE_UNAWAITED_JSON'> {
  static override code = 'REGAUGE_UNAWAITED_JSON' as const
}

/** A status that is neither a number nor a name HTTP knows. */
export class UnknownStatus extends RegaugeError<'REGAUGE_UNKNOWN_STATUS'> {
  static override code = 'REGAUGE_UNKNOWN_STATUS' as const
}

/** An encoding was declared for a parameter that there isn't. */
export class UnknownEncoding extends RegaugeError<'REGAUGE_UNKNOWN_ENCODING'> {
  static override code = 'REGAUGE_UNKNOWN_ENCODING' as const
}

/** A redirect would leave the host without having been allowed to. */
export class UnsafeRedirect extends RegaugeError<'REGAUGE_UNSAFE_REDIRECT'> {
  static override code = 'REGAUGE_UNSAFE_REDIRECT' as const
}

/** A client asked for a format that the action has no answer in. */
export class UnknownFormat extends RegaugeError<'REGAUGE_UNKNOWN_FORMAT'> {
  static override code = 'REGAUGE_UNKNOWN_FORMAT' as const
}

/** `respondTo` was called after another content type had been chosen. */
export class RespondToMismatch extends RegaugeError<'REGAUGE_RESPOND_TO_MISMATCH'> {
  static override code = 'REGAUGE_RESPOND_TO_MISMATCH' as const
}

/** `sendFile` can't read its file. */
export class MissingFile extends RegaugeError<'REGAUGE_MISSING_FILE'> {
  static override code = 'REGAUGE_MISSING_FILE' as const
}

/** A file became shorter while it was sent. */
export class FileChanged extends RegaugeError<'REGAUGE_FILE_CHANGED'> {
  static override code = 'REGAUGE_FILE_CHANGED' as const
}

/** A server-sent event can't be written as it is. */
export class InvalidEvent extends RegaugeError<'REGAUGE_INVALID_EVENT'> {
  static override code = 'REGAUGE_INVALID_EVENT' as const
}

/** `redirectTo` or `location` was given something that has no URL. */
export class UnknownUrl extends RegaugeError<'REGAUGE_UNKNOWN_URL'> {
  static override code = 'REGAUGE_UNKNOWN_URL' as const
}

/** A promise, or a relation that hasn't been loaded, was to say whether an answer is fresh. */
export class UnawaitedFreshness extends RegaugeError<'REGAUGE_UNAWAITED_FRESHNESS'> {
  static override code = 'REGAUGE_UNAWAITED_FRESHNESS' as const
}

/** A client has sent more requests than a `rateLimit` lets through. */
export class TooManyRequests extends RegaugeError<'REGAUGE_TOO_MANY_REQUESTS'> {
  static override code = 'REGAUGE_TOO_MANY_REQUESTS' as const
}

/** A request that changes something came without the token that only our own pages know. */
export class InvalidAuthenticityToken extends RegaugeError<'REGAUGE_INVALID_AUTHENTICITY_TOKEN'> {
  static override code = 'REGAUGE_INVALID_AUTHENTICITY_TOKEN' as const
}

/** Another site's page asked for JavaScript that is meant for ours. */
export class InvalidCrossOriginRequest extends RegaugeError<'REGAUGE_INVALID_CROSS_ORIGIN_REQUEST'> {
  static override code = 'REGAUGE_INVALID_CROSS_ORIGIN_REQUEST' as const
}

/** A controller protects itself from forgery in a way that doesn't exist. */
export class InvalidForgeryProtection extends RegaugeError<'REGAUGE_INVALID_FORGERY_PROTECTION'> {
  static override code = 'REGAUGE_INVALID_FORGERY_PROTECTION' as const
}

/** A name or password that should let somebody in is none, such as an environment variable that isn't set. */
export class InvalidCredentials extends RegaugeError<'REGAUGE_INVALID_CREDENTIALS'> {
  static override code = 'REGAUGE_INVALID_CREDENTIALS' as const
}

/** A rate limit is declared with a number or a time that is none. */
export class InvalidRateLimit extends RegaugeError<'REGAUGE_INVALID_RATE_LIMIT'> {
  static override code = 'REGAUGE_INVALID_RATE_LIMIT' as const
}

/** A `rescueFrom` doesn't end with a handler, or is for an error of Ruby's that nothing here is. */
export class InvalidRescue extends RegaugeError<'REGAUGE_INVALID_RESCUE'> {
  static override code = 'REGAUGE_INVALID_RESCUE' as const
}
