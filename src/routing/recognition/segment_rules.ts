import { isEmpty } from '../dsl/common_options.ts'
import type { GuardedExpression } from '../expression/guarded_expression.ts'
import { type Reach, reachOf } from '../path/reach.ts'
import { guardRequirement, type Requirement } from '../path/requirement.ts'

/** How the value of a segment is found, and what it is tested with. */
export interface SegmentRule {
  readonly reach: Reach
  readonly test: GuardedExpression | null
}

/** The rules of the segments that have requirements. */
export type SegmentRules = ReadonlyMap<string, SegmentRule>

/** The rule of a segment without a requirement. */
export const anyRun: SegmentRule = { reach: 'run', test: null }

/** How the values of a route's segments are found. */
export function rulesOf(requirements: Readonly<Record<string, Requirement>>): SegmentRules {
  if (isEmpty(requirements)) return noRules
  const names = Object.keys(requirements)
  return new Map(names.map((name) => [name, { reach: reachOf(requirements[name]), test: guardRequirement(requirements[name]!) }]))
}

const noRules: SegmentRules = new Map()
