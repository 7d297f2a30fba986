import { type Condition, compileConditions } from '../request_attributes.ts'
import type { Route } from '../route.ts'

/** A route as the matcher sees it. */
export interface Candidate {
  readonly route: Route
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  readonly defaultNames: readonly string[]
}

export function candidateFor(route: Route): Candidate {
  const conditions = compileConditions(route.conditions)
  return {
    route,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    defaultNames: Object.keys(route.defaults),
  }
}
