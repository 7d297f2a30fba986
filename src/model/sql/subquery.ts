import type { Clause } from './clause.ts'

/** Under this symbol a relation gives itself as a subquery that selects one column, or those of a key of several. */
export const SUBQUERY: unique symbol = Symbol('subquery')

/** A relation, as far as conditions know it. */
export interface Subquery {
  /** @param names the attributes that it selects when it selects nothing itself; its key by default */
  [SUBQUERY](names?: readonly string[]): Clause
}

/** Whether a value can be a subquery. */
export function isSubquery(value: unknown): value is Subquery {
  return typeof value === 'object' && value !== null && SUBQUERY in value
}

/** A subquery that selects these attributes when it selects nothing itself. */
export function selecting(subquery: Subquery, names: readonly string[]): Subquery {
  return { [SUBQUERY]: () => subquery[SUBQUERY](names) }
}
