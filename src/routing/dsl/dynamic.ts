import type { ParsedPath } from '../path/parsed_path.ts'
import type { Predicate } from '../types.ts'
import type { Drawing } from './drawing.ts'

/** A path that names its controller or action could reach any method of any controller, so it reaches only what the routes file lists. */
export function dynamicPredicate(drawing: Drawing, path: ParsedPath): Predicate | undefined {
  if (!path.has('controller') && !path.has('action')) return undefined
  const allowed = drawing.options.dynamic
  if (allowed === 'any') return undefined
  if (allowed === undefined) {
    drawing.fail(
      "A path with :controller or :action could reach any action. List those it may reach: draw(block, { dynamic: ['pages#*'] }).",
    )
  }
  const reachable = new Set(allowed)
  return (_, { controller, action }) => reachable.has(`${String(controller)}#${String(action)}`) || reachable.has(`${String(controller)}#*`)
}
