import { RegaugeError } from '../src/errors/index.ts'

/** A Ruby file has a syntax error. */
export class BrokenRuby extends RegaugeError<'REGAUGE_BROKEN_RUBY'> {
  static override code = 'REGAUGE_BROKEN_RUBY' as const
}

/** The application to port lacks a file that the port begins with. */
export class MissingSource extends RegaugeError<'REGAUGE_MISSING_SOURCE'> {
  static override code = 'REGAUGE_MISSING_SOURCE' as const
}

/** A file parses as Ruby, but isn't what it should be: a routes file without `routes.draw`, a schema without `define`. */
export class UnexpectedRuby extends RegaugeError<'REGAUGE_UNEXPECTED_RUBY'> {
  static override code = 'REGAUGE_UNEXPECTED_RUBY' as const
}

/** The ported files could not be written. */
export class UnwritableOutput extends RegaugeError<'REGAUGE_UNWRITABLE_OUTPUT'> {
  static override code = 'REGAUGE_UNWRITABLE_OUTPUT' as const
}
