import { formatDateTime } from '../date_time.ts'
import { DatabaseError } from '../errors.ts'
import type { SqliteValue } from './driver.ts'

/** The arguments as SQLite takes them: booleans as 0 and 1, dates as text. Answers the same array when nothing is to be changed.
 *
 * @throws DatabaseError for a value that can't be bound; checked for each, because libsql ends the process otherwise
 */
export function bindable(args: readonly unknown[], sql: string): readonly SqliteValue[] {
  for (let index = 0; index < args.length; index++) {
    if (!isSqliteValue(args[index])) return args.map((value, position) => toSqliteValue(value, position, sql))
  }
  return args as readonly SqliteValue[]
}

function isSqliteValue(value: unknown): value is SqliteValue {
  switch (typeof value) {
    case 'string':
    case 'number':
      return true
    case 'object':
      return value === null || value instanceof Uint8Array
    case 'bigint':
      return BigInt.asIntN(64, value) === value
    default:
      return false
  }
}

function toSqliteValue(value: unknown, position: number, sql: string): SqliteValue {
  if (isSqliteValue(value)) return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date && !Number.isNaN(value.getTime())) return formatDateTime(value)
  if (typeof value === 'bigint')
    throw new DatabaseError({ kind: 'out_of_range', reason: `The integer ${value} doesn't fit in 64 bits.`, sql })
  throw new DatabaseError({ kind: 'other', reason: `Argument ${position + 1} of the statement can't be bound: ${describe(value)}.`, sql })
}

function describe(value: unknown): string {
  return typeof value === 'object'
    ? `a value of type ${(value as object).constructor?.name ?? 'object'}`
    : `a value of type ${typeof value}`
}
