import { didYouMean } from '../../naming/index.ts'
import { SqlLiteral } from '../arel/expression.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { quotedName } from './quoted_name.ts'
import { SqlFragment } from './fragment.ts'
import { shownValue } from './shown_value.ts'

/** SQL with its values in a list behind it, as Rails' sanitizing methods take it. */
export type SqlWithValues = string | SqlFragment | readonly [string | SqlFragment, ...unknown[]]

/** SQL and its values as a fragment, which conditions and other fragments take, and which is written with its values quoted where a text is made of it.
 * @throws InvalidArgument for anything else
 */
export function sanitized(info: ModelInfo, given: SqlWithValues): SqlFragment {
  const [first, ...values] = Array.isArray(given) ? (given as readonly unknown[]) : [given]
  if (first instanceof SqlFragment && values.length === 0) return first
  if (typeof first !== 'string' && !(first instanceof SqlFragment))
    throw new InvalidArgument({ reason: `SQL, or a list of SQL and its values was expected; it was given ${shownValue(given)}.` })
  return new SqlLiteral(typeof first === 'string' ? first : first.text, values, info.schema.dialect)
}

/** The assignments of an update: those of a hash, each cast as its column is. */
export function sanitizedAssignment(info: ModelInfo, given: SqlWithValues | Readonly<Record<string, unknown>>): SqlFragment {
  if (typeof given === 'string' || given instanceof SqlFragment || Array.isArray(given)) return sanitized(info, given as SqlWithValues)
  if (typeof given !== 'object' || given === null)
    throw new InvalidArgument({ reason: `An object, or SQL and its values was expected; it was given ${shownValue(given)}.` })
  const { byName, dialect } = info.schema
  const entries = Object.entries(given).map(([name, value]) => {
    const column = byName.get(name)
    if (column === undefined) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
    return { column: column.column, value: column.type.serialize(column.type.cast(value)) }
  })
  const text = entries.map(({ column }) => `${quotedName(column, dialect)} = ?`).join(', ')
  return new SqlLiteral(
    text,
    entries.map(({ value }) => value),
    dialect,
  )
}

/** SQL to sort by; with values it must have been marked as SQL, since it can be no column.
 * @throws InvalidArgument for a list whose SQL isn't a fragment
 */
export function sanitizedOrder<T extends SqlWithValues>(info: ModelInfo, given: T): T | SqlFragment {
  if (typeof given === 'string' || given instanceof SqlFragment) return given
  const [first] = Array.isArray(given) ? (given as readonly unknown[]) : [given]
  if (first instanceof SqlFragment) return sanitized(info, given)
  throw new InvalidArgument({ reason: `${shownValue(first)} is no column to sort by; mark it as SQL: [sql('…?'), value].` })
}
