import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withInflections } from '../inflections/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { PortRow } from '../report/rows.ts'
import { childrenOf, is, type RubyNode, RubySource } from '../ruby/index.ts'
import { Application, type ClassInfo, Imports, readClasses, definedName, noteSerialized, valueClass } from '../ruby/translate/index.ts'
import { ClassContext, portComment } from './class_context.ts'
import { columnTypes } from './columns.ts'
import { modelConfiguration } from './configured.ts'
import { gemModels } from './gem_models.ts'
import { bindLate } from './late_imports.ts'
import { settleMethods } from './methods.ts'
import { printFile } from './print_class.ts'
import { registeredTypes } from './registered_types.ts'
import { portedSchema, type SchemaRelations } from './schema_relations.ts'
import type { Provider } from '../schema/prisma.ts'
import { unportedDeclarations } from './unported_files.ts'
import { untypedTypes } from './untyped_file.ts'

/** Ports the classes below `app/models`.
 *
 * @param root the root of the Rails application
 * @param provider the database of the ported schema, whose client says which columns are a `bigint`
 * @throws BrokenRuby (REGAUGE_BROKEN_RUBY) when a file doesn't parse
 * @example const { files, rows } = await portModels('../rails-app')
 */
export async function portModels(root: string, provider: Provider = 'sqlite'): Promise<{ files: PortedFile[]; rows: PortRow[] }> {
  const printed = withInflections(root, () => printModels(root, provider))
  const { format } = await import('prettier')
  const files: PortedFile[] = []
  for (const { path, text, source } of printed.files) {
    try {
      files.push({ path, text: await format(text, layout) })
    } catch (error) {
      const [problem = ''] = (error as Error).message.split('\n', 1)
      const reason = `what was printed is no TypeScript (${problem}); its Ruby is in the output as a comment`
      printed.rows.push({ kind: 'models', file: source.file, line: 1, construct: source.file, status: 'left', reason })
      files.push({ path, text: `${portComment(source.text(0, Number.MAX_SAFE_INTEGER)).join('\n')}\n` })
    }
  }
  return { files: [...files, ...printed.others], rows: printed.rows }
}

/** How code is laid out, as everywhere in this project. */
const layout = { parser: 'typescript', semi: false, singleQuote: true, printWidth: 140 } as const

function printModels(
  root: string,
  provider: Provider,
  needed: ReadonlySet<string> = new Set(),
): {
  files: { path: string; text: string; source: RubySource }[]
  rows: PortRow[]
  others: PortedFile[]
} {
  const ofGems = gemModels(root)
  const models = [...ofGems.map(({ source }) => source), ...rubyFiles(root, 'app/models')]
  const configuration = modelConfiguration(root)
  const others = otherSources(root, configuration.folders)
  const classes = new Map<string, ClassInfo>()
  for (const source of [...models, ...others]) readClasses(source, classes)
  const further = others.filter(({ file }) => needed.has(file))
  const parts = partsOfModels([...models, ...further], others, classes)
  const sources = [...models, ...parts, ...further.filter((source) => !parts.includes(source))]
  const schema = portedSchema(root, provider)
  const application = new Application(
    classes,
    columnTypes(root, schema.numbers),
    callsOf([...models, ...others, ...rubyFiles(root, 'app/controllers')]),
  )
  noteSerialized(application)
  application.timeZone = configuration.timeZone
  application.locales = configuration.locales
  application.written = new Set(sources.map(({ file }) => file))
  settleMethods(contextsOf(sources, application))
  const waiting = waitingScopes(classes)
  const first = printSources(sources, application, schema.relations)
  if (waitingScopes(classes) > waiting) settleMethods(contextsOf(sources, application))
  const { printed, rows, missing } = waitingScopes(classes) > waiting ? printSources(sources, application, schema.relations) : first
  if (application.needed.size > 0) return printModels(root, provider, new Set([...needed, ...application.needed]))
  const files = bindLate(printed)
  const unported = unportedDeclarations(missing)
  return {
    files,
    rows: [...ofGems.map(({ row }) => row), ...rows.filter(({ file }) => !ofGems.some(({ source }) => source.file === file))],
    others: [unported, untypedTypes(files)].filter((file) => file !== undefined),
  }
}

/** How many scopes have to wait, as far as printing them has told. */
function waitingScopes(classes: ReadonlyMap<string, ClassInfo>): number {
  return [...classes.values()]
    .flatMap(({ staticMethods }) => [...staticMethods.values()])
    .filter(({ isScope, isAsync }) => isScope && isAsync).length
}

