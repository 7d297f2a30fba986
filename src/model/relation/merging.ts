import { MissingJoin } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import type { Clause } from '../sql/clause.ts'
import type { OrderClause } from '../sql/order.ts'
import type { Clauses } from './clauses.ts'
import { mergeTrees } from './includes.ts'
import type { RelationBase } from './relation_base.ts'

/** The clauses of a relation with those of another: conditions, joins and orders add up, a limit of the other replaces. */
export function mergeClauses(info: ModelInfo, clauses: Clauses, other: RelationBase): Clauses {
  const theirs = other.clauses
  if (other.info.schema.table !== info.schema.table) {
    const { table } = other.info.schema
    const path = clauses.joins.find(({ reflection }) => reflection !== undefined && infoOf(reflection.target).schema.table === table)?.path
    const orders = theirs.orders.map((order) => orderSeenFrom(table, order))
    return clauses.with({
      ...settings(clauses, theirs),
      wheres: [...clauses.wheres, ...theirs.wheres.map((where) => seenFrom(table, where))],
      joins: [...clauses.joins, ...theirs.joins.map((join) => (path === undefined ? join : (join.under?.(path) ?? join)))],
      orders: theirs.isReordered ? orders : [...clauses.orders, ...orders],
      groups: [...clauses.groups, ...theirs.groups.map((group) => ({ ...group, ...seenFrom(table, group) }))],
      havings: [...clauses.havings, ...theirs.havings.map((having) => seenFrom(table, having))],
    })
  }
  return clauses.with({
    ...settings(clauses, theirs),
    wheres: [...replaced(clauses.wheres, theirs.wheres), ...theirs.wheres],
    joins: [...clauses.joins, ...theirs.joins],
    orders: theirs.isReordered ? theirs.orders : [...clauses.orders, ...theirs.orders],
    groups: [...clauses.groups, ...theirs.groups],
    havings: [...clauses.havings, ...theirs.havings],
    includes: mergeTrees(clauses.includes, theirs.includes),
    preloads: mergeTrees(clauses.preloads, theirs.preloads),
    isEager: clauses.isEager || theirs.isEager,
    selections: theirs.selections ?? clauses.selections,
    source: clauses.source ?? theirs.source,
    referenced: [...clauses.referenced, ...theirs.referenced],
    attributes: theirs.attributes === null ? clauses.attributes : { ...clauses.attributes, ...theirs.attributes },
  })
}

/** What the other says once holds; what it doesn't say stays. */
function settings(ours: Clauses, theirs: Clauses): Partial<Clauses> {
  const known = new Set(ours.commonTables.map(({ name }) => name))
  return {
    limit: theirs.limit ?? ours.limit,
    offset: theirs.offset ?? ours.offset,
    distinct: ours.distinct || theirs.distinct,
    lock: theirs.lock ?? ours.lock,
    isNone: ours.isNone || theirs.isNone,
    isReadonly: ours.isReadonly || theirs.isReadonly,
    isReordered: ours.isReordered || theirs.isReordered,
    strictLoading: ours.strictLoading || theirs.strictLoading,
    comments: [...ours.comments, ...theirs.comments.filter((comment) => !ours.comments.includes(comment))],
    hints: [...ours.hints, ...theirs.hints.filter((hint) => !ours.hints.includes(hint))],
    commonTables: [...ours.commonTables, ...theirs.commonTables.filter(({ name }) => !known.has(name))],
  }
}

/** As in Rails, a merged condition replaces those on the same column. */
function replaced(ours: readonly Clause[], theirs: readonly Clause[]): readonly Clause[] {
  const attributes = new Set(theirs.flatMap(({ attribute }) => attribute ?? []))
  return ours.filter(({ attribute }) => attribute === undefined || !attributes.has(attribute))
}

function seenFrom(table: string, clause: Clause): Clause {
  return {
    key: `@${table}(${clause.key})`,
    binds: clause.binds,
    build: (names) => {
      const alias = names.tables.get(table)
      if (alias === undefined) throw new MissingJoin({ model: names.model, path: table })
      return clause.build(names.from(alias))
    },
  }
}

function orderSeenFrom(table: string, order: OrderClause): OrderClause {
  const { reversed } = order
  return { ...seenFrom(table, order), reversed: reversed === undefined ? undefined : () => orderSeenFrom(table, reversed()) }
}
