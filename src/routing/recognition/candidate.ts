import { type Condition, compileConditions } from '../request_attributes.ts'
import type { Route } from '../route.ts'

/** A route as the matcher sees it. */
export interface Candidate {
  readonly route: Route
  /** The methods that it answers, a bit each. */
  readonly methods: number
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  /** Whether controller and action are the only defaults. */
  readonly isPlain: boolean
  readonly controller: unknown
  readonly action: unknown
}

/** Prepares a route for the matcher. */
export function candidateFor(route: Route, methods: number): Candidate {
  const { defaults } = route
  const conditions = compileConditions(route.conditions)
  return {
    route,
    methods,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    isPlain: isPlain(defaults),
    controller: defaults['controller'],
    action: defaults['action'],
  }
}

function isPlain(defaults: Readonly<Record<string, unknown>>): boolean {
  let count = 0
  for (const name in defaults) if (name !== (count++ === 0 ? 'controller' : 'action')) return false
  return count === 2
}
