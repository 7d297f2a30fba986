import type { PathPattern } from '../path/path_pattern.ts'
import { Route } from '../route.ts'
import { isEmpty, none } from './common_options.ts'
import type { Drawing, DrawnRoute } from './drawing.ts'
import { type Declaration, patternOf, readPath } from './mapping.ts'

/** Builds a route that differs from the one before in its method, its action, its name and perhaps its path only, as those of a resource do, which are most
 * of a table: what was found out about that one holds for it too. Undefined when there is more to it.
 *
 * @param path as declared, without the format
 */
export function buildLike(drawing: Drawing, declared: Declaration, name: string | null, path: string): Route | undefined {
  const { before, scope } = drawing
  if (before === undefined || before.scope !== scope || !areAlike(declared, before)) return undefined
  const pattern = before.path === path ? before.route.pattern : patternLike(drawing, before, path)
  if (pattern === undefined) return undefined
  const { defaults, conditions, predicates, scopeOptions } = before.route
  const own = { controller: defaults['controller'], action: declared.action }
  const route = new Route(drawing.routes.length, {
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
  if (before.path !== path) drawing.before = { ...before, path, route }
  return route
}

/** The pattern of another path that nothing else depends on: neither names anything but segments, and nothing is asked of them. */
function patternLike(drawing: Drawing, { declared, route }: DrawnRoute, path: string): PathPattern | undefined {
  const { scope } = drawing
  const asksNothing = isEmpty(scope.get('constraints') ?? none) && isEmpty(route.pattern.requirements) && isEmpty(route.conditions)
  if (!asksNothing || !isEmpty(route.scopeOptions) || namesMore(route.pattern)) return undefined
  const read = readPath(drawing, path, declared.format)
  return namesMore(read) ? undefined : patternOf(drawing, read, none, true)
}

function namesMore({ globs, names }: Pick<PathPattern, 'globs' | 'names'>): boolean {
  return globs.size > 0 || names.includes('controller') || names.includes('action')
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