/** Prints the files of the models, with the rows of the report and the files that they import and nothing writes. */
function printSources(sources: readonly RubySource[], application: Application, schema: SchemaRelations) {
  const rows: PortRow[] = []
  const missing: string[] = []
  const printed = sources.flatMap((source) => {
    const imports = new Imports(source.file)
    const blocks = printFile({ source, application, imports, rows, schema })
    if (blocks.length === 0) return []
    const types = registeredTypes(classesOf(source, application), application, schema)
    const lines = [...imports.lines([...blocks, ...types].join('\n')), ...(types.length > 0 ? ['', ...types] : [])]
    missing.push(...imports.files().flatMap(({ file, specifier }) => (application.written!.has(file) ? [] : [specifier])))
    return [{ path: source.file.replace(/\.rb$/, '.ts'), text: `${lines.join('\n')}\n\n${blocks.join('\n\n')}\n`, source }]
  })
  return { printed, rows, missing }
}

/** The classes that are defined in a file and nowhere before. */
function classesOf(source: RubySource, application: Application): ClassInfo[] {
  return [...application.classes.values()].filter(({ file }) => file === source.file)
}

/** Every class with each file that defines a part of it. */
function contextsOf(sources: readonly RubySource[], application: Application): ClassContext[] {
  return sources.flatMap((source) => {
    const imports = new Imports(source.file)
    return source.statements
      .flatMap((node) => namesIn(node, '', source))
      .flatMap((name) => {
        const info = application.classes.get(name)
        return info ? [new ClassContext(info, source, application, imports, [])] : []
      })
  })
}

function namesIn(node: RubyNode, namespace: string, source: RubySource): string[] {
  const made = valueClass(node, source)
  if (made) return namesIn(made.node as unknown as RubyNode, namespace, made.source)
  if (is(node, 'ClassNode', 'ModuleNode')) {
    const name = definedName(node, namespace)
    const body = node.body as RubyNode | null
    return [name, ...(body ? childrenOf(body).flatMap((child) => namesIn(child, name, source)) : [])]
  }
  return is(node, 'StatementsNode', 'SingletonClassNode', 'CallNode', 'BlockNode')
    ? childrenOf(node).flatMap((child) => namesIn(child, namespace, source))
    : []
}

/** The names of all calls in the application: also in what is carried over by hand. */
function callsOf(sources: readonly RubySource[]): Set<string> {
  return new Set(sources.flatMap(({ tree }) => [...calledNames(tree)]))
}

/** The names of all calls below a node. */
function calledNames(tree: RubyNode): Set<string> {
  const names = new Set<string>()
  const waiting = [tree]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (is(node, 'CallNode')) names.add(node.name)
    waiting.push(...childrenOf(node))
  }
  return names
}

function rubyFiles(root: string, folder: string): RubySource[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rb'))
    .sort()
    .map((name) => new RubySource(`${folder}/${name}`, readFileSync(join(path, name), 'utf8')))
}

/** What models speak of beside each other: jobs, mailers, services and the rest of `app`. */
function otherSources(root: string, loaded: readonly string[]): RubySource[] {
  const app = join(root, 'app')
  if (!existsSync(app)) return []
  const folders = readdirSync(app, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !['models', 'views', 'assets', 'javascript', 'controllers', 'components'].includes(entry.name),
  )
  const path = join(root, 'config/application.rb')
  const application = existsSync(path) ? [new RubySource('config/application.rb', readFileSync(path, 'utf8'))] : []
  const paths = [...folders.map(({ name }) => `app/${name}`), 'app/controllers/concerns', 'lib', ...loaded]
  return [...application, ...paths.flatMap((folder) => rubyFiles(root, folder))]
}

/** Files outside of `app/models` without which a model can't be defined: modules that it includes, classes that it extends, validators. */
function partsOfModels(
  models: readonly RubySource[],
  others: readonly RubySource[],
  classes: ReadonlyMap<string, ClassInfo>,
): RubySource[] {
  const application = new Application(classes, { columnsOf: () => undefined, tableOf: () => undefined })
  const byFile = new Map(others.map((source) => [source.file, source]))
  const needed = new Set(others.filter(({ file }) => file.startsWith('app/validators/')).map(({ file }) => file))
  const waiting = [...models.map(({ file }) => file), ...needed]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const info of classes.values()) {
      if (info.file !== file) continue
      for (const name of [...info.includes, info.parent ?? '']) {
        const found = classes.get(application.resolveAbove(name, info.name) ?? '')?.file
        if (found === undefined || needed.has(found) || !byFile.has(found)) continue
        needed.add(found)
        waiting.push(found)
      }
    }
  }
  return [...needed].sort().map((file) => byFile.get(file)!)
}
