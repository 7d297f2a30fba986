import type { GuardedExpression } from '../expression/guarded_expression.ts'
import { type Reach, reachOf } from '../path/reach.ts'
import { guardRequirement } from '../path/requirement.ts'
import { type Condition, compileConditions } from '../request_attributes.ts'
import type { Route } from '../route.ts'

/** How the value of a segment is found, and what it is tested with. */
export interface SegmentRule {
  readonly reach: Reach
  readonly test: GuardedExpression | null
}

/** A route as the matcher sees it. */
export interface Candidate {
  readonly route: Route
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  readonly defaultNames: readonly string[]
  readonly defaultValues: readonly unknown[]
  /** The rules of segments that have requirements. */
  readonly rules: ReadonlyMap<string, SegmentRule>
}

/** The rule of a segment without a requirement. */
export const anyRun: SegmentRule = { reach: 'run', test: null }

/** Prepares a route for the matcher. */
export function candidateFor(route: Route): Candidate {
  const conditions = compileConditions(route.conditions)
  const rules = new Map<string, SegmentRule>()
  for (const [name, requirement] of Object.entries(route.requirements)) {
    rules.set(name, { reach: reachOf(requirement), test: guardRequirement(requirement) })
  }
  return {
    route,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    defaultNames: sharedNames(Object.keys(route.defaults)),
    defaultValues: Object.values(route.defaults),
    rules,
  }
}

/** One list for all that have the same names, which most routes have: it stays near. */
export function sharedNames(names: readonly string[]): readonly string[] {
  const key = names.join('\0')
  const known = lists.get(key)
  if (known !== undefined) return known
  if (lists.size < 1000) lists.set(key, names)
  return names
}

const lists = new Map<string, readonly string[]>()
