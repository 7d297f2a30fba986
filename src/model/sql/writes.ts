import {
  BinaryOperationNode,
  ColumnNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  InsertQueryNode,
  type OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  QueryNode,
  RawNode,
  ReturningNode,
  SelectionNode,
  TableNode,
  UpdateQueryNode,
  ValuesNode,
} from 'kysely'
import type { Column } from '../attributes/column.ts'
import type { SqlValue } from '../database.ts'
import type { ModelInfo } from '../model_info.ts'
import type { Clauses } from '../relation/clauses.ts'
import { type Clause, Names } from './clause.ts'
import { compare } from './comparison.ts'
import type { Query } from './select.ts'
import { columnSelection } from './selection.ts'
import { argumentsFor } from './statements.ts'

/** The text of an insert of some columns, giving back some others. */
export function insertStatement(info: ModelInfo, columns: readonly Column[], returning: readonly Column[]): string {
  const { table, binding } = info.schema
  const key = `insert ${table} ${columns.map((column) => column.position).join()} ${returning.map((column) => column.position).join()}`
  return binding.statements.of(key, () => {
    let node = InsertQueryNode.create(TableNode.create(table))
    node = InsertQueryNode.cloneWith(
      node,
      // MySQL has no word for a row of defaults: it is one of no columns.
      columns.length === 0 && info.schema.dialect !== 'mysql'
        ? { defaultValues: true }
        : {
            columns: columns.map((column) => ColumnNode.create(column.column)),
            values: ValuesNode.create([PrimitiveValueListNode.create(columns.map((_, place) => place))]),
          },
    )
    if (returning.length === 0) return node
    return {
      ...node,
      returning: ReturningNode.create(returning.map((column) => SelectionNode.create(ColumnNode.create(column.column) as never))),
    }
  }).sql
}

/** Which row is meant: the columns that say so, with their values. That one is null is asked without a value. */
export interface RowPlace {
  readonly where: readonly Column[]
  readonly values: readonly SqlValue[]
}

/** The values of a place that a statement takes. */
export function placeArguments({ values }: RowPlace): readonly SqlValue[] {
  return values.includes(null) ? values.filter((value) => value !== null) : values
}

function placeKey({ where, values }: RowPlace): string {
  let key = ''
  for (let index = 0; index < where.length; index++)
    key += values[index] === null ? `${where[index]!.position}null,` : `${where[index]!.position},`
  return key
}

function placeNodes({ where, values }: RowPlace, names: Names): OperationNode[] {
  return where.map((column, index) => (values[index] === null ? isNull(column) : equals(column, names)))
}

/** The text of an update of some columns of a row. */
export function updateStatement(info: ModelInfo, columns: readonly Column[], place: RowPlace): string {
  const { table, binding } = info.schema
  const key = `update ${table} ${columns.map((column) => column.position).join()} ${placeKey(place)}`
  return binding.statements.of(key, () => {
    const names = new Names(info.model.name, table)
    let node = UpdateQueryNode.create([TableNode.create(table)])
    node = UpdateQueryNode.cloneWithUpdates(
      node,
      columns.map((column) => ColumnUpdateNode.create(ColumnNode.create(column.column), names.bind())),
    )
    for (const condition of placeNodes(place, names)) node = QueryNode.cloneWithWhere(node, condition)
    return node
  }).sql
}

/** The text of the delete of a row. */
export function deleteStatement(info: ModelInfo, place: RowPlace): string {
  const { table, binding } = info.schema
  return binding.statements.of(`delete ${table} ${placeKey(place)}`, () => {
    const names = new Names(info.model.name, table)
    let node = DeleteQueryNode.create([TableNode.create(table)])
    for (const condition of placeNodes(place, names)) node = QueryNode.cloneWithWhere(node, condition)
    return node
  }).sql
}

function isNull(column: Column): OperationNode {
  return RawNode.create(['', ' is null'], [ColumnNode.create(column.column)])
}

function equals(column: Column, names: Names): OperationNode {
  return BinaryOperationNode.create(ColumnNode.create(column.column), OperatorNode.create('='), names.bind())
}

