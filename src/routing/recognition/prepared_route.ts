import { type Condition, compileConditions } from '../request_attributes.ts'
import type { Route } from '../route.ts'

/** What a search needs to know of a route once its path fits. */
export interface PreparedRoute {
  readonly route: Route
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  /** Whether controller and action are the only defaults. */
  readonly isPlain: boolean
  readonly controller: unknown
  readonly action: unknown
}

/** Prepares a route: when it is met first, since a process answers few of those that it draws. */
export function prepareRoute(route: Route): PreparedRoute {
  const { defaults } = route
  const conditions = compileConditions(route.conditions, route.verbs)
  return {
    route,
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
