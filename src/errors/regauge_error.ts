import type { ErrorRow } from './row.ts'
import { type ErrorCode, type ErrorDetails, errorTable, type KnownDetails } from './table.ts'

/** The parent of every error this package throws: a stable `code`, an HTTP `status`, a `hint` that says how to mend it.
 *
 * Subclasses name a row of the error table with `static code`; the row turns the details into the message.
 * A plain string is taken as the message, so that `throw new RecordNotFound('no such article')` works as `raise` does.
 *
 * @example
 * class UnknownAction extends RegaugeError<'REGAUGE_UNKNOWN_ACTION'> { static override code = 'REGAUGE_UNKNOWN_ACTION' as const }
 * throw new UnknownAction({ controller: 'ArticlesController', action: 'shwo', suggestion: 'show' })
 */
export class RegaugeError<C extends ErrorCode = ErrorCode> extends Error {
  static code: ErrorCode
  readonly code: C
  readonly status: number
  readonly hint: string | undefined
  readonly details: KnownDetails<C>

  constructor(details: ErrorDetails<C> | string, options?: ErrorOptions) {
    const code = new.target.code as C
    const row: ErrorRow<never> = errorTable[code]
    const known = typeof details === 'string' ? undefined : details
    super(known ? (row.message as (details: ErrorDetails<C>) => string)(known) : (details as string), options)
    this.name = new.target.name
    this.code = code
    this.status = row.status
    this.hint = typeof row.hint === 'function' ? known && (row.hint as (details: ErrorDetails<C>) => string | undefined)(known) : row.hint
    this.details = (known ?? {}) as KnownDetails<C>
  }
}
