import type { Dialect } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { Range } from '../range.ts'
import { isKey } from '../sql/keys.ts'
import type { Clause, Seen } from '../sql/clause.ts'
import { CLAUSE, operandClause, SqlFragment, weave } from '../sql/fragment.ts'
import { shownValue } from '../sql/shown_value.ts'
import { isSubquery } from '../sql/subquery.ts'
import type { AttributeType } from '../attributes/attribute_type.ts'
import type { SubqueryLike } from '../types/conditions.ts'
import { Aliased } from './aliased.ts'
import { numbers } from './numbers.ts'
import { Ordering } from './ordering.ts'
import { escapeOf, like, patternOf, regexp } from './patterns.ts'

/** What an expression may be compared with: a value of its kind, or another expression. */
export type Comparable<V> = (NonNullable<V> extends bigint ? bigint | number : NonNullable<V>) | SqlFragment

/** What a list of values may be: the values, a range of them, or a query that finds them. */
export type Listed<V> = readonly (Comparable<V> | null)[] | Range<NonNullable<V>> | SubqueryLike

/** Parts of SQL that name databases' own words for one thing. */
export type Part = string | ((dialect: Dialect) => string)

/** An expression of SQL put together by methods: a column, or what is made of columns and values. Values are always bound.
 * `V` is what it is read as.
 */
export class Expression<V = unknown> extends SqlFragment {
  /** Only for the compiler, which tells expressions of one kind from those of another by it. */
  declare readonly valueType?: V
  readonly #parts: readonly Part[]
  readonly #operands: readonly unknown[]
  readonly #reading: (() => AttributeType | undefined) | undefined

  /**
   * @param operands expressions, queries and values, one between each two parts
   * @param reading the type that reads its values; without it they are what the database answers
   */
  constructor(parts: readonly Part[], operands: readonly unknown[], reading?: () => AttributeType | undefined) {
    super('', [])
    this.#parts = parts
    this.#operands = operands
    this.#reading = reading
  }

