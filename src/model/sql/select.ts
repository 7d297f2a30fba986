import {
  AliasNode,
  FromNode,
  GroupByItemNode,
  HavingNode,
  IdentifierNode,
  LimitNode,
  OffsetNode,
  type OperationNode,
  type OrderByItemNode,
  ParensNode,
  QueryNode,
  RawNode,
  SelectionNode,
  SelectModifierNode,
  SelectQueryNode,
  TableNode,
} from 'kysely'
import type { SqlValue } from '../database.ts'
import type { ModelInfo } from '../model_info.ts'
import type { Clauses } from '../relation/clauses.ts'
import { type Clause, Names } from './clause.ts'
import { allOf } from './comparison.ts'
import { tableKey, withNode } from './common_tables.ts'
import { delimited } from './fragment.ts'
import { distinctJoins } from './joins.ts'
import type { Selection } from './selection.ts'
import { argumentsFor } from './statements.ts'

/** A select ready to run. */
export interface Query {
  readonly sql: string
  readonly args: readonly SqlValue[]
}

/** The shape of a select: its key and its values, in the order in which {@link selectNode} asks for placeholders. */
export function selectShape(
  info: ModelInfo,
  clauses: Clauses,
  selections: readonly Selection[] | null,
): { key: string; binds: SqlValue[] } {
  const { joins, wheres, groups, havings, orders, limit, offset } = clauses
  let key = `select ${info.schema.table}`
  const binds: SqlValue[] = []
  const add = (separator: string, list: readonly Clause[]): void => {
    for (const clause of list) {
      key += separator + clause.key
      for (const bind of clause.binds) binds.push(bind)
    }
  }
  for (const table of clauses.commonTables) add(tableKey(table), [table.query])
  if (clauses.source !== null) add(' from ', [clauses.source])
  if (clauses.distinct) key += ' distinct'
  if (selections !== null) add(' :', selections)
  for (const join of distinctJoins(joins)) {
    key += ` ${join.key}`
    add(' on ', join.clauses)
  }
  add(' where ', wheres)
  add(' group ', groups)
  add(' having ', havings)
  add(' order ', orders)
  if (limit !== null) binds.push(limit)
  if (offset !== null) binds.push(offset)
  for (const hint of clauses.hints) key += ` /*+${delimited(hint)}`
  for (const comment of clauses.comments) key += ` /*${delimited(comment)}`
  key += `${limit === null ? '' : ' limit'}${offset === null ? '' : ' offset'}${clauses.lock === null ? '' : ` ${clauses.lock}`}`
  return { key, binds }
}

/** The nodes of a select. `selections` null means all columns in their order. */
export function selectNode(
  info: ModelInfo,
  clauses: Clauses,
  selections: readonly Selection[] | null,
  counter?: { next: number },
): SelectQueryNode {
  const { table, columns } = info.schema
  const names = new Names(info.model.name, table, counter)
  const commonTables = withNode(clauses.commonTables, names, info.schema.binding.database.dialect)
  const source = clauses.source?.build(names) ?? TableNode.create(table)
  // Joins come after the selection in the text and before it in the numbering of aliases: selections may name what is joined.
  const selectCounter = names.counter.next
  if (selections !== null) names.counter.next += selections.reduce((sum, selection) => sum + selection.binds.length, 0)
  let node = SelectQueryNode.createFrom([source], commonTables)
  for (const join of distinctJoins(clauses.joins)) {
    for (const each of join.build(names)) node = QueryNode.cloneWithJoin(node, each)
  }
  const afterJoins = names.counter.next
  names.counter.next = selectCounter
  const selected = selections?.map((selection) => selection.build(names)) ?? columns.map((column) => names.column('', table, column.column))
  node = SelectQueryNode.cloneWithSelections(
    node,
    selected.map((each) => SelectionNode.create(each as never)),
  )
  names.counter.next = afterJoins
  if (clauses.hints.length > 0) node = SelectQueryNode.cloneWithFrontModifier(node, hintsNode(clauses.hints))
  if (clauses.distinct) node = SelectQueryNode.cloneWithFrontModifier(node, SelectModifierNode.create('Distinct'))
  for (const where of clauses.wheres) node = QueryNode.cloneWithWhere(node, where.build(names))
  if (clauses.groups.length > 0) {
    node = SelectQueryNode.cloneWithGroupByItems(
      node,
      clauses.groups.map((group) => GroupByItemNode.create(group.build(names))),
    )
  }
  if (clauses.havings.length > 0) node = { ...node, having: HavingNode.create(allOf(clauses.havings).build(names)) }
  if (clauses.orders.length > 0) {
    node = SelectQueryNode.cloneWithOrderByItems(
      node,
      clauses.orders.map((order) => order.build(names) as OrderByItemNode),
    )
  }
  return withComments(clauses.comments, withLimits(info, clauses, node, names))
}

