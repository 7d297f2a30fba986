import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { MissingSource } from '../errors.ts'
import { portInflections, withInflections } from '../inflections/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { PortRow } from '../report/rows.ts'
import { argumentsOf, ConstantFinder, is, type RubyNode, RubySource } from '../ruby/index.ts'
import { routesFile, splitRoutesFile } from './file.ts'
import { type ApplicationFiles, Translation } from './translation.ts'

/** Ports `config/routes.rb` and the files it draws or requires.
 *
 * @param root the root of the Rails application
 * @throws MissingSource, BrokenRuby, UnexpectedRuby with file and line
 */
export function portRoutes(root: string): { files: PortedFile[]; rows: PortRow[] } {
  return withInflections(root, () => portDrawnRoutes(root))
}

function portDrawnRoutes(root: string): { files: PortedFile[]; rows: PortRow[] } {
  const inflections = portInflections(root)
  const rows: PortRow[] = [...inflections.rows]
  const files: PortedFile[] = []
  const constants = new ConstantFinder(root)
  const application = (folder: string): ApplicationFiles => ({ constants, findRequired: finder(root, folder) })
  const main = new Translation(readSource(root, 'config/routes.rb', 'the routes of the Rails application'), rows, application('config'))
  main.apiOnly = isApiOnly(root)
  if (inflections.file) main.sideEffects.push('./initializers/inflections.ts')
  files.push({ path: 'config/routes.ts', text: routesFile(main) })
  const queue = [...main.drawn.keys()]
  const seen = new Set<string>()
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (seen.has(name)) continue
    seen.add(name)
    const path = `config/routes/${name}`
    const split = new Translation(
      readSource(root, `${path}.rb`, 'the routes that are drawn by this name'),
      rows,
      application('config/routes'),
    )
    files.push({ path: `${path}.ts`, text: splitRoutesFile(split) })
    queue.push(...split.drawn.keys())
  }
  reportUndrawn(root, seen, rows)
  if (inflections.file) files.push(inflections.file)
  return { files, rows }
}

function readSource(root: string, file: string, expected: string): RubySource {
  const path = join(root, file)
  if (!existsSync(path)) throw new MissingSource({ file, expected })
  return new RubySource(file, readFileSync(path, 'utf8'))
}

/** Whether `config/application.rb` says so; an application without the file is taken for an API. */
function isApiOnly(root: string): boolean {
  const path = join(root, 'config/application.rb')
  if (!existsSync(path)) return true
  return setsApiOnly(new RubySource('config/application.rb', readFileSync(path, 'utf8')).tree)
}

function setsApiOnly(node: RubyNode): boolean {
  if (is(node, 'CallNode') && node.name === 'api_only=') return is(argumentsOf(node).positional[0], 'TrueNode')
  return node.compactChildNodes().some(setsApiOnly)
}

/** Finds a required file among the application's own routes; everything else is a library. */
function finder(root: string, folder: string): (name: string, method: string) => RubySource | undefined {
  return (name, method) => {
    const path = join(root, method === 'require_relative' ? folder : '', name.endsWith('.rb') ? name : `${name}.rb`)
    const file = relative(root, path)
    if (!file.startsWith('config/routes') || !existsSync(path)) return undefined
    return new RubySource(file, readFileSync(path, 'utf8'))
  }
}

/** A file beside the drawn ones that nothing draws may be loaded in a way the porter doesn't see. */
function reportUndrawn(root: string, drawn: ReadonlySet<string>, rows: PortRow[]): void {
  const folder = join(root, 'config/routes')
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = `config/routes/${name}`
    if (!name.endsWith('.rb') || drawn.has(name.slice(0, -3)) || rows.some((row) => row.file === file)) continue
    rows.push({ kind: 'routes', file, line: 1, construct: file, status: 'left', reason: 'no routes file draws it by name' })
  }
}
