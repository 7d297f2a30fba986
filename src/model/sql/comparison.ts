import {
  AndNode,
  BinaryOperationNode,
  type OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  RawNode,
  UnaryOperationNode,
  ValueListNode,
  ValueNode,
} from 'kysely'
import type { Column } from '../attributes/column.ts'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { Range } from '../range.ts'
import { isFromOutside, isObjectLiteral, isPlainObject } from '../../values/index.ts'
import { isRecord, keyOfRecord } from '../record/attribute_access.ts'
import { isKey } from './keys.ts'
import type { Clause, Names, Seen } from './clause.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'
import { infix, operatorNames, patterns } from './operators.ts'
import { SUBQUERY, isSubquery } from './subquery.ts'

/** A column at a place of the query. */
export interface Place {
  readonly path: string
  readonly table: string
  readonly column: Column
  /** Whether the table may be one that a query around this one reads, or that was joined by hand. */
  readonly isOuter?: boolean
}

/** A clause that fixes a column of the base table to a value: what `create` on the relation starts with. */
export interface EqualityClause extends Clause {
  readonly equals?: { readonly name: string; readonly value: unknown }
}

/** The condition that a value of `where({ column: value })` means. */
export function compare(place: Place, value: unknown): EqualityClause {
  return { ...condition(place, value), attribute: keyOf(place) }
}

function condition(place: Place, value: unknown): EqualityClause {
  if (value instanceof SqlFragment) return comparedWith(place, '=', value)
  if (value === null || value === undefined) return isNull(place)
  const isWhole = place.column.type.isWhole?.(value) === true
  if (Array.isArray(value) && !isWhole) return isIn(place, value)
  if (isBounds(place, value)) return isBetween(place, value)
  if (isSubquery(value)) return isInSubquery(place, value[SUBQUERY]())
  if (!isWhole && isLiteral(value)) return operators(place, value)
  if (isOutOfRange(place, value)) return never
  const clause = place.column.type.candidates === undefined ? binary(place, '=', serialize(place, value)) : isAny(place, [value])
  return place.path === '' ? { ...clause, equals: { name: place.column.name, value } } : clause
}

const limits: Readonly<Record<string, number>> = { integer: 2 ** 31, bigint: 2 ** 63 }