  override get text(): string {
    return this.#parts.reduce<string>((text, part, place) => {
      const operand = place === 0 ? '' : operandText(this.#operands[place - 1])
      return `${text}${operand}${typeof part === 'string' ? part : part('sqlite')}`
    }, '')
  }

  override get values(): readonly unknown[] {
    return this.#operands.flatMap((operand) => (operand instanceof SqlFragment ? operand.values : [operand]))
  }

  /** How its values are read. */
  get readAs(): AttributeType | undefined {
    return this.#reading?.()
  }

  override [CLAUSE](seen: Seen): Clause {
    return weave(
      this.#parts.map((part) => (typeof part === 'string' ? part : part(seen.dialect))),
      this.#operands.map((operand) => operandClause(operand, seen)),
    )
  }

  /** @throws InvalidArgument because its values are written as each database has them */
  override toString(): string {
    throw new InvalidArgument({ reason: "An expression isn't written into a text; give it to the query, or to sql('…?', expression)." })
  }

  /** What a value becomes beside the expression: a column casts it as it does everywhere. */
  protected operandOf(value: unknown): unknown {
    if (value instanceof SqlFragment) return grouped(value)
    if (!isSubquery(value) && !isKey(value)) throw new InvalidArgument({ reason: `${shownValue(value)} can't be a value in SQL.` })
    return value
  }

  eq(value: Comparable<V> | SubqueryLike | null): Condition {
    return value === null || value === undefined ? this.#test(' is null') : this.compared(' = ', value)
  }
  notEq(value: Comparable<V> | SubqueryLike | null): Condition {
    return value === null || value === undefined ? this.#test(' is not null') : this.compared(' <> ', value)
  }
  gt(value: Comparable<V> | SubqueryLike | null): Condition {
    return this.compared(' > ', value)
  }
  gteq(value: Comparable<V> | SubqueryLike | null): Condition {
    return this.compared(' >= ', value)
  }
  lt(value: Comparable<V> | SubqueryLike | null): Condition {
    return this.compared(' < ', value)
  }
  lteq(value: Comparable<V> | SubqueryLike | null): Condition {
    return this.compared(' <= ', value)
  }

  /** One of some values, of a range, or of what a query finds; no row of an empty list. */
  in(values: Listed<V>): Condition {
    return this.listed(values, ' in ', '1 = 0')
  }
  notIn(values: Listed<V>): Condition {
    return this.listed(values, ' not in ', '1 = 1')
  }
  between(values: Range<NonNullable<V>>): Condition {
    return this.in(values)
  }
  notBetween(values: Range<NonNullable<V>>): Condition {
    return this.notIn(values)
  }

  /** Like a pattern, with `%` and `_` for what may be there. Without regard to case on PostgreSQL unless `caseSensitive`; elsewhere as the column compares.
   * @param escapedBy the character before a `%` or `_` that means itself
   */
  matches(pattern: string | SqlFragment, escapedBy?: string | null, caseSensitive = false): Condition {
    return this.#like(pattern, escapedBy, caseSensitive, '')
  }
  doesNotMatch(pattern: string | SqlFragment, escapedBy?: string | null, caseSensitive = false): Condition {
    return this.#like(pattern, escapedBy, caseSensitive, 'not ')
  }
  matchesAny(patterns: readonly (string | SqlFragment)[], escapedBy?: string | null, caseSensitive = false): Condition {
    return anyOf(listGiven(patterns).map((each) => this.matches(each, escapedBy, caseSensitive)))
  }
  matchesAll(patterns: readonly (string | SqlFragment)[], escapedBy?: string | null, caseSensitive = false): Condition {
    return allOf(listGiven(patterns).map((each) => this.matches(each, escapedBy, caseSensitive)))
  }
  doesNotMatchAny(patterns: readonly (string | SqlFragment)[], escapedBy?: string | null, caseSensitive = false): Condition {
    return anyOf(listGiven(patterns).map((each) => this.doesNotMatch(each, escapedBy, caseSensitive)))
  }
  doesNotMatchAll(patterns: readonly (string | SqlFragment)[], escapedBy?: string | null, caseSensitive = false): Condition {
    return allOf(listGiven(patterns).map((each) => this.doesNotMatch(each, escapedBy, caseSensitive)))
  }
  eqAny(values: readonly (Comparable<V> | null)[]): Condition {
    return anyOf(listGiven(values).map((each) => this.eq(each)))
  }
  notEqAll(values: readonly (Comparable<V> | null)[]): Condition {
    return allOf(listGiven(values).map((each) => this.notEq(each)))
  }

  /** By a regular expression of the database, which SQLite doesn't have. */
  matchesRegexp(pattern: string, caseSensitive = true): Condition {
    return new Condition(['', regexp('', caseSensitive), ''], [this.term(), grouped(patternOf(pattern))])
  }
  doesNotMatchRegexp(pattern: string, caseSensitive = true): Condition {
    return new Condition(['', regexp('not ', caseSensitive), ''], [this.term(), grouped(patternOf(pattern))])
  }

  add(value: Comparable<V>): Expression<V> {
    return this.#calculated(' + ', value)
  }
  subtract(value: Comparable<V>): Expression<V> {
    return this.#calculated(' - ', value)
  }
  multiply(value: Comparable<V>): Expression<V> {
    return this.#calculated(' * ', value)
  }
  divide(value: Comparable<V>): Expression<V> {
    return this.#calculated(' / ', value)
  }
  /** The text with another behind it. */
  concat(value: string | SqlFragment): Expression<string> {
    const joined = (dialect: Dialect): string => (dialect === 'mysql' ? ', ' : ' || ')
    return new TextExpression([(dialect) => (dialect === 'mysql' ? 'concat(' : '('), joined, ')'], [this.term(), this.operandOf(value)])
  }

  lower(): Expression<string> {
    return new TextExpression(['lower(', ')'], [this])
  }
  upper(): Expression<string> {
    return new TextExpression(['upper(', ')'], [this])
  }
  /** A part of a time: `extract('year')`. */
  extract(field: string): Expression<number> {
    if (typeof field !== 'string' || !/^\w+$/.test(field))
      throw new InvalidArgument({ reason: `extract() takes the name of a part of a time, not ${shownValue(field)}.` })
    return new Expression<number>([`extract(${field} from `, ')'], [this], () => numbers)
  }
  count(distinct = false): Expression<number> {
    return new Expression<number>([`count(${distinct ? 'distinct ' : ''}`, ')'], [this], () => numbers)
  }
  sum(): Expression<NonNullable<V>> {
    return new Expression<NonNullable<V>>(['sum(', ')'], [this], () => this.amounts)
  }
  average(): Expression<NonNullable<V>> {
    return new Expression<NonNullable<V>>(['avg(', ')'], [this], () => this.amounts)
  }
  minimum(): Expression<V> {
    return new Expression<V>(['min(', ')'], [this], () => this.readAs)
  }
  maximum(): Expression<V> {
    return new Expression<V>(['max(', ')'], [this], () => this.readAs)
  }

  asc(): Ordering {
    return new Ordering(this, 'asc')
  }
  desc(): Ordering {
    return new Ordering(this, 'desc')
  }
  /** The expression under a name, where it is selected. */
  as(name: string): Aliased<V> {
    return new Aliased<V>(this, name)
  }

  /** How sums of it are read. */
  protected get amounts(): AttributeType | undefined {
    return undefined
  }

  /** Itself as a part of a larger expression. */
  protected term(): SqlFragment {
    return grouped(this)
  }

  protected compared(operator: string, value: unknown): Condition {
    return new Condition(['', operator, ''], [this.term(), this.operandOf(value)])
  }

  protected listed(values: unknown, operator: string, empty: string): Condition {
    if (isSubquery(values)) return new Condition(['', operator, ''], [this.term(), values])
    if (values instanceof Range) {
      const inside = this.#between(values as Range<never>)
      return operator === ' in ' ? inside : inside.not()
    }
    const list = listGiven(values as unknown[])
    if (list.length === 0) return new Condition([empty], [])
    const operands = list.map((value) => this.operandOf(value))
    return new Condition(['', `${operator}(`, ...operands.slice(1).map(() => ', '), ')'], [this.term(), ...operands])
  }

  /** Within the ends that a range has. */
  #between({ begin, end, excludesEnd }: Range<never>): Condition {
    const bounds: Condition[] = []
    if (begin !== null && begin !== Number.NEGATIVE_INFINITY) bounds.push(this.gteq(begin))
    if (end !== null && end !== Number.POSITIVE_INFINITY) bounds.push(excludesEnd ? this.lt(end) : this.lteq(end))
    return allOf(bounds)
  }

  #test(suffix: string): Condition {
    return new Condition(['', suffix], [this.term()])
  }

  #calculated(operator: string, value: Comparable<V>): Expression<V> {
    return new Expression<V>(['(', operator, ')'], [this.term(), this.operandOf(value)], () => this.amounts)
  }

  #like(pattern: string | SqlFragment, escapedBy: string | null | undefined, caseSensitive: boolean, not: string): Condition {
    const operator = like(not, caseSensitive)
    const operands = [this.term(), grouped(patternOf(pattern))]
    if (escapedBy === undefined || escapedBy === null) return new Condition(['', operator, ''], operands)
    return new Condition(['', operator, ' escape ', ''], [...operands, escapeOf(escapedBy)])
  }
}

