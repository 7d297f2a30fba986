import { type OperationNode, ParensNode, RawNode } from 'kysely'
import { isObjectLiteral } from '../../values/index.ts'
import type { Dialect, SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { Range } from '../range.ts'
import type { Clause, Names, Seen } from './clause.ts'
import { formatted } from './formatted.ts'
import { literal } from './literal.ts'
import { plainValue } from './plain_value.ts'
import { shownValue } from './shown_value.ts'
import { isSubquery, SUBQUERY } from './subquery.ts'

/** Under this symbol a fragment gives the clause that it is in a query. */
export const CLAUSE: unique symbol = Symbol('clause')

/** SQL with its values apart: text written by hand, made by {@link sql}, or an expression of {@link Arel}. */
export class SqlFragment {
  readonly #text: string
  readonly #values: readonly unknown[]
  readonly #dialect: Dialect | undefined

  /** @param dialect what its values are written for where the fragment becomes a part of a text */
  constructor(text: string, values: readonly unknown[], dialect?: Dialect) {
    this.#text = text
    this.#values = values
    this.#dialect = dialect
  }

  /** The SQL, with `?` where values go. */
  get text(): string {
    return this.#text
  }

  get values(): readonly unknown[] {
    return this.#values
  }

  /** Whether it needs no parentheses among other conditions. */
  get isWhole(): boolean {
    return false
  }

  [CLAUSE](seen: Seen): Clause {
    return textClause(this.text, this.values, seen)
  }

  /** The SQL with its values written into it, quoted: what it is inside of another text. A query takes the fragment itself, and its values apart.
   * @throws InvalidArgument for what can't be written, as a query of a relation
   */
  toString(): string {
    const { parts, values } = split(this.text, this.values)
    const written = values.map((value) =>
      listOf(value)
        .map((item) => this.#written(item))
        .join(','),
    )
    return parts.reduce((text, part, place) => (place === 0 ? part : `${beside(text, written[place - 1]!)}${part}`), '')
  }

  #written(value: unknown): string {
    if (value instanceof SqlFragment) return value.toString()
    if (isSubquery(value))
      throw new InvalidArgument({ reason: "A relation isn't written into a text; give the fragment itself to the query." })
    return literal(plainValue(value), this.#dialect)
  }
}

/** A value behind the text before it. Two minus signs would begin a comment. */
function beside(text: string, value: string): string {
  return text.endsWith('-') && value.startsWith('-') ? `${text} ${value}` : text + value
}

/** The clause of a fragment; `in parentheses` so that it combines with others.
 * @throws InvalidArgument when the number of values and of placeholders differ, and for null bytes, which end a statement for some servers
 */
export function fragmentClause(fragment: SqlFragment, parentheses: boolean, seen: Seen): Clause {
  const clause = fragment[CLAUSE](seen)
  return parentheses && !fragment.isWhole ? { ...clause, build: (names) => ParensNode.create(clause.build(names)) } : clause
}

function textClause(text: string, values: readonly unknown[], seen: Seen): Clause {
  if (typeof text !== 'string') throw new InvalidArgument({ reason: `SQL is a text; it was given ${shownValue(text)}.` })
  if (text.includes('\0')) throw new InvalidArgument({ reason: 'SQL has no null bytes.' })
  const { parts, values: given } = split(text, values)
  const woven: string[] = [parts[0]!]
  const operands: Clause[] = []
  for (const [index, value] of given.entries()) {
    const list = listOf(value)
    for (const [place, item] of list.entries()) {
      if (place > 0) woven.push(', ')
      operands.push(operandClause(item, seen))
    }
    woven.push(parts[index + 1]!)
  }
  return weave(woven, operands)
}

/** Parts of SQL with other clauses between them. A null byte stands for one of them: the text has none, and may have question marks of its own. */
export function weave(parts: readonly string[], operands: readonly Clause[]): Clause {
  const build = (names: Names): OperationNode =>
    RawNode.create(
      parts,
      operands.map((each) => each.build(names)),
    )
  const key = `${parts.join('\0')}${operands.map((each) => delimited(each.key)).join('')}`
  return { key: `sql:${delimited(key)}`, binds: operands.flatMap(({ binds }) => binds), build }
}

/** The length says where a text in a key ends, whatever is in it. */
export function delimited(text: string): string {
  return `(${text.length} ${text})`
}

/** Numbers that a range of SQL by hand may stand for. */
const longestRange = 10_000

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.length === 0 ? [null] : Array.from(value)
  if (!(value instanceof Range)) return [value]
  const { begin, end, excludesEnd } = value
  const count = Number(end) - Number(begin) + (excludesEnd ? 0 : 1)
  if (!Number.isInteger(begin) || !Number.isInteger(end) || count > longestRange)
    throw new InvalidArgument({ reason: `The range ${value} can't be written into SQL; compare with its ends.` })
  return Array.from({ length: Math.max(count, 0) }, (_, place) => Number(begin) + place)
}

/** A value; another fragment; or the query of a relation, which is put between parentheses already: `user_id in (?)`. */
export function operandClause(value: unknown, seen: Seen): Clause {
  if (isSubquery(value)) return value[SUBQUERY]()
  if (value instanceof SqlFragment) return value[CLAUSE](seen)
  return boundClause(plainValue(value))
}

/** A value that the database gets apart from the text. */
export function boundClause(value: SqlValue): Clause {
  return { key: '', binds: [value], build: (names) => names.bind() }
}

function split(text: string, values: readonly unknown[]): { parts: string[]; values: readonly unknown[] } {
  const [first] = values
  if (values.length === 1 && isObjectLiteral(first) && namedValue.test(text)) return splitNamed(text, first)
  if (values.length === 0) return { parts: [text], values }
  if (!text.includes('?') && /%[sdif]/.test(text)) return formatted(text, values)
  const parts = text.split('?')
  if (parts.length !== values.length + 1) {
    throw new InvalidArgument({ reason: `wrong number of bind variables (${values.length} for ${parts.length - 1}) in: ${text}` })
  }
  return { parts, values }
}

const namedValue = /(?<!:):[a-zA-Z]\w*/

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
