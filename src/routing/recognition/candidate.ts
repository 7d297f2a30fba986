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
  const defaultNames = Object.keys(route.defaults)
  return {
    route,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    defaultNames: sharedNames(defaultNames),
    defaultValues: defaultNames.map((name) => route.defaults[name]),
    rules: rulesOf(route.requirements),
  }
}

const noRules: ReadonlyMap<string, SegmentRule> = new Map()

function rulesOf(requirements: Route['requirements']): ReadonlyMap<string, SegmentRule> {
  const names = Object.keys(requirements)
  if (names.length === 0) return noRules
  return new Map(names.map((name) => [name, { reach: reachOf(requirements[name]), test: guardRequirement(requirements[name]!) }]))
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
