import type { Declaration } from './mapping.ts'
import type { ParsedPath } from '../path/parsed_path.ts'
import type { Drawing } from './drawing.ts'

/** What a route leads to: an endpoint, or the controller and action as options. */
export interface Target {
  readonly target: unknown
  readonly options: Readonly<Record<string, unknown>>
}

/** Reads `to`, `controller` and `action`, with the modules of the scopes around.
 * @throws InvalidRoute when there is neither, or the controller's name can't be one
 */
export function readTarget(drawing: Drawing, declared: Declaration, path: ParsedPath): Target {
  const modules = drawing.scope.get('module') ?? undefined
  const found: Record<string, unknown> = path.has('controller') ? { controller: /.+?/ } : {}
  if (modules !== undefined && path.has('controller')) drawing.fail('A :controller segment is not allowed inside of a namespace.')
  const { to } = declared
  if (typeof to === 'function' || (typeof to === 'object' && to !== null)) return { target: to, options: found }
  if (to !== undefined && to !== null && typeof to !== 'string') drawing.fail("to is 'controller#action', a redirect or a handler.")
  const { controller, action } = controllerAndAction(declared)
  const named = withModules(controller, modules)
  if (named) found['controller'] = named instanceof RegExp ? named : checkedController(drawing, named)
  else if (!path.has('controller')) drawing.fail(`The route '${path.spec}' names no controller: give to: 'controller#action'.`)
  if (action) found['action'] = action
  else if (!path.has('action')) drawing.fail(`The route '${path.spec}' names no action: give to: 'controller#action'.`)
  return { target: undefined, options: found }
}

function controllerAndAction(declared: Declaration): Pick<Declaration, 'controller' | 'action'> {
  const { to, controller } = declared
  if (typeof to !== 'string') return declared
  const hash = to.indexOf('#')
  if (hash < 0) return { controller, action: to }
  const end = to.indexOf('#', hash + 1)
  return { controller: to.slice(0, hash), action: end < 0 ? to.slice(hash + 1) : to.slice(hash + 1, end) }
}

function withModules(controller: string | RegExp | undefined, modules: string | undefined): string | RegExp | undefined {
  if (modules === undefined || controller instanceof RegExp) return controller
  if (controller?.startsWith('/')) return controller.slice(1)
  return controller ? `${modules}/${controller}` : modules
}

function checkedController(drawing: Drawing, controller: string): string {
  if (/^[a-z_0-9][a-z_0-9/]*$/.test(controller)) return controller
  return drawing.fail(`'${controller}' can't be a controller: name it by its path, such as 'admin/posts' for Admin::PostsController.`)
}
