import { type InspectOptions, inspectRoutes, type RouteRow, routeRows } from '../routing/index.ts'
import { loadRoutes } from './load_routes.ts'
import { registerTypeScript } from './typescript.ts'

/** The route table of the application in `root`, as rows and as text. Loads the routes file and nothing else. */
export async function describeRoutes(root: string, options: InspectOptions = {}): Promise<{ rows: RouteRow[]; text: string }> {
  await registerTypeScript()
  const routes = await loadRoutes(root)
  return { rows: routeRows(routes, options), text: inspectRoutes(routes, options) }
}
