import { IdentifierNode, type OperationNode, OrderByItemNode, RawNode } from 'kysely'
import { didYouMean } from '../../naming/index.ts'
import { Expression, SqlLiteral } from '../arel/expression.ts'
import { Ordering } from '../arel/ordering.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { modelOfTable } from '../tables.ts'
import { type Clause, type Names, reference } from './clause.ts'
import { aggregate, columnSelection, type Selection, selectionsOf } from './selection.ts'
import { isPlainObject } from '../../values/index.ts'
import { compare } from './comparison.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'

type Way = 'asc' | 'desc'
type Nulls = 'first' | 'last'

/** One item of `order by`. */
export interface OrderClause extends Clause {
  /** The same the other way round; undefined for SQL written by hand. */
  readonly reversed: (() => OrderClause) | undefined
  /** What is sorted by, for queries that must select it; undefined for SQL written by hand that names several. */
  readonly selection?: Selection
  /** SQL written by hand, as it was given. */
  readonly text?: string
}

/** The items that the arguments of `order` mean.
 * @param named the expressions that the query selects under a name, which may be sorted by too
 * @throws InvalidArgument for text that isn't a column with a direction
 */
export function ordersOf(info: ModelInfo, items: readonly unknown[], named: ReadonlySet<string> = new Set()): OrderClause[] {
  return items.flatMap((item): OrderClause[] => {
    if (item === null || item === undefined) return []
    if (Array.isArray(item)) return ordersOf(info, item, named)
    if (item instanceof Ordering) return [orderingOf(info, item)]
    if (item instanceof Expression && !(item instanceof SqlLiteral)) return [orderingOf(info, item.asc())]
    if (item instanceof SqlFragment) return [fragmentOrder(info, item)]
    if (typeof item === 'string') return item.split(',').map((part) => textOrder(info, part.trim(), '', named))
    if (isPlainObject(item)) return hashOrders(info, item, '', named)
    throw new InvalidArgument({
      reason: `order() takes column names, { column: 'asc' | 'desc' } or sql(…); it was given ${JSON.stringify(item)}.`,
    })
  })
}

function hashOrders(info: ModelInfo, hash: Record<string, unknown>, path: string, named: ReadonlySet<string>): OrderClause[] {
  return Object.entries(hash).flatMap(([name, direction]) => {
    const reflection = info.reflections.get(name)
    if (reflection !== undefined && isPlainObject(direction)) {
      return hashOrders(infoOf(reflection.target), direction, path === '' ? name : `${path}.${name}`, none)
    }
    if (/^\w+\.\w+$/.test(name)) return [textOrder(info, `${name} ${directionOf(direction)}`, path, named)]
    const other = reflection === undefined && isPlainObject(direction) ? modelOfTable(info, name) : undefined
    if (other !== undefined) return hashOrders(other, direction as Record<string, unknown>, `@${name}`, none)
    return [namedOrder(info, name, path, directionOf(direction), named)]
  })
}

const none: ReadonlySet<string> = new Set()

/** By a column; else by an expression that is selected under the name, or by an aggregate as Rails calls it: `count_all`, `sum_views`. */
function namedOrder(info: ModelInfo, name: string, path: string, direction: 'asc' | 'desc', named: ReadonlySet<string>): OrderClause {
  if (!info.schema.byName.has(name) && path === '') {
    if (named.has(name)) return expressionOrder(`"${name}"`, () => IdentifierNode.create(name), direction)
    const selection = aggregateNamed(info, name)
    if (selection !== undefined) return expressionOrder(selection.key, selection.build, direction)
  }
  return columnOrder(info, column(info, name), path, direction)
}

const aggregates = { count: 'count', sum: 'sum', average: 'avg', minimum: 'min', maximum: 'max' } as const

function aggregateNamed(info: ModelInfo, name: string): Selection | undefined {
  const [, operation, of] = /^(count|sum|average|minimum|maximum)_(\w+)$/.exec(name) ?? []
  if (operation === undefined) return undefined
  const target = info.schema.byName.get(of!)
  if (target === undefined && !(operation === 'count' && of === 'all')) return undefined
  return aggregate(aggregates[operation as keyof typeof aggregates], target && columnSelection(info, target), false)
}

function expressionOrder(key: string, build: (names: Names) => OperationNode, direction: Way, nulls?: Nulls): OrderClause {
  const how = nulls === undefined ? direction : `${direction} nulls ${nulls}`
  const other = nulls === undefined ? undefined : nulls === 'first' ? 'last' : 'first'
  return {
    key: `${key} ${how}`,
    binds: [],
    build: (names) => OrderByItemNode.create(build(names), RawNode.createWithSql(how)),
    reversed: () => expressionOrder(key, build, direction === 'asc' ? 'desc' : 'asc', other),
    selection: { key, binds: [], build, column: undefined },
  }
}

