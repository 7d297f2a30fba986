import type { Dialect } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { requireCharacter } from '../sql/characters.ts'
import { SqlFragment } from '../sql/fragment.ts'
import { shownValue } from '../sql/shown_value.ts'

/** A text as it is, whatever stands beside it. */
class Bound extends SqlFragment {
  constructor(value: string | null) {
    super('?', [value])
  }
}

/** A pattern as a part of SQL.
 * @throws InvalidArgument for objects, which came from outside where a text was expected
 */
export function patternOf(given: unknown): SqlFragment {
  if (given instanceof SqlFragment) return given
  const value = given === undefined ? null : given
  if (value !== null && (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol'))
    throw new InvalidArgument({ reason: `A pattern is a text, not ${shownValue(value)}.` })
  return new Bound(value === null ? null : String(value))
}

/** The character that escapes within a pattern, as a part of SQL.
 * @throws InvalidArgument for what is no single character
 */
export function escapeOf(given: string): SqlFragment {
  requireCharacter(given)
  return new Bound(given)
}

/** The operator that compares with a pattern of `%` and `_`.
 * @param not `'not '` for what the pattern doesn't match, else empty
 */
export function like(not: string, caseSensitive: boolean): (dialect: Dialect) => string {
  return (dialect) => ` ${not}${dialect === 'postgres' && !caseSensitive ? 'ilike' : 'like'} `
}

/** The operator that compares with a regular expression of the database.
 * @param not `'not '` for what the expression doesn't match, else empty
 */
export function regexp(not: string, caseSensitive: boolean): (dialect: Dialect) => string {
  return (dialect) => {
    if (dialect === 'postgres') return ` ${not === '' ? '' : '!'}~${caseSensitive ? '' : '*'} `
    if (dialect === 'mysql') return ` ${not}regexp ${caseSensitive ? 'binary ' : ''}`
    throw new InvalidArgument({ reason: 'SQLite has no regular expressions.' })
  }
}
