import type { Clause } from './clause.ts'

/** Under this symbol a relation gives itself as a subquery that selects one column. */
export const SUBQUERY: unique symbol = Symbol('subquery')

/** A relation, as far as conditions know it. */
export interface Subquery {
  /** @param column the column it is compared with; it selects its own key when it selects nothing */
  [SUBQUERY](column: string): Clause
}

/** Whether a value can be a subquery. */
export function isSubquery(value: unknown): value is Subquery {
  return typeof value === 'object' && value !== null && SUBQUERY in value
}
