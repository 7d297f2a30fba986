import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withInflections } from '../inflections/index.ts'
import type { PortedFile } from '../ported_file.ts'
import type { PortRow } from '../report/rows.ts'
import { is, type RubyNode, RubySource } from '../ruby/index.ts'
import { Application, type ClassInfo, Imports, readClasses, definedName } from '../ruby/translate/index.ts'
import { ClassContext, portComment } from './class_context.ts'
import { columnTypes } from './columns.ts'
import { settleMethods } from './methods.ts'
import { printFile } from './print_class.ts'

/** Ports the classes below `app/models`.
 *
 * @param root the root of the Rails application
 * @throws BrokenRuby (REGAUGE_BROKEN_RUBY) when a file doesn't parse
 * @example const { files, rows } = await portModels('../rails-app')
 */
export async function portModels(root: string): Promise<{ files: PortedFile[]; rows: PortRow[] }> {
  const printed = withInflections(root, () => printModels(root))
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
  return { files, rows: printed.rows }
}

/** How code is laid out, as everywhere in this project. */
const layout = { parser: 'typescript', semi: false, singleQuote: true, printWidth: 140 } as const

function printModels(root: string): { files: { path: string; text: string; source: RubySource }[]; rows: PortRow[] } {
  const sources = rubyFiles(root, 'app/models')
  const classes = new Map<string, ClassInfo>()
  for (const source of sources) readClasses(source, classes)
  for (const source of otherSources(root)) readClasses(source, classes)
  const application = new Application(classes, columnTypes(root), new Set(sources.flatMap(({ tree }) => [...calledNames(tree)])))
  settleMethods(contextsOf(sources, application))
  const rows: PortRow[] = []
  const files = sources.flatMap((source) => {
    const imports = new Imports(source.file)
    const blocks = printFile({ source, application, imports, rows })
    if (blocks.length === 0) return []
    const lines = imports.lines()
    return [{ path: source.file.replace(/\.rb$/, '.ts'), text: `${lines.join('\n')}\n\n${blocks.join('\n\n')}\n`, source }]
  })
  return { files, rows }
}

/** Every class with each file that defines a part of it. */
function contextsOf(sources: readonly RubySource[], application: Application): ClassContext[] {
  return sources.flatMap((source) => {
    const imports = new Imports(source.file)
    return source.statements
      .flatMap((node) => namesIn(node, ''))
      .flatMap((name) => {
        const info = application.classes.get(name)
        return info ? [new ClassContext(info, source, application, imports, [])] : []
      })
  })
}

function namesIn(node: RubyNode, namespace: string): string[] {
  if (is(node, 'ClassNode', 'ModuleNode')) {
    const name = definedName(node, namespace)
    const body = node.body as RubyNode | null
    return [name, ...(body ? body.compactChildNodes().flatMap((child) => namesIn(child, name)) : [])]
  }
  return is(node, 'StatementsNode', 'SingletonClassNode', 'CallNode', 'BlockNode')
    ? node.compactChildNodes().flatMap((child) => namesIn(child, namespace))
    : []
}

/** The names of all calls below a node. */
function calledNames(tree: RubyNode): Set<string> {
  const names = new Set<string>()
  const waiting = [tree]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (is(node, 'CallNode')) names.add(node.name)
    waiting.push(...node.compactChildNodes())
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
function otherSources(root: string): RubySource[] {
  const app = join(root, 'app')
  if (!existsSync(app)) return []
  const folders = readdirSync(app, { withFileTypes: true }).filter(
    (entry) =>
      entry.isDirectory() && !['models', 'views', 'assets', 'javascript', 'controllers', 'helpers', 'components'].includes(entry.name),
  )
  return [...folders.map(({ name }) => `app/${name}`), 'lib'].flatMap((folder) => rubyFiles(root, folder))
}
