import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { actionMethods } from '../../controller/index.ts'
import { methodOfAction } from '../../naming/index.ts'
import { helperDeclarations, type InspectOptions, inspectRoutes, type Route, type RouteRow, routeRows } from '../../routing/index.ts'
import { loadControllers } from '../loading/load_application.ts'
import { loadRoutes } from '../loading/load_routes.ts'
import { registerTypeScript } from '../loading/typescript.ts'

/** Which routes to describe, and how. */
export interface DescribeOptions extends Omit<InspectOptions, 'unused'> {
  /** Only those that lead to a controller or an action which doesn't exist. */
  readonly unused?: boolean | undefined
}

/** The route table of the application in `root`, as rows and as text. Loads the routes file, and the controllers only to find unused routes. */
export async function describeRoutes(root: string, options: DescribeOptions = {}): Promise<{ rows: RouteRow[]; text: string }> {
  await registerTypeScript()
  const routes = await loadRoutes(root)
  const { unused, ...how } = options
  const shown: InspectOptions = unused ? { ...how, unused: await unusedRoutes(root) } : how
  return { rows: routeRows(routes, shown), text: inspectRoutes(routes, shown) }
}

/** What {@link describeHelpers} wrote. */
export interface DescribedHelpers {
  readonly file: string
  readonly text: string
  readonly hasChanged: boolean
}

/** Writes the declarations of the application's URL helpers, unless the file says the same already.
 * @param file default `config/route_helpers.d.ts` of the application
 */
export async function describeHelpers(root: string, file = 'config/route_helpers.d.ts'): Promise<DescribedHelpers> {
  await registerTypeScript()
  const text = helperDeclarations(await loadRoutes(root))
  const path = resolve(root, file)
  const hasChanged = textOf(path) !== text
  if (hasChanged) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return { file: path, text, hasChanged }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Whether a route leads to a controller or an action that doesn't exist. */
async function unusedRoutes(root: string): Promise<(route: Route) => boolean> {
  const controllers = await loadControllers(root)
  return ({ kind, controller, action }) => {
    if (kind !== 'action' || controller === undefined) return false
    const found = controllers.get(controller)
    return found === undefined || (action !== undefined && methodOfAction(action, actionMethods(found)) === undefined)
  }
}
