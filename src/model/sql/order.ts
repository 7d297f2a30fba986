import { type OperationNode, OrderByItemNode, RawNode } from 'kysely'
import { didYouMean } from '../../naming/index.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { modelOfTable } from '../tables.ts'
import type { Clause, Names } from './clause.ts'
import type { Selection } from './selection.ts'
import { compare, isPlainObject } from './comparison.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'

/** One item of `order by`. */
export interface OrderClause extends Clause {
  /** The same the other way round; undefined for SQL written by hand. */
  readonly reversed: (() => OrderClause) | undefined
  /** What is sorted by, for queries that must select it; undefined for SQL written by hand, which may hold directions. */
  readonly selection?: Selection
}

/** The items that the arguments of `order` mean.
 * @throws InvalidArgument for text that isn't a column with a direction
 */
export function ordersOf(info: ModelInfo, items: readonly unknown[], path = ''): OrderClause[] {
  return items.flatMap((item): OrderClause[] => {
    if (item === null || item === undefined) return []
    if (Array.isArray(item)) return ordersOf(info, item, path)
    if (item instanceof SqlFragment) return [fragmentOrder(item)]
    if (typeof item === 'string') return item.split(',').map((part) => textOrder(info, part.trim(), path))
    if (isPlainObject(item)) return hashOrders(info, item, path)
    throw new InvalidArgument({
      reason: `order() takes column names, { column: 'asc' | 'desc' } or sql(…); it was given ${JSON.stringify(item)}.`,
    })
  })
}

function hashOrders(info: ModelInfo, hash: Record<string, unknown>, path: string): OrderClause[] {
  return Object.entries(hash).flatMap(([name, direction]) => {
    const reflection = info.reflections.get(name)
    if (reflection !== undefined && isPlainObject(direction)) {
      return hashOrders(infoOf(reflection.target), direction, path === '' ? name : `${path}.${name}`)
    }
    if (/^\w+\.\w+$/.test(name)) return [textOrder(info, `${name} ${directionOf(direction)}`, path)]
    const other = reflection === undefined && isPlainObject(direction) ? modelOfTable(info, name) : undefined
    if (other !== undefined) return hashOrders(other, direction as Record<string, unknown>, `@${name}`)
    return [columnOrder(info, column(info, name), path, directionOf(direction))]
  })
}

function textOrder(info: ModelInfo, text: string, path: string): OrderClause {
  const parts = /^(?:(\w+)\.)?(\w+)(?:\s+(asc|desc))?$/i.exec(text)
  if (parts === null)
    throw new InvalidArgument({
      reason: `order('${text}') is neither a column nor a column with a direction; pass other SQL with sql(\`…\`).`,
    })
  const [, table, name, direction] = parts
  if (table !== undefined && table !== info.schema.table) return fragmentOrder(new SqlFragment(text, []))
  return columnOrder(info, column(info, name!), path, directionOf(direction ?? 'asc'))
}

function column(info: ModelInfo, name: string): Column {
  const found = info.schema.byName.get(name)
  if (found === undefined)
    throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, info.schema.byName.keys()) })
  return found
}

function directionOf(direction: unknown): 'asc' | 'desc' {
  const lower = String(direction).toLowerCase()
  if (lower === 'asc' || lower === 'desc') return lower
  throw new InvalidArgument({ reason: `The direction of order() is 'asc' or 'desc', not '${String(direction)}'.` })
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
  return info.schema.primaryKey.map((key) => columnOrder(info, key, '', direction))
}

function fragmentOrder(fragment: SqlFragment): OrderClause {
  const clause = fragmentClause(fragment, false)
  return { ...clause, build: (names) => OrderByItemNode.create(clause.build(names)), reversed: undefined }
}
