import type { Database, SqlValue } from '../../src/model/index.ts'

type Dialect = Database['dialect']

/** How many arguments a statement may have: SQLite's SQLITE_MAX_VARIABLE_NUMBER, and the 16 bits in which the servers' protocols count them. */
const MOST: Readonly<Record<Dialect, number>> = { sqlite: 32_766, postgres: 65_535, mysql: 65_535 }

/** A statement with more arguments than its database takes, as with a list of all keys: numbers and texts are written into the SQL then, as Rails
 * does. What has no more is answered unchanged.
 *
 * @example withinLimit('sqlite', 'select * from posts where id in (?, …)', ids) // { sql: 'select * from posts where id in (1, …)', args: [] }
 */
export function withinLimit<T>(dialect: Dialect, sql: string, args: readonly T[]): { sql: string; args: readonly T[] } {
  if (args.length <= MOST[dialect]) return { sql, args }
  const left: T[] = []
  let place = 0
  const text = sql.replace(tokens[dialect], (token, number: string | undefined) => {
    if (token !== '?' && number === undefined) return token
    const value = args[number === undefined ? place++ : Number(number) - 1] as T
    const literal = literals[dialect](value as SqlValue)
    if (literal !== undefined) return literal
    left.push(value)
    return number === undefined ? '?' : `$${left.length}`
  })
  return { sql: text, args: left }
}

/** Texts, quoted names and comments, which are taken whole, and placeholders. */
const tokens: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\?(\d+)?/g,
  postgres: /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g,
  mysql: /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`[^`]*`|-- [^\n]*|\/\*[\s\S]*?\*\/|\?(\d+)?/g,
}

/** A value as SQL writes it; undefined for one that has to stay an argument. */
const literals: Readonly<Record<Dialect, (value: SqlValue) => string | undefined>> = {
  sqlite: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : (numberLiteral(value) ?? textLiteral(value))),
  // A number in quotes has no type yet, as an argument has none.
  postgres: (value) => {
    const number = numberLiteral(value)
    return number === undefined ? textLiteral(value) : `'${number.replace(/[()]/g, '')}'`
  },
  mysql: (value) => numberLiteral(value) ?? textLiteral(value),
}

/** Negative numbers between parentheses: two signs in a row begin a comment. */
function numberLiteral(value: SqlValue): string | undefined {
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isFinite(value))) return undefined
  return value < 0 ? `(${value})` : String(value)
}

/** What a backslash means is a setting of the servers, and a null byte ends a text: those stay arguments. */
function textLiteral(value: SqlValue): string | undefined {
  return typeof value !== 'string' || /[\\\0]/.test(value) ? undefined : `'${value.replaceAll("'", "''")}'`
}
