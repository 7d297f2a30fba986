import type { Predicate } from '../types.ts'
import type { Drawing } from './drawing.ts'

/** A path that names its controller or action could reach any method of any controller, so it reaches only what the routes file lists. */
export function dynamicPredicate(drawing: Drawing, inPath: ReadonlySet<string>): readonly Predicate[] {
  if (!inPath.has('controller') && !inPath.has('action')) return []
  const allowed = drawing.options.dynamic
  if (allowed === 'any') return []
  if (allowed === undefined) {
    drawing.fail(
      "A path with :controller or :action could reach any action. List those it may reach: draw(block, { dynamic: ['pages#*'] }).",
    )
  }
  const reachable = new Set(allowed)
  return [
    (_, { controller, action }) => reachable.has(`${String(controller)}#${String(action)}`) || reachable.has(`${String(controller)}#*`),
  ]
}