/** Whether a number can't be in the column, so that no row has it; a database server would refuse to compare it. */
function isOutOfRange({ column }: Place, value: unknown): boolean {
  const limit = limits[column.type.name]
  if (limit === undefined || (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string')) return false
  const number = Number(value)
  return number >= limit || number < -limit
}

/** `not (…)` around a clause. */
export function negate(clause: Clause): Clause {
  return {
    ...about(clause.attribute),
    key: `not(${clause.key})`,
    binds: clause.binds,
    build: (names) => UnaryOperationNode.create(OperatorNode.create('not'), ParensNode.create(clause.build(names))),
  }
}

/** All of some clauses; an empty list is true. */
export function allOf(clauses: readonly Clause[]): Clause {
  if (clauses.length === 1) return clauses[0]!
  const [first] = clauses
  return {
    ...about(clauses.every((clause) => clause.attribute === first!.attribute) ? first?.attribute : undefined),
    key: `and(${clauses.map((clause) => clause.key).join('&')})`,
    binds: clauses.flatMap((clause) => clause.binds),
    build: (names) => {
      const [first, ...rest] = clauses.map((clause) => clause.build(names))
      return first === undefined ? truth(true) : rest.reduce((all, next) => AndNode.create(all, next), first)
    },
  }
}

/** Either of two clauses. */
export function eitherOf(left: Clause, right: Clause): Clause {
  return {
    ...about(left.attribute === right.attribute ? left.attribute : undefined),
    key: `or(${left.key}|${right.key})`,
    binds: [...left.binds, ...right.binds],
    build: (names) => ParensNode.create(OrNode.create(left.build(names), right.build(names))),
  }
}

/** Any of some clauses, which are put together in pairs: databases limit how deep an expression may be. */
export function anyOf(clauses: readonly Clause[]): Clause {
  if (clauses.length < 2) return clauses[0] ?? never
  const middle = Math.ceil(clauses.length / 2)
  return eitherOf(anyOf(clauses.slice(0, middle)), anyOf(clauses.slice(middle)))
}

function about(attribute: string | undefined): { attribute?: string } {
  return attribute === undefined ? {} : { attribute }
}

/** A clause that no row meets. */
export const never: Clause = { key: 'never', binds: [], build: () => truth(false) }

function truth(value: boolean): OperationNode {
  return RawNode.createWithSql(value ? '1 = 1' : '1 = 0')
}

/** A column as a query refers to it. */
export function columnNode({ path, table, column, isOuter }: Place, names: Names): OperationNode {
  return isOuter === true ? names.outerColumn(path, table, column.column) : names.column(path, table, column.column)
}

/** What a place is called in the key of a clause. */
export function keyOf(place: Place): string {
  return `${place.path || place.table}.${place.column.column}`
}

function serialize(place: Place, value: unknown): SqlValue {
  const { type } = place.column
  refuseObjects(place, value)
  const plain = isRecord(value) ? keyOfRecord(value) : value
  return type.toCondition === undefined ? type.serialize(type.cast(plain)) : type.toCondition(plain)
}

function binary(place: Place, operator: '=' | '!=' | '>' | '>=' | '<' | '<=' | 'like' | 'not like', value: SqlValue): Clause {
  return {
    key: `${keyOf(place)}${operator}`,
    binds: [value],
    build: (names) => BinaryOperationNode.create(columnNode(place, names), OperatorNode.create(operator), names.bind()),
  }
}

/** A column beside an expression of SQL. */
function comparedWith(place: Place, operator: string, fragment: SqlFragment): Clause {
  const seen: Seen = { table: place.path === '' ? place.table : '', dialect: place.column.dialect }
  const other = fragmentClause(fragment, true, seen)
  return {
    key: `${keyOf(place)}${operator}(${other.key})`,
    binds: other.binds,
    build: (names) => RawNode.create(['', ` ${operator} `, ''], [columnNode(place, names), other.build(names)]),
  }
}

function isNull(place: Place): EqualityClause {
  const clause: Clause = {
    key: `${keyOf(place)} null`,
    binds: [],
    build: (names) => BinaryOperationNode.create(columnNode(place, names), OperatorNode.create('is'), ValueNode.createImmediate(null)),
  }
  return place.path === '' ? { ...clause, equals: { name: place.column.name, value: null } } : clause
}

function isIn(place: Place, values: readonly unknown[]): Clause {
  const ranges = values.filter((value) => isBounds(place, value))
  if (ranges.length > 0) {
    const rest = values.filter((value) => !isBounds(place, value))
    const clauses = [...ranges.map((each) => isBetween(place, each as Range<unknown>)), ...(rest.length > 0 ? [isIn(place, rest)] : [])]
    return clauses.reduce((left, right) => eitherOf(left, right))
  }
  if (values.some((value) => isOutOfRange(place, value)))
    return isIn(
      place,
      values.filter((value) => !isOutOfRange(place, value)),
    )
  const present = values.filter((value) => value !== null && value !== undefined)
  if (present.length < values.length) return present.length === 0 ? isNull(place) : eitherOf(isIn(place, present), isNull(place))
  if (present.length === 0) return never
  return isAny(place, present)
}

/** One of some values; of an encrypted column, of all that the values may be encrypted as. */
function isAny(place: Place, values: readonly unknown[]): Clause {
  const { candidates } = place.column.type
  for (const value of values) refuseObjects(place, value)
  const binds =
    candidates === undefined
      ? values.map((value) => serialize(place, value))
      : values.flatMap((value) => candidates(isRecord(value) ? keyOfRecord(value) : value))
  if (binds.length === 1) return binary(place, '=', binds[0]!)
  return {
    key: `${keyOf(place)} in${binds.length}`,
    binds,
    build: (names) =>
      BinaryOperationNode.create(columnNode(place, names), OperatorNode.create('in'), ValueListNode.create(binds.map(() => names.bind()))),
  }
}

/** Whether a range says between what the values lie. In a column of ranges it is a value. */
function isBounds({ column }: Place, value: unknown): value is Range<unknown> {
  return value instanceof Range && column.type.isWhole?.(value) !== true
}

function isBetween(place: Place, range: Range<unknown>): Clause {
  const clauses: Clause[] = []
  if (range.begin !== null && range.begin !== Number.NEGATIVE_INFINITY) clauses.push(binary(place, '>=', serialize(place, range.begin)))
  if (range.end !== null && range.end !== Number.POSITIVE_INFINITY)
    clauses.push(binary(place, range.excludesEnd ? '<' : '<=', serialize(place, range.end)))
  const both = allOf(clauses)
  return clauses.length < 2 ? both : { ...both, build: (names) => ParensNode.create(both.build(names)) }
}

function isInSubquery(place: Place, subquery: Clause): Clause {
  return {
    key: `${keyOf(place)} in(${subquery.key})`,
    binds: subquery.binds,
    build: (names) => BinaryOperationNode.create(columnNode(place, names), OperatorNode.create('in'), subquery.build(names)),
  }
}

function operators(place: Place, conditions: Record<string, unknown>): Clause {
  const clauses = Object.entries(conditions).map(([operator, value]): Clause => {
    if (operator === 'in') return compare(place, value)
    if (operator === 'notIn' || (operator === 'not' && (!isScalar(value) || place.column.type.candidates !== undefined)))
      return negate(compare(place, value))
    if (Object.hasOwn(patterns, operator)) return matches(place, patterns[operator]!(String(value)))
    if (value instanceof SqlFragment && Object.hasOwn(infix, operator))
      return comparedWith(place, infix[operator as keyof typeof infix], value)
    if (!Object.hasOwn(infix, operator))
      throw new InvalidArgument({
        reason: `'${operator}' is not an operator; known are ${operatorNames.join(', ')}.`,
      })
    return binary(place, infix[operator as keyof typeof infix], serialize(place, value))
  })
  return clauses.length === 0 ? never : allOf(clauses)
}

function matches(place: Place, pattern: string): Clause {
  return {
    key: `${keyOf(place)} like!`,
    binds: [pattern],
    build: (names) => RawNode.create(['', ' like ', " escape '!'"], [columnNode(place, names), names.bind()]),
  }
}

function isScalar(value: unknown): boolean {
  return (
    value !== null &&
    value !== undefined &&
    !Array.isArray(value) &&
    !(value instanceof Range) &&
    !isSubquery(value) &&
    !isPlainObject(value)
  )
}

/** Operators are taken from literals of the application alone: what came from outside hasn't their prototype, or is known to come from there. */
export function isLiteral(value: unknown): value is Record<string, unknown> {
  return isObjectLiteral(value) && !isFromOutside(value)
}

const scalars = new Set(
  'string integer bigint float decimal money boolean datetime date time enum uuid inet cidr macaddr bit bit_varying xml'.split(' '),
)

/** @throws InvalidArgument for a hash of parameters where a single value belongs */
function refuseObjects({ column }: Place, value: unknown): void {
  // A list among the values is none of them, as in Rails; it says nothing.
  if (isKey(value) || Array.isArray(value) || !scalars.has(column.type.name)) return
  throw objectGiven(column.name)
}

/** The error for an object where a value belongs. */
export function objectGiven(name: string): InvalidArgument {
  const reason = `'${name}' can't be compared with an object that came from outside; operators are written where the query is: { ${name}: { gt: value } }.`
  return new InvalidArgument({ reason })
}
