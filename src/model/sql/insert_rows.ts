import {
  ColumnNode,
  ColumnUpdateNode,
  InsertQueryNode,
  OnConflictNode,
  OnDuplicateKeyNode,
  type OperationNode,
  OrActionNode,
  PrimitiveValueListNode,
  RawNode,
  ReturningNode,
  SelectionNode,
  TableNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import type { Column } from '../attributes/column.ts'
import type { SqlValue } from '../database.ts'
import type { ModelInfo } from '../model_info.ts'
import { Names } from './clause.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'
import type { Query } from './select.ts'
import { argumentsFor } from './statements.ts'

/** The unique index that decides what is a duplicate. */
export interface ConflictTarget {
  readonly columns: readonly Column[]
  /** What stands for the columns in SQL, of an index that isn't one of columns alone, and the rows that it is about. */
  readonly text?: { readonly parts: string; readonly where: string | undefined }
}

/** What happens to rows that a unique index would refuse. */
export type Conflict =
  | { readonly kind: 'skip'; readonly target: ConflictTarget | undefined }
  | { readonly kind: 'sql'; readonly target: ConflictTarget; readonly sql: SqlFragment }
  | {
      readonly kind: 'update'
      readonly target: ConflictTarget
      readonly columns: readonly Column[]
      /** A timestamp that is written when one of the columns changes. */
      readonly stamp: Column | undefined
    }

/** What an insert answers of its rows: a column, or SQL written by hand, which has no values. */
export type Returned = Column | SqlFragment

/** An insert of several rows. `binds` are their values, row by row. */
export function insertRowsStatement(
  info: ModelInfo,
  columns: readonly Column[],
  rows: number,
  binds: readonly SqlValue[],
  conflict: Conflict | undefined,
  returning: readonly Returned[],
): Query {
  const { table, binding } = info.schema
  const own = conflict?.kind === 'sql' ? fragmentClause(conflict.sql, false, info.schema) : undefined
  const names = new Names(info.model.name, table, { next: binds.length })
  const places = Array.from({ length: rows }, (_, row) => columns.map((_, place) => row * columns.length + place))
  let node = InsertQueryNode.cloneWith(InsertQueryNode.create(TableNode.create(table)), {
    columns: columns.map((column) => ColumnNode.create(column.column)),
    values: ValuesNode.create(places.map((row) => PrimitiveValueListNode.create(row))),
  })
  if (conflict !== undefined) node = withConflict(info, node, conflict, own?.build(names))
  if (returning.length > 0) {
    const selections = returning.map((each) => {
      const node = each instanceof SqlFragment ? RawNode.createWithSql(each.text) : ColumnNode.create(each.column)
      return SelectionNode.create(node as never)
    })
    node = { ...node, returning: ReturningNode.create(selections) }
  }
  // The number of rows makes the text: it isn't worth remembering.
  const statement = binding.statements.compile(node)
  return { sql: statement.sql, args: argumentsFor(statement, [...binds, ...(own?.binds ?? [])]) }
}

function withConflict(info: ModelInfo, node: InsertQueryNode, conflict: Conflict, own: OperationNode | undefined): InsertQueryNode {
  const isMysql = info.schema.binding.database.dialect === 'mysql'
  if (conflict.kind === 'skip') {
    if (isMysql) return InsertQueryNode.cloneWith(node, { orAction: OrActionNode.create('ignore') })
    const skip = OnConflictNode.cloneWith(OnConflictNode.create(), { doNothing: true, ...targetOf(conflict.target) })
    return InsertQueryNode.cloneWith(node, { onConflict: skip })
  }
  const updates = own === undefined ? assignments(info, conflict as Conflict & { kind: 'update' }) : [own as ColumnUpdateNode]
  if (isMysql) {
    // Something must be assigned there: a column to itself changes nothing.
    const given = updates.length > 0 ? updates : [unchanged(info.schema.primaryKey[0] ?? info.schema.columns[0]!)]
    return InsertQueryNode.cloneWith(node, { onDuplicateKey: OnDuplicateKeyNode.create(given) })
  }
  const update = updates.length === 0 ? { doNothing: true } : { updates }
  return InsertQueryNode.cloneWith(node, {
    onConflict: OnConflictNode.cloneWith(OnConflictNode.create(), { ...targetOf(conflict.target), ...update }),
  })
}

function unchanged({ column }: Column): ColumnUpdateNode {
  return ColumnUpdateNode.create(ColumnNode.create(column), ColumnNode.create(column))
}

function targetOf(target: ConflictTarget | undefined): Partial<OnConflictNode> {
  if (target === undefined) return {}
  if (target.text === undefined) return { columns: target.columns.map((column) => ColumnNode.create(column.column)) }
  const { parts, where } = target.text
  const index = { indexExpression: RawNode.createWithSql(parts) }
  return where === undefined ? index : { ...index, indexWhere: WhereNode.create(RawNode.createWithSql(where)) }
}

function assignments(info: ModelInfo, { columns, stamp }: Conflict & { kind: 'update' }): ColumnUpdateNode[] {
  const { table, binding } = info.schema
  const { dialect } = binding.database
  const given = (column: Column): OperationNode =>
    dialect === 'mysql'
      ? RawNode.create(['values(', ')'], [ColumnNode.create(column.column)])
      : RawNode.create(['excluded.', ''], [ColumnNode.create(column.column)])
  const present = (column: Column): OperationNode =>
    RawNode.create(['', '.', ''], [TableNode.create(table), ColumnNode.create(column.column)])
  const sets = columns.map((column) => ColumnUpdateNode.create(ColumnNode.create(column.column), given(column)))
  if (stamp === undefined || columns.length === 0) return sets
  const same = { sqlite: ' is ', postgres: ' is not distinct from ', mysql: ' <=> ' }[dialect]
  const parts = ['case when ']
  const operands: OperationNode[] = []
  for (const [place, column] of columns.entries()) {
    operands.push(present(column), given(column))
    parts.push(same, place < columns.length - 1 ? ' and ' : ' then ')
  }
  operands.push(present(stamp), given(stamp))
  parts.push(' else ', ' end')
  // Before the others: MySQL assigns from left to right.
  return [ColumnUpdateNode.create(ColumnNode.create(stamp.column), RawNode.create(parts, operands)), ...sets]
}