/** A column or a harmless function of one, a direction, and where nulls go: what Rails takes for no SQL. */
const orderText = /^(?:(\w+)\(\s*)?(?:(?:(\w+)\.)?(\w+))?(\s*\))?(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i

const functions: ReadonlySet<string> = new Set(
  'abs char_length date length lower ltrim octet_length random rand round rtrim trim upper'.split(' '),
)

function textOrder(info: ModelInfo, text: string, path: string, named: ReadonlySet<string>): OrderClause {
  const [matches, given, table, name, closed, direction = 'asc', nulls] = orderText.exec(text) ?? []
  const applied = given?.toLowerCase()
  const isCall = applied !== undefined && closed !== undefined
  const isWhole = isCall ? functions.has(applied) : applied === undefined && closed === undefined && name !== undefined
  if (matches === undefined || !isWhole)
    throw new InvalidArgument({
      reason: `order('${text}') is neither a column nor a column with a direction; pass other SQL with sql(\`…\`).`,
    })
  const way = direction.toLowerCase() as Way
  const last = nulls?.toLowerCase() as Nulls | undefined
  if (name === undefined) return expressionOrder(`${applied}()`, () => RawNode.createWithSql(`${applied}()`), way, last)
  const ordered = placedOrder(info, table, name, path, way, isCall || table !== undefined ? none : named)
  const { selection } = ordered
  if (!isCall && last === undefined) return ordered
  if (selection === undefined) throw new InvalidArgument({ reason: `order('${text}') sorts by no column; pass other SQL with sql(\`…\`).` })
  const key = isCall ? `${applied}(${selection.key})` : selection.key
  const build = (names: Names) => (isCall ? RawNode.create([`${applied}(`, ')'], [selection.build(names)]) : selection.build(names))
  return expressionOrder(key, build, way, last)
}

function placedOrder(
  info: ModelInfo,
  table: string | undefined,
  name: string,
  path: string,
  way: Way,
  named: ReadonlySet<string>,
): OrderClause {
  if (table === undefined || table === info.schema.table) return namedOrder(info, name, path, way, named)
  const other = modelOfTable(info, table)
  const found = other?.schema.byName.get(name)
  if (other !== undefined && found !== undefined) return columnOrder(other, found, `@${table}`, way)
  return expressionOrder(`${table}.${name}`, () => reference(table, name), way)
}

function column(info: ModelInfo, name: string): Column {
  const found = info.schema.byName.get(name)
  if (found === undefined)
    throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, info.schema.byName.keys()) })
  return found
}

function directionOf(direction: unknown): 'asc' | 'desc' {
  const lower = typeof direction === 'string' ? direction.toLowerCase() : direction
  if (lower === 'asc' || lower === 'desc') return lower
  throw new InvalidArgument({ reason: `The direction of order() is 'asc' or 'desc', not ${JSON.stringify(direction)}.` })
}

function columnOrder(info: ModelInfo, target: Column, path: string, direction: 'asc' | 'desc'): OrderClause {
  const { table } = info.schema
  return {
    key: `${path || table}.${target.column} ${direction}`,
    binds: [],
    build: (names: Names): OperationNode =>
      OrderByItemNode.create(names.column(path, table, target.column), RawNode.createWithSql(direction)),
    reversed: () => columnOrder(info, target, path, direction === 'asc' ? 'desc' : 'asc'),
    selection: {
      key: `${path || table}.${target.column}`,
      binds: [],
      build: (names) => names.column(path, table, target.column),
      column: target,
    },
  }
}

/** The rows whose column has the first of some values, then those with the second, and so on; others come last. */
export function listedOrder(info: ModelInfo, name: string, values: readonly unknown[]): OrderClause {
  const target = column(info, name)
  const { table } = info.schema
  const clauses = values.map((value) => compare({ path: '', table, column: target }, value))
  return {
    key: `listed ${clauses.map(({ key }) => key).join()}`,
    binds: clauses.flatMap(({ binds }) => binds),
    build: (names) => {
      const parts = ['case when ']
      for (const place of clauses.keys())
        parts.push(` then ${place} ${place < clauses.length - 1 ? 'when ' : `else ${clauses.length} end`}`)
      return OrderByItemNode.create(
        RawNode.create(
          parts,
          clauses.map((clause) => clause.build(names)),
        ),
      )
    },
    reversed: undefined,
  }
}

/** The order of a query that names none and needs one. */
export function keyOrders(info: ModelInfo, direction: 'asc' | 'desc'): OrderClause[] {
  return info.schema.rowKey.map((key) => columnOrder(info, key, '', direction))
}

/** An expression and the way that rows are sorted by it. */
function orderingOf(info: ModelInfo, ordering: Ordering): OrderClause {
  const clause = fragmentClause(ordering, false, info.schema)
  const [selection] = selectionsOf(info, [ordering.by])
  return {
    ...clause,
    build: (names) => OrderByItemNode.create(clause.build(names)),
    reversed: () => orderingOf(info, ordering.reverse()),
    selection: selection!,
  }
}

function fragmentOrder(info: ModelInfo, fragment: SqlFragment): OrderClause {
  const clause = fragmentClause(fragment, false, info.schema)
  const other = reversedText(fragment.text)
  const single = fragment.text.includes(',')
    ? undefined
    : /^(.*?)(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/is.exec(fragment.text)?.[1]
  return {
    ...clause,
    text: fragment.text,
    build: (names) => OrderByItemNode.create(clause.build(names)),
    reversed: other === undefined ? undefined : () => fragmentOrder(info, new SqlFragment(other, fragment.values)),
    ...(single !== undefined && {
      selection: { ...fragmentClause(new SqlFragment(single, fragment.values), false, info.schema), column: undefined },
    }),
  }
}

/** SQL by hand the other way round, as Rails turns it: not where commas are inside of parentheses, nor where it says where nulls go. */
function reversedText(text: string): string | undefined {
  if (/\([^()]*,|\bnulls\s+(?:first|last)\b/i.test(text)) return undefined
  return text
    .split(',')
    .map((part) => {
      const [, of, way] = /^(.*?)(?:\s+(asc|desc))?\s*$/is.exec(part)!
      return `${of} ${way?.toLowerCase() === 'desc' ? 'asc' : 'desc'}`
    })
    .join(',')
}
