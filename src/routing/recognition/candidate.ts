import type { GuardedExpression } from '../expression/guarded_expression.ts'
import { type Condition, compileConditions } from '../request_attributes.ts'
import type { Route } from '../route.ts'

/** The expressions of the values along a way through the tree; null where anything will do, and for all when none has one. */
export type Tests = readonly (GuardedExpression | null)[] | null

/** A route at a place of the tree: where its path ends, or where only its whole expression can go on. What a search reads lies here, a step
 * away: far memory costs more than the search.
 */
export interface Candidate {
  readonly route: Route
  /** The route's place in the order of declaration. */
  readonly index: number
  /** The methods that it answers, a bit each. */
  readonly methods: number
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  /** Whether controller and action are the only defaults. */
  readonly isPlain: boolean
  readonly controller: unknown
  readonly action: unknown
  /** The names of the runs cut out on the way here. */
  readonly names: readonly string[]
  /** What the runs must look like. */
  readonly tests: Tests
  /** Whether optional parts could be chosen in several ways, so that the whole expression must decide. */
  readonly isAmbiguous: boolean
}

/** Prepares a route for its place. */
export function candidateFor(route: Route, methods: number, place: Pick<Candidate, 'names' | 'tests' | 'isAmbiguous'>): Candidate {
  const { defaults } = route
  const conditions = compileConditions(route.conditions, route.verbs)
  return {
    route,
    index: route.index,
    methods,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    isPlain: isPlain(defaults),
    controller: defaults['controller'],
    action: defaults['action'],
    names: place.names,
    tests: place.tests,
    isAmbiguous: place.isAmbiguous,
  }
}

function isPlain(defaults: Readonly<Record<string, unknown>>): boolean {
  let count = 0
  for (const name in defaults) if (name !== (count++ === 0 ? 'controller' : 'action')) return false
  return count === 2
}
