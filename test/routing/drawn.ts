import type { RouteSet } from '../../src/routing/index.ts'

/** The table as lines of `name verb path target`. */
export function linesOf(routes: RouteSet): string[] {
  return routes.routes.map(({ name, verb, path, controller, action }) =>
    [name ?? '-', verb || '*', path.replace('(.:format)', ''), controller === undefined ? '' : `${controller}#${action}`].join(' ').trim(),
  )
}

/** Where a request goes: `controller#action` and the other parameters. */
export function destination(routes: RouteSet, method: string, path: string): string | null {
  const found = routes.recognize(method, path)
  if (found === null) return null
  const { controller, action, ...rest } = found.params
  const others = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)
  return [`${String(controller)}#${String(action)}`, ...others].join(' ')
}
