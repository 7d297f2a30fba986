import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { underscore } from '../../src/naming/index.ts'
import { MissingSource } from '../errors.ts'
import { portInflections, withInflections } from '../inflections/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { PortRow } from '../report/rows.ts'
import { childrenOf, argumentsOf, is, type RubyNode, RubySource } from '../ruby/index.ts'
import { ApplicationFiles } from './application_files.ts'
import { onlyEngineOf } from './draw_block.ts'
import { engineFile, routesFile, splitRoutesFile } from './file.ts'
import { type PortRoutesOptions, Translation } from './translation.ts'

/** Ports `config/routes.rb` and the files it draws or requires.
 *
 * @param root the root of the Rails application
 * @param options the environment to answer conditions for
 * @throws MissingSource, BrokenRuby, UnexpectedRuby with file and line
 */
export function portRoutes(root: string, options: PortRoutesOptions = {}): { files: PortedFile[]; rows: PortRow[] } {
  return withInflections(root, () => portDrawnRoutes(root, options))
}

function portDrawnRoutes(root: string, options: PortRoutesOptions): { files: PortedFile[]; rows: PortRow[] } {
  const inflections = portInflections(root)
  const rows: PortRow[] = [...inflections.rows]
  const files: PortedFile[] = []
  const application = new ApplicationFiles(root, options.environment)
  const main = new Translation(readSource(root, 'config/routes.rb', 'the routes of the Rails application'), rows, application, options)
  main.apiOnly = isApiOnly(root)
  isOfEngine(main)
  if (inflections.file) main.sideEffects.push('./initializers/inflections.ts')
  files.push({ path: 'config/routes.ts', ...routesFile(main) })
  const translations = [main]
  const queue = [...main.drawnAt]
  const seen = new Set<string>()
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, place] = next
    if (seen.has(name)) continue
    seen.add(name)
    const path = `config/routes/${name}`
    const split = new Translation(readSource(root, `${path}.rb`, 'the routes that are drawn by this name'), rows, application, options)
    split.place = place
    translations.push(split)
    files.push({ path: `${path}.ts`, ...splitRoutesFile(split) })
    queue.push(...split.drawnAt)
  }
  const engines = [...translations.flatMap(({ engines }) => [...engines.keys()])]
  for (const constant of new Set(engines)) {
    const { source, isolated } = application.engineRoutes(constant)!
    const engine = new Translation(source, rows, application, options)
    engine.apiOnly = main.apiOnly
    engine.engine = { name: constant, module: isolated === undefined ? undefined : underscore(isolated) }
    if (isolated !== undefined) engine.place = { ...engine.place, inModule: true }
    files.push({ path: `config/routes/${engineFile(constant)}`, ...routesFile(engine) })
  }
  reportUndrawn(root, seen, rows)
  for (const [file, reason] of application.known.data.read)
    rows.push({ kind: 'routes', file, line: 1, construct: file, status: 'note', reason })
  if (inflections.file) files.push(inflections.file)
  return { files, rows }
}

/** When the root is that of an engine, its routes are ported as an application's; whether they have `new` and `edit` is up to where it is mounted. */
function isOfEngine(main: Translation): void {
  const name = onlyEngineOf(main.source.statements)
  if (name === undefined) return
  const isolated = main.application.isolatedNamespace('lib')
  main.engine = { name, module: isolated === undefined ? undefined : underscore(isolated) }
  if (isolated !== undefined) main.place = { ...main.place, inModule: true }
  const host = ['test/dummy', 'spec/dummy'].map((folder) => main.application.read(`${folder}/config/application.rb`)).find(Boolean)
  main.apiOnly = host !== undefined && setsApiOnly(host.tree)
  main.report(
    main.source.tree,
    name,
    'note',
    'the routes of an engine, as they are where an application with all actions of resources mounts it',
  )
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
  return childrenOf(node).some(setsApiOnly)
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
