import { type DatabaseFailure, type DatabaseFailureKind, RegaugeError } from '../../errors/index.ts'
import { CheckViolation, ForeignKeyViolation, NotNullViolation, OutOfRange, RecordNotUnique, ValueTooLong } from '../errors.ts'

const violations: Partial<
  Record<DatabaseFailureKind, new (details: { table: string; reason: string }, options: ErrorOptions) => RegaugeError>
> = {
  unique: RecordNotUnique,
  not_null: NotNullViolation,
  foreign_key: ForeignKeyViolation,
  check: CheckViolation,
  too_long: ValueTooLong,
  out_of_range: OutOfRange,
}

/** Runs a write; what a constraint of the database refuses becomes an error of its kind. */
export function guarded<T>(table: string, work: () => T | Promise<T>): T | Promise<T> {
  try {
    const pending = work()
    return pending instanceof Promise ? pending.catch((error: unknown) => rethrow(table, error)) : pending
  } catch (error) {
    return rethrow(table, error)
  }
}

function rethrow(table: string, error: unknown): never {
  const failure = error instanceof RegaugeError ? (error.details as Partial<DatabaseFailure>) : undefined
  const violation = failure?.kind === undefined ? undefined : violations[failure.kind]
  if (violation !== undefined) throw new violation({ table, reason: failure?.reason ?? '' }, { cause: error })
  throw error
}
