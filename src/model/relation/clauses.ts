import type { Clause } from '../sql/clause.ts'
import type { CommonTable } from '../sql/common_tables.ts'
import type { Join } from '../sql/joins.ts'
import type { OrderClause } from '../sql/order.ts'
import type { Selection } from '../sql/selection.ts'

/** What to load together with the records: association → what to load with its records. */
export type IncludeTree = ReadonlyMap<string, IncludeTree>

const noIncludes: IncludeTree = new Map()

/** What a query is made of. */
export interface QueryParts {
  readonly wheres: readonly Clause[]
  readonly joins: readonly Join[]
  readonly orders: readonly OrderClause[]
  /** Whether the orders replace those of a relation that this one is merged into. */
  readonly isReordered: boolean
  readonly groups: readonly Selection[]
  readonly havings: readonly Clause[]
  /** Null selects all columns of the model. */
  readonly selections: readonly Selection[] | null
  readonly includes: IncludeTree
  /** What is always loaded with queries of its own. */
  readonly preloads: IncludeTree
  /** Whether `includes` are joined and read with the same query. */
  readonly isEager: boolean
  /** Tables that conditions written as SQL name: associations to them are joined when they are included. */
  readonly referenced: readonly string[]
  readonly limit: number | null
  readonly offset: number | null
  readonly distinct: boolean
  readonly isNone: boolean
  readonly isReadonly: boolean
  readonly lock: string | null
  /** What is read instead of the model's table: a subquery or SQL, under the table's name. */
  readonly source: Clause | null
  /** Named subqueries before the query: `with name as (…)`. */
  readonly commonTables: readonly CommonTable[]
  /** Comments behind the query, for those who read the database's log. */
  readonly comments: readonly string[]
  /** Hints for the planner of the database, before what is selected. */
  readonly hints: readonly string[]
  /** Whether loading an association later is an error. */
  readonly strictLoading: boolean
  /** Attributes that records made on the relation start with, beside those that the conditions fix. */
  readonly attributes: Readonly<Record<string, unknown>> | null
}

/** The parts of a query, never changed once made. */
export class Clauses implements QueryParts {
  readonly wheres: readonly Clause[]
  readonly joins: readonly Join[]
  readonly orders: readonly OrderClause[]
  readonly isReordered: boolean
  readonly groups: readonly Selection[]
  readonly havings: readonly Clause[]
  readonly selections: readonly Selection[] | null
  readonly includes: IncludeTree
  readonly preloads: IncludeTree
  readonly isEager: boolean
  readonly referenced: readonly string[]
  readonly limit: number | null
  readonly offset: number | null
  readonly distinct: boolean
  readonly isNone: boolean
  readonly isReadonly: boolean
  readonly lock: string | null
  readonly source: Clause | null
  readonly commonTables: readonly CommonTable[]
  readonly comments: readonly string[]
  readonly hints: readonly string[]
  readonly strictLoading: boolean
  readonly attributes: Readonly<Record<string, unknown>> | null

  /** Part by part: each step of a query copies them, and `Object.assign` takes six times as long. */
  constructor(parts: QueryParts) {
    this.wheres = parts.wheres
    this.joins = parts.joins
    this.orders = parts.orders
    this.isReordered = parts.isReordered
    this.groups = parts.groups
    this.havings = parts.havings
    this.selections = parts.selections
    this.includes = parts.includes
    this.preloads = parts.preloads
    this.isEager = parts.isEager
    this.referenced = parts.referenced
    this.limit = parts.limit
    this.offset = parts.offset
    this.distinct = parts.distinct
    this.isNone = parts.isNone
    this.isReadonly = parts.isReadonly
    this.lock = parts.lock
    this.source = parts.source
    this.commonTables = parts.commonTables
    this.comments = parts.comments
    this.hints = parts.hints
    this.strictLoading = parts.strictLoading
    this.attributes = parts.attributes
  }

  /** The same with some parts replaced. */
  with(changes: Partial<QueryParts>): Clauses {
    return Object.assign(new Clauses(this), changes)
  }

  /** Whether no row can be found, so that nobody need be asked. */
  get findsNothing(): boolean {
    return this.isNone || this.limit === 0 || this.wheres.some(({ key }) => key === 'never')
  }

  /** The same with some conditions more. */
  and(conditions: readonly Clause[]): Clauses {
    return this.with({ wheres: this.wheres.length === 0 ? conditions : [...this.wheres, ...conditions] })
  }
}

/** A query of everything. */
export const everything = new Clauses({
  wheres: [],
  joins: [],
  orders: [],
  isReordered: false,
  groups: [],
  havings: [],
  selections: null,
  includes: noIncludes,
  preloads: noIncludes,
  isEager: false,
  referenced: [],
  limit: null,
  offset: null,
  distinct: false,
  isNone: false,
  isReadonly: false,
  lock: null,
  source: null,
  commonTables: [],
  comments: [],
  hints: [],
  strictLoading: false,
  attributes: null,
})
