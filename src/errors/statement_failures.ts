import { RegaugeError } from './regauge_error.ts'
import type { ErrorCode } from './table.ts'

type Aborted = 'REGAUGE_QUERY_CANCELED' | 'REGAUGE_STATEMENT_TIMEOUT' | 'REGAUGE_LOCK_WAIT_TIMEOUT'
type RolledBack = 'REGAUGE_DEADLOCKED' | 'REGAUGE_SERIALIZATION_FAILURE'

/** The parent of what records and their database refuse, whatever it is. Rails' `ActiveRecord::ActiveRecordError`. */
export class ActiveRecordError<C extends ErrorCode = ErrorCode> extends RegaugeError<C> {}

/** A statement that the database refused, or that is refused before it is sent: the parent of those that say why, as `RecordNotUnique` and `Deadlocked`.
 * Rails' `ActiveRecord::StatementInvalid`.
 * @example this.rescueFrom(StatementInvalid, (controller) => controller.head('service_unavailable'))
 */
export class StatementInvalid<C extends ErrorCode = ErrorCode> extends ActiveRecordError<C> {
  /** The SQL of the statement, without its values, where it is known. */
  get sql(): string | undefined {
    return sqlOf(this)
  }
}

function sqlOf(error: Error): string | undefined {
  const { sql } = ((error as Partial<RegaugeError>).details ?? {}) as { sql?: string }
  return sql ?? (error.cause instanceof Error ? sqlOf(error.cause) : undefined)
}

/** A statement was ended before it was done: the parent of those that say why. Rails' `ActiveRecord::QueryAborted`. */
export class QueryAborted<C extends Aborted = Aborted> extends StatementInvalid<C> {}

/** A statement was cancelled: by somebody, or by PostgreSQL because it took longer than `statement_timeout`. */
export class QueryCanceled extends QueryAborted<'REGAUGE_QUERY_CANCELED'> {
  static override code: ErrorCode = 'REGAUGE_QUERY_CANCELED'
}

/** A statement took longer than MySQL or MariaDB lets it. */
export class StatementTimeout<
  C extends 'REGAUGE_STATEMENT_TIMEOUT' | 'REGAUGE_LOCK_WAIT_TIMEOUT' = 'REGAUGE_STATEMENT_TIMEOUT' | 'REGAUGE_LOCK_WAIT_TIMEOUT',
> extends QueryAborted<C> {
  static override code: ErrorCode = 'REGAUGE_STATEMENT_TIMEOUT'
}

/** A lock wasn't had in time, or not at once where nobody was to wait: `lock_timeout`, `nowait`. */
export class LockWaitTimeout extends StatementTimeout<'REGAUGE_LOCK_WAIT_TIMEOUT'> {
  static override code: ErrorCode = 'REGAUGE_LOCK_WAIT_TIMEOUT'
}

/** A transaction was given up for the sake of others, and may be tried again: the parent of those that say why. `retries` of a transaction does it. */
export class TransactionRollbackError<C extends RolledBack = RolledBack> extends StatementInvalid<C> {}

/** Two transactions waited for each other. */
export class Deadlocked extends TransactionRollbackError<'REGAUGE_DEADLOCKED'> {
  static override code: ErrorCode = 'REGAUGE_DEADLOCKED'
}

/** Transactions couldn't be put in an order in which each could have been alone. */
export class SerializationFailure extends TransactionRollbackError<'REGAUGE_SERIALIZATION_FAILURE'> {
  static override code: ErrorCode = 'REGAUGE_SERIALIZATION_FAILURE'
}