/** One assignment of an `updateAll`: a value, or SQL written by hand; without a column the SQL holds the whole assignments. */
export type Assignment =
  | {
      readonly column: Column
      readonly value: SqlValue
      /** Adds to what is there rather than replacing it. */
      readonly isIncrement?: boolean
    }
  | { readonly column?: Column; readonly clause: Clause }

/** Updates all rows of a relation. Joins, limits and orders go through a subquery on the key. */
export function updateAllQuery(info: ModelInfo, clauses: Clauses, assignments: readonly Assignment[]): Query {
  const { table, binding } = info.schema
  const wheres = plainWheres(info, clauses)
  const binds = [
    ...assignments.flatMap((each) => ('clause' in each ? each.clause.binds : [each.value])),
    ...wheres.flatMap((where) => where.binds),
  ]
  const sets = assignments.map(keyOf).join()
  const statement = binding.statements.of(`update all ${table} ${sets} ${wheres.map((where) => where.key).join(' & ')}`, () => {
    const names = new Names(info.model.name, table)
    let node = UpdateQueryNode.create([TableNode.create(table)])
    node = UpdateQueryNode.cloneWithUpdates(
      node,
      assignments.map((each) => assign(each, names)),
    )
    for (const where of wheres) node = QueryNode.cloneWithWhere(node, where.build(names))
    return node
  })
  return { sql: statement.sql, args: argumentsFor(statement, binds) }
}

function keyOf(assignment: Assignment): string {
  if ('clause' in assignment) return `${assignment.column?.position ?? ''}=${assignment.clause.key}`
  return `${assignment.column.position}${assignment.isIncrement ? '+' : ''}`
}

function assign(assignment: Assignment, names: Names): ColumnUpdateNode {
  if ('clause' in assignment) {
    const { column, clause } = assignment
    return (column === undefined ? clause.build(names) : set(column, clause.build(names))) as ColumnUpdateNode
  }
  return set(assignment.column, assignment.isIncrement ? increment(assignment.column, names) : names.bind())
}

function set(column: Column, value: OperationNode): ColumnUpdateNode {
  return ColumnUpdateNode.create(ColumnNode.create(column.column), value)
}

function increment(column: Column, names: Names): OperationNode {
  return RawNode.create(['coalesce(', ', 0) + ', ''], [ColumnNode.create(column.column), names.bind()])
}

/** Deletes all rows of a relation. */
export function deleteAllQuery(info: ModelInfo, clauses: Clauses): Query {
  const { table, binding } = info.schema
  const wheres = plainWheres(info, clauses)
  const statement = binding.statements.of(`delete all ${table} ${wheres.map((where) => where.key).join(' & ')}`, () => {
    const names = new Names(info.model.name, table)
    let node = DeleteQueryNode.create([TableNode.create(table)])
    for (const where of wheres) node = QueryNode.cloneWithWhere(node, where.build(names))
    return node
  })
  return {
    sql: statement.sql,
    args: argumentsFor(
      statement,
      wheres.flatMap((where) => where.binds),
    ),
  }
}

function plainWheres(info: ModelInfo, clauses: Clauses): readonly Clause[] {
  const { joins, groups, commonTables, limit, offset, source } = clauses
  if ([joins, groups, commonTables].every((part) => part.length === 0) && limit === null && offset === null && source === null)
    return clauses.wheres
  const { key = info.schema.columns[0]!, table, binding } = info.schema
  const rows = info.relation(clauses.with({ selections: [columnSelection(info, key)] }))
  if (binding.database.dialect !== 'mysql') return [compare({ path: '', table, column: key }, rows)]
  return [isAmongThese(info, key, rows.asSource('rows_to_write'))]
}

/** MySQL neither limits a subquery nor reads the table that it writes, unless the rows were put together in a table of their own. */
function isAmongThese(info: ModelInfo, { column }: Column, rows: Clause): Clause {
  return {
    key: `among ${rows.key}`,
    binds: rows.binds,
    build: (names) =>
      RawNode.create(
        ['', ' in (select ', ' from ', ')'],
        [names.column('', info.schema.table, column), ColumnNode.create(column), rows.build(names)],
      ),
  }
}
