import { relative } from 'node:path'
import type { RouteSet } from '../../routing/index.ts'
import { InvalidConfiguration, NoApplication } from '../errors.ts'
import { findSource, importFile } from './loader.ts'

/** Imports `config/routes` of the application in `root`.
 * @throws NoApplication when there is no such file; InvalidConfiguration when it doesn't export what `draw` returns
 */
export async function loadRoutes(root: string): Promise<RouteSet> {
  const file = findSource(root, 'config/routes')
  if (file === undefined) throw new NoApplication({ root })
  const { default: routes } = await importFile(root, file)
  if (typeof routes === 'object' && routes !== null && 'recognize' in routes) return routes as RouteSet
  throw new InvalidConfiguration({ file: relative(root, file), reason: 'the default export is not what draw() returns' })
}
