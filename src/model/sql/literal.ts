import type { Dialect, SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import type { Query } from './select.ts'

/** The text of a query with its values written into it, for reading. What runs sends the values apart. */
export function queryText(query: Query, dialect: Dialect): string {
  let place = 0
  return query.sql.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\*.*?\*\/|limit \? \+ 0|\?|\$(\d+)/g, (match, number: string | undefined) => {
    if (number !== undefined) return literal(query.args[Number(number) - 1]!, dialect)
    if (match === '?') return literal(query.args[place++]!, dialect)
    return match.startsWith('limit ') ? `limit ${literal(query.args[place++]!, dialect)}` : match
  })
}

/** A value as SQL writes it.
 * @throws InvalidArgument for a text with a null byte, which ends a statement for some servers; and for one with a backslash where the database, and with
 * it what a backslash means, isn't known
 */
export function literal(value: SqlValue, dialect: Dialect | undefined): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return dialect === 'postgres' || dialect === undefined ? String(value).toUpperCase() : value ? '1' : '0'
  if (typeof value === 'string') return text(value, dialect)
  if (value instanceof Date) return `'${value.toISOString()}'`
  if (value instanceof Uint8Array) {
    const digits = Buffer.from(value).toString('hex')
    return dialect === 'postgres' ? `'\\x${digits}'` : `x'${digits}'`
  }
  return Number.isFinite(Number(value)) ? String(value) : `'${String(value)}'`
}

function text(value: string, dialect: Dialect | undefined): string {
  if (value.includes('\0')) throw new InvalidArgument({ reason: 'SQL has no null bytes.' })
  if (dialect === undefined && value.includes('\\'))
    throw new InvalidArgument({
      reason:
        'A text with a backslash can be written into SQL where the database is known: with sanitizeSql([…]) of a model, or give the fragment itself to the query.',
    })
  const escaped = dialect === 'mysql' ? value.replaceAll('\\', '\\\\') : value
  return `'${escaped.replaceAll("'", "''")}'`
}
