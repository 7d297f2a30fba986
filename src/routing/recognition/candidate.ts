import { type Condition, compileConditions } from '../request_attributes.ts'
import type { PathNode } from '../path/nodes.ts'
import { reachOf } from '../path/reach.ts'
import type { Requirement } from '../path/requirement.ts'
import type { Route } from '../route.ts'

/** A route as the matcher sees it. */
export interface Candidate {
  readonly route: Route
  readonly conditions: readonly Condition[]
  /** Whether the request, and not only its path, decides. */
  readonly isConditional: boolean
  /** Whether its expression has several parts without bounds, so that the time to say no grows faster than the path. */
  readonly isCostly: boolean
  readonly defaultNames: readonly string[]
}

/** Prepares a route for the matcher. */
export function candidateFor(route: Route): Candidate {
  const conditions = compileConditions(route.conditions)
  return {
    route,
    conditions,
    isConditional: conditions.length > 0 || route.predicates.length > 0,
    isCostly: unboundedParts(route.pattern.nodes, route.pattern.requirements) > 1,
    defaultNames: Object.keys(route.defaults),
  }
}

function unboundedParts(nodes: readonly PathNode[], requirements: Readonly<Record<string, Requirement>>): number {
  let count = 0
  for (const node of nodes) {
    if (node.kind === 'group') count += unboundedParts(node.nodes, requirements)
    else if (node.kind === 'glob') count++
    else if (node.kind === 'segment' && Object.hasOwn(requirements, node.name) && reachOf(requirements[node.name]) === 'open') count++
  }
  return count
}
