import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { isRecord, keyOfRecord } from '../record/attribute_access.ts'
import { shownValue } from './shown_value.ts'

const singles: ReadonlySet<string> = new Set(['string', 'number', 'bigint', 'boolean'])

/** A value that no column says the type of.
 * @throws InvalidArgument for what is no single value
 */
export function plainValue(value: unknown): SqlValue {
  if (value === undefined) return null
  if (value instanceof Date && !Number.isNaN(value.getTime())) return `${value.toISOString().slice(0, -1)}+00:00`
  const isSingle = value === null || value instanceof Uint8Array || singles.has(typeof value)
  if (isSingle) return value as SqlValue
  if (isRecord(value)) return keyOfRecord(value) as SqlValue
  throw new InvalidArgument({ reason: `${shownValue(value)} can't be a value in SQL.` })
}
