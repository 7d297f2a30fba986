import { Route } from '../route.ts'
import type { Drawing, DrawnRoute } from './drawing.ts'
import { none } from './common_options.ts'
import type { Declaration } from './mapping.ts'

/** Builds a route that differs from the one before in its method, its action and its name only, as those of a resource do, which are most of a table:
 * what was found out about that one holds for it too. Undefined when there is more to it.
 *
 * @param path as declared, without the format
 */
export function buildLike(drawing: Drawing, declared: Declaration, name: string | null, path: string): Route | undefined {
  const { before, scope } = drawing
  if (before === undefined || before.scope !== scope || before.path !== path || !areAlike(declared, before)) return undefined
  const { pattern, defaults, conditions, predicates, scopeOptions } = before.route
  const own = { controller: defaults['controller'], action: declared.action }
  return new Route(drawing.routes.length, {
    name,
    verbs: declared.verbs,
    pattern,
    defaults: own,
    requiredDefaults: own,
    conditions,
    predicates,
    scopeOptions,
    target: undefined,
    callSite: drawing.site,
  })
}

function areAlike(declared: Declaration, { declared: other, route, plain }: DrawnRoute): boolean {
  return (
    isBare(declared) &&
    isBare(other) &&
    declared.controller === other.controller &&
    declared.format === other.format &&
    route.defaults === plain &&
    hasOnlyAction(plain)
  )
}

/** Whether a route has no options of its own. */
function isBare({ options, constraints, to, anchored, action }: Declaration): boolean {
  return options === none && constraints === none && to === undefined && anchored && typeof action === 'string' && action !== ''
}

function hasOnlyAction(plain: Readonly<Record<string, unknown>>): boolean {
  for (const name in plain) if ((name !== 'controller' && name !== 'action') || typeof plain[name] !== 'string') return false
  return 'controller' in plain && 'action' in plain
}
