import { type OperationNode, ParensNode, RawNode } from 'kysely'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { Range } from '../range.ts'
import { isRecord, keyOfRecord } from '../record/attribute_access.ts'
import type { Clause, Names } from './clause.ts'
import { isSubquery, SUBQUERY } from './subquery.ts'

/** SQL text written by hand, with its values apart. Made by {@link sql}. */
export class SqlFragment {
  readonly text: string
  readonly values: readonly unknown[]
  constructor(text: string, values: readonly unknown[]) {
    this.text = text
    this.values = values
  }
}

/** Marks text as SQL that was written by hand and never from outside. Values go in as `?`, or by name as `:name`.
 * @example Article.order(sql('length(title) desc'))
 * @example Article.where(sql('views > ?', 10))
 */
export function sql(text: string, ...values: readonly unknown[]): SqlFragment {
  return new SqlFragment(text, values)
}

/** The clause of a fragment; `in parentheses` so that it combines with others.
 * @throws InvalidArgument when the number of values and of placeholders differ, and for null bytes, which end a statement for some servers
 */
export function fragmentClause(fragment: SqlFragment, parentheses: boolean): Clause {
  if (fragment.text.includes('\0')) throw new InvalidArgument({ reason: 'SQL has no null bytes.' })
  const { parts, values } = split(fragment)
  const text: string[] = [parts[0]!]
  const operands: Clause[] = []
  for (const [index, value] of values.entries()) {
    const list = listOf(value)
    for (const [place, item] of list.entries()) {
      if (place > 0) text.push(', ')
      operands.push(operand(item))
    }
    text.push(parts[index + 1]!)
  }
  const build = (names: Names): OperationNode => {
    const raw = RawNode.create(
      text,
      operands.map((each) => each.build(names)),
    )
    return parentheses ? ParensNode.create(raw) : raw
  }
  // A null byte stands for a value: the text has none, and may have question marks of its own.
  return { key: `sql:${text.join('\0')}${operands.map(({ key }) => key).join('')}`, binds: operands.flatMap(({ binds }) => binds), build }
}

/** Numbers that a range of SQL by hand may stand for. */
const longestRange = 10_000

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.length === 0 ? [null] : value
  if (!(value instanceof Range)) return [value]
  const { begin, end, excludesEnd } = value
  const count = Number(end) - Number(begin) + (excludesEnd ? 0 : 1)
  if (!Number.isInteger(begin) || !Number.isInteger(end) || count > longestRange)
    throw new InvalidArgument({ reason: `The range ${value} can't be written into SQL; compare with its ends.` })
  return Array.from({ length: Math.max(count, 0) }, (_, place) => Number(begin) + place)
}

/** A value, or the query of a relation, which is put between parentheses already: `user_id in (?)`. */
function operand(value: unknown): Clause {
  if (isSubquery(value)) {
    const query = value[SUBQUERY]()
    return { ...query, key: `(${query.key})` }
  }
  return { key: '', binds: [plainValue(value)], build: (names) => names.bind() }
}

function split(fragment: SqlFragment): { parts: string[]; values: readonly unknown[] } {
  const { text, values } = fragment
  const [first] = values
  if (values.length === 1 && isNamed(first) && namedValue.test(text)) return splitNamed(text, first)
  if (values.length === 0) return { parts: [text], values }
  const parts = text.split('?')
  if (parts.length !== values.length + 1) {
    throw new InvalidArgument({ reason: `wrong number of bind variables (${values.length} for ${parts.length - 1}) in: ${text}` })
  }
  return { parts, values }
}

const namedValue = /(?<!:):[a-zA-Z]\w*/

function isNamed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function splitNamed(text: string, named: Record<string, unknown>): { parts: string[]; values: unknown[] } {
  const parts: string[] = []
  const values: unknown[] = []
  let from = 0
  for (const match of text.matchAll(/(?<!:):([a-zA-Z]\w*)/g)) {
    const name = match[1]!
    if (!Object.hasOwn(named, name)) throw new InvalidArgument({ reason: `missing value for :${name} in: ${text}` })
    parts.push(text.slice(from, match.index))
    values.push(named[name])
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return { parts, values }
}

/** A value that no column says the type of. */
function plainValue(value: unknown): SqlValue {
  if (value === undefined) return null
  if (value instanceof Date) return `${value.toISOString().slice(0, -1)}+00:00`
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    if (isRecord(value)) return keyOfRecord(value) as SqlValue
    throw new InvalidArgument({ reason: `${JSON.stringify(value)} can't be a value in SQL.` })
  }
  return value as SqlValue
}
