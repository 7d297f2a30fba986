import { RegaugeError } from '../errors/index.ts'

/** A line of a routes file that can't be drawn. The message names its file and line. */
export class InvalidRoute extends RegaugeError<'REGAUGE_INVALID_ROUTE'> {
  static override code = 'REGAUGE_INVALID_ROUTE' as const
}

/** No route answers this request. */
export class NoRoute extends RegaugeError<'REGAUGE_NO_ROUTE'> {
  static override code = 'REGAUGE_NO_ROUTE' as const
}

/** No route makes a URL of these values. */
export class UrlGenerationError extends RegaugeError<'REGAUGE_URL_GENERATION'> {
  static override code = 'REGAUGE_URL_GENERATION' as const
}

/** A full URL needs a host, and nobody named one. */
export class MissingHost extends RegaugeError<'REGAUGE_MISSING_HOST'> {
  static override code = 'REGAUGE_MISSING_HOST' as const
}

/** An option of a URL has a value that no URL can have. */
export class InvalidUrlOption extends RegaugeError<'REGAUGE_INVALID_URL_OPTION'> {
  static override code = 'REGAUGE_INVALID_URL_OPTION' as const
}

/** A path's percent-encoding isn't valid UTF-8; the answer is 400. */
export class InvalidPathEncoding extends RegaugeError<'REGAUGE_INVALID_PATH_ENCODING'> {
  static override code = 'REGAUGE_INVALID_PATH_ENCODING' as const
}

/** No route has the name that a URL helper was called by. */
export class UnknownUrlHelper extends RegaugeError<'REGAUGE_UNKNOWN_URL_HELPER'> {
  static override code = 'REGAUGE_UNKNOWN_URL_HELPER' as const
}
