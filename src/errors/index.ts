export { abort, CallbackAborted } from './abort.ts'
export { errorOf, isError } from './error_of.ts'
export { errorOfRuby } from './errors_of_ruby.ts'
export { RegaugeError } from './regauge_error.ts'
export { didYouMeanText, type ErrorRow, row } from './row.ts'
export { type ErrorCode, type ErrorDetails, errorTable } from './table.ts'
export {
  ActiveRecordError,
  Deadlocked,
  LockWaitTimeout,
  QueryAborted,
  QueryCanceled,
  SerializationFailure,
  StatementInvalid,
  StatementTimeout,
  TransactionRollbackError,
} from './statement_failures.ts'
export type { DatabaseFailure, DatabaseFailureKind } from './tables/database.ts'
