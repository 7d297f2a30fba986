import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RouteSet } from '../../src/routing/index.ts'
import { keepingInflections } from '../inflections/index.ts'
import type { PortedFile } from '../ported_file.ts'
import { portRoutes } from './port_routes.ts'
import { type TableRow, tableRows } from './table_rows.ts'
import type { PortRoutesOptions } from './translation.ts'

/** Ports the routes of a Rails application, runs what came out, and gives the table it draws.
 *
 * @param root the root of the Rails application
 * @param options the environment that the routes are drawn in; `production` unless given
 * @throws what `portRoutes` and the files throw
 */
export async function drawPortedRoutes(root: string, options: PortRoutesOptions = {}): Promise<TableRow[]> {
  const { files } = portRoutes(root, options)
  return tableRows(await runRoutes(files, options.environment), files)
}

/** Runs ported routes files, and gives the set they draw. Nothing of the application is needed: routes name their controllers only.
 *
 * The process must be able to import TypeScript (Node 24, or tsx).
 * @param files what `portRoutes` gave
 * @param environment what the files take for the environment while they run
 * @throws what the files throw: InvalidRoute with the line of a route that can't be drawn
 */
export async function runRoutes(files: readonly PortedFile[], environment = 'production'): Promise<RouteSet> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'regauge-routes-')))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(packageRoot(import.meta.dirname), join(folder, 'node_modules', 'regauge'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return await keepingInflections(() => inEnvironment(environment, () => importRoutes(join(folder, 'config/routes.ts'))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function importRoutes(path: string): Promise<RouteSet> {
  return ((await import(pathToFileURL(path).href)) as { default: RouteSet }).default
}

async function inEnvironment<T>(environment: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['REGAUGE_ENV']
  process.env['REGAUGE_ENV'] = environment
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['REGAUGE_ENV']
    else process.env['REGAUGE_ENV'] = before
  }
}

function packageRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageRoot(dirname(folder))
}
