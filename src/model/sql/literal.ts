import type { SqlValue } from '../database.ts'
import type { Query } from './select.ts'

/** The text of a query with its values written into it, for reading. What runs sends the values apart. */
export function queryText(query: Query): string {
  let place = 0
  return query.sql.replace(/"[^"]*"|'[^']*'|\/\*.*?\*\/|limit \? \+ 0|\?|\$(\d+)/g, (match, number: string | undefined) => {
    if (number !== undefined) return literal(query.args[Number(number) - 1]!)
    if (match === '?') return literal(query.args[place++]!)
    return match.startsWith('limit ') ? `limit ${literal(query.args[place++]!)}` : match
  })
}

/** A value as SQL writes it. */
export function literal(value: SqlValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (value instanceof Date) return `'${value.toISOString()}'`
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return String(value)
}
