import type { Clause } from '../sql/clause.ts'
import type { Join } from '../sql/joins.ts'
import type { OrderClause } from '../sql/order.ts'
import type { Selection } from '../sql/selection.ts'

/** What to load together with the records: association → what to load with its records. */
export type IncludeTree = ReadonlyMap<string, IncludeTree>

const noIncludes: IncludeTree = new Map()

/** A named subquery. */
export interface CommonTable {
  readonly name: string
  readonly query: Clause
}

/** The parts of a query, never changed once made. */
export class Clauses {
  readonly wheres: readonly Clause[] = []
  readonly joins: readonly Join[] = []
  readonly orders: readonly OrderClause[] = []
  readonly groups: readonly Selection[] = []
  readonly havings: readonly Clause[] = []
  /** Null selects all columns of the model. */
  readonly selections: readonly Selection[] | null = null
  readonly includes: IncludeTree = noIncludes
  /** What is always loaded with queries of its own. */
  readonly preloads: IncludeTree = noIncludes
  /** Whether `includes` are joined and read with the same query. */
  readonly isEager: boolean = false
  /** Tables that conditions written as SQL name: associations to them are joined when they are included. */
  readonly referenced: readonly string[] = []
  readonly limit: number | null = null
  readonly offset: number | null = null
  readonly distinct: boolean = false
  readonly isNone: boolean = false
  readonly isReadonly: boolean = false
  readonly lock: string | null = null
  /** What is read instead of the model's table: a subquery or SQL, under the table's name. */
  readonly source: Clause | null = null
  /** Named subqueries before the query: `with name as (…)`. */
  readonly commonTables: readonly CommonTable[] = []
  /** Comments behind the query, for those who read the database's log. */
  readonly comments: readonly string[] = []
  /** Whether loading an association later is an error. */
  readonly strictLoading: boolean = false
  /** Attributes that records made on the relation start with, beside those that the conditions fix. */
  readonly attributes: Readonly<Record<string, unknown>> | null = null

  /** The same with some parts replaced. */
  with(changes: Partial<Clauses>): Clauses {
    return Object.assign(new Clauses(), this, changes)
  }

  /** Whether no row can be found, so that nobody need be asked. */
  get findsNothing(): boolean {
    return this.isNone || this.wheres.some(({ key }) => key === 'never')
  }

  /** The same with one condition more: the most frequent change, without copying what is empty. */
  and(conditions: readonly Clause[]): Clauses {
    return this.with({ wheres: this.wheres.length === 0 ? conditions : [...this.wheres, ...conditions] })
  }
}

/** A query of everything. */
export const everything = new Clauses()
