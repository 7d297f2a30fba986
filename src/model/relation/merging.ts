import { MissingJoin } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
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
    return clauses.with({
      wheres: [...clauses.wheres, ...theirs.wheres.map((where) => seenFrom(table, where))],
      orders: [...clauses.orders, ...theirs.orders.map((order) => orderSeenFrom(table, order))],
      isNone: clauses.isNone || theirs.isNone,
    })
  }
  return clauses.with({
    wheres: [...replaced(clauses.wheres, theirs.wheres), ...theirs.wheres],
    joins: [...clauses.joins, ...theirs.joins],
    orders: [...clauses.orders, ...theirs.orders],
    groups: [...clauses.groups, ...theirs.groups],
    havings: [...clauses.havings, ...theirs.havings],
    includes: mergeTrees(clauses.includes, theirs.includes),
    preloads: mergeTrees(clauses.preloads, theirs.preloads),
    isEager: clauses.isEager || theirs.isEager,
    selections: theirs.selections ?? clauses.selections,
    limit: theirs.limit ?? clauses.limit,
    offset: theirs.offset ?? clauses.offset,
    distinct: clauses.distinct || theirs.distinct,
    isNone: clauses.isNone || theirs.isNone,
    lock: theirs.lock ?? clauses.lock,
  })
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