/** A text. What it is compared with is one, too: for some databases each text that is no number equals 0. */
class TextExpression extends Expression<string> {
  protected override operandOf(value: unknown): unknown {
    return super.operandOf(typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value)
  }
}

/** @throws InvalidArgument for what is no list */
function listGiven<T>(given: readonly T[]): readonly T[] {
  if (!Array.isArray(given)) throw new InvalidArgument({ reason: `A list of values was expected; it was given ${shownValue(given)}.` })
  return Array.from(given as readonly T[])
}

function anyOf(conditions: readonly Condition[]): Condition {
  return inPairs(conditions, (left, right) => left.or(right)) ?? new Condition(['1 = 0'], [])
}

function allOf(conditions: readonly Condition[]): Condition {
  return inPairs(conditions, (left, right) => left.and(right)) ?? new Condition(['1 = 1'], [])
}

/** Some conditions as one, put together in pairs: databases limit how deep an expression may be, and so does the stack. */
function inPairs(conditions: readonly Condition[], join: (left: Condition, right: Condition) => Condition): Condition | undefined {
  if (conditions.length < 2) return conditions[0]
  const middle = Math.ceil(conditions.length / 2)
  return join(inPairs(conditions.slice(0, middle), join)!, inPairs(conditions.slice(middle), join)!)
}