function withComments(comments: readonly string[], node: SelectQueryNode): SelectQueryNode {
  return comments.reduce(
    (all, comment) => QueryNode.cloneWithEndModifier(all, RawNode.createWithSql(`/* ${commentText(comment)} */`)),
    node,
  )
}

function withLimits(info: ModelInfo, clauses: Clauses, node: SelectQueryNode, names: Names): SelectQueryNode {
  const { dialect } = info.schema.binding.database
  let limited = node
  if (clauses.limit !== null)
    limited = SelectQueryNode.cloneWithLimit(limited, LimitNode.create(dialect === 'sqlite' ? unread(names.bind()) : names.bind()))
  if (clauses.offset !== null) {
    if (clauses.limit === null && dialect !== 'postgres') {
      const everything = dialect === 'sqlite' ? '-1' : '18446744073709551615'
      limited = SelectQueryNode.cloneWithLimit(limited, LimitNode.create(RawNode.createWithSql(everything)))
    }
    limited = SelectQueryNode.cloneWithOffset(limited, OffsetNode.create(names.bind()))
  }
  if (clauses.lock === null || dialect === 'sqlite') return limited
  return QueryNode.cloneWithEndModifier(limited, RawNode.createWithSql(clauses.lock))
}

/** A bind that SQLite doesn't look at when it plans: it would prepare a statement anew each time the bind behind a bare `limit` is set. */
function unread(bind: OperationNode): OperationNode {
  return RawNode.create(['', ' + 0'], [bind])
}

/** Compiles a select, or finds its text by its shape. */
export function selectQuery(info: ModelInfo, clauses: Clauses, selections: readonly Selection[] | null): Query {
  const { key, binds } = selectShape(info, clauses, selections)
  const statement = info.schema.binding.statements.of(key, () => selectNode(info, clauses, selections))
  return { sql: statement.sql, args: argumentsFor(statement, binds) }
}

/** `select count(*) from (…)`: the number of rows that a query with limit, offset, distinct or groups has, or of those where a column of it isn't null. */
export function countQuery(info: ModelInfo, clauses: Clauses, selections: readonly Selection[], column?: string): Query {
  const { key, binds } = selectShape(info, clauses, selections)
  const statement = info.schema.binding.statements.of(`count ${column ?? '*'} ${key}`, () => ({
    ...SelectQueryNode.create(),
    from: FromNode.create([AliasNode.create(ParensNode.create(selectNode(info, clauses, selections)), IdentifierNode.create('counted'))]),
    selections: [SelectionNode.create(RawNode.createWithSql(`count(${column ?? '*'})`) as never)],
  }))
  return { sql: statement.sql, args: argumentsFor(statement, binds) }
}

function hintsNode(hints: readonly string[]): SelectModifierNode {
  return SelectModifierNode.createWithExpression(RawNode.createWithSql(`/*+ ${hints.map(commentText).join(' ')} */`))
}

/** A comment that doesn't end before its end; a null byte would end the statement for some servers. */
function commentText(comment: string): string {
  return comment.replaceAll('\0', '').replace(/(?<=\*)\/|(?<=\/)\*/g, ' $&')
}