function operandText(operand: unknown): string {
  return operand instanceof SqlFragment ? operand.text : '?'
}

/** An expression in parentheses, where it isn't one word of SQL. */
function grouped(fragment: SqlFragment): SqlFragment {
  const isCondition = fragment instanceof Condition
  const isText = !(fragment instanceof Expression) || fragment instanceof SqlLiteral
  if (isCondition || (isText && !/^[\w.]+(?:\([^()]*\))?$|^\?$/.test(fragment.text))) return new Expression(['(', ')'], [fragment])
  return fragment
}

/** An expression that is true or false: a condition of `where`, `having` and joins. */
export class Condition extends Expression<boolean> {
  /** Rows that meet both. */
  and(other: SqlFragment): Condition {
    return both(this, other)
  }
  /** Rows that meet either. */
  or(other: SqlFragment): Condition {
    return either(this, other)
  }
  /** Rows that don't meet it. */
  not(): Condition {
    return negated(this)
  }

  override get isWhole(): boolean {
    return true
  }
}

/** @throws InvalidArgument for what is no part of SQL */
export function requireFragment(given: unknown): asserts given is SqlFragment {
  if (!(given instanceof SqlFragment)) throw new InvalidArgument({ reason: `A condition was expected; it was given ${shownValue(given)}.` })
}

/** Conditions next to each other, which need parentheses among others. */
class Compound extends Condition {
  override get isWhole(): boolean {
    return false
  }
}

function both(left: SqlFragment, right: SqlFragment): Condition {
  return new Compound(['', ' and ', ''], [alternative(left), alternative(right)])
}

function either(left: SqlFragment, right: SqlFragment): Condition {
  return new Condition(['(', ' or ', ')'], [alternative(left), alternative(right)])
}

function negated(condition: SqlFragment): Condition {
  return new Condition(['not (', ')'], [condition])
}

/** @throws InvalidArgument for a value, which would be a condition for some databases */
function alternative(fragment: SqlFragment): SqlFragment {
  requireFragment(fragment)
  if (fragment instanceof Condition) return fragment instanceof Compound ? new Condition(['(', ')'], [fragment]) : fragment
  return grouped(fragment)
}

/** SQL written by hand that is compared, sorted by and named like a column. */
export class SqlLiteral<V = unknown> extends Expression<V> {
  readonly #given: SqlFragment

  constructor(text: string, values: readonly unknown[], dialect?: Dialect) {
    super([], [])
    this.#given = new SqlFragment(text, values, dialect)
  }

  override get text(): string {
    return this.#given.text
  }
  override get values(): readonly unknown[] {
    return this.#given.values
  }
  override [CLAUSE](seen: Seen): Clause {
    return this.#given[CLAUSE](seen)
  }

  override toString(): string {
    return this.#given.toString()
  }

  /** As a condition, with another. */
  and(other: SqlFragment): Condition {
    return both(this, other)
  }
  or(other: SqlFragment): Condition {
    return either(this, other)
  }
  not(): Condition {
    return negated(this)
  }
}
