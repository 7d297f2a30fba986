import { underscore } from '../../src/naming/index.ts'
import { UnexpectedRuby } from '../errors.ts'
import { shorten } from '../report/rows.ts'
import { constantPath, endOf, is, type RubyNode } from '../ruby/index.ts'
import { arrow, call, object, type PrintedText, printStatements, quote, type Statement, withoutMarks } from '../typescript/index.ts'
import { isDraw } from './draw_block.ts'
import { destructured } from './dsl_names.ts'
import { drawnStatements, fileStatements } from './loaded_files.ts'
import { translateStatements } from './statements.ts'
import { stubText } from './stubs.ts'
import type { Translation } from './translation.ts'

const magicComment = /^\s*(frozen_string_literal|encoding|coding|typed|warn_indent|shareable_constant_value):|^\s*-\*-|^\s*rubocop:/

/** Translates a whole `config/routes.rb` into the text of `config/routes.ts`.
 *
 * @throws UnexpectedRuby (REGAUGE_UNEXPECTED_RUBY) when the file draws no routes
 */
export function routesFile(translation: Translation): PrintedText {
  const { source } = translation
  skipMagicComments(translation)
  const draws = source.statements.filter(isDraw)
  for (const name of source.statements.flatMap(redirectClass)) translation.redirectClasses.add(name)
  if (draws.length === 0) throw noDraw(translation)
  const outside: Statement[] = []
  const inside: Statement[] = []
  let position = 0
  for (const draw of [...draws, undefined]) {
    const until = draw ? draw.location.startOffset : endOf(source.tree)
    const between = source.statements.filter((node) => node.location.startOffset >= position && node.location.startOffset < until)
    const helpers = between.filter((node) => is(node, 'DefNode'))
    inside.push(
      ...translateStatements(
        helpers,
        helpers[0]?.location.startOffset ?? until,
        helpers.length > 0 ? endOf(helpers.at(-1)!) : until,
        translation,
      ),
    )
    outside.push(
      ...translateStatements(
        between.filter((node) => !is(node, 'DefNode')),
        position,
        until,
        translation,
      ),
    )
    if (!draw) break
    inside.push(...drawnStatements(draw, translation))
    position = endOf(draw)
  }
  inside.push(...fromPaths(translation))
  return withoutMarks(assemble(translation, outside, [...inside]))
}

/** Translates a file that is drawn by name: bare DSL calls, or a draw block of its own. Its output is a function of the DSL. */
export function splitRoutesFile(translation: Translation): PrintedText {
  const { source } = translation
  skipMagicComments(translation)
  const draw = source.statements.find(isDraw)
  const body = draw ? drawnStatements(draw, translation) : translateStatements(source.statements, 0, endOf(source.tree), translation)
  const imports = [...typeImports(translation), "import type { RoutesDsl } from 'regauge'", ...fileImports(translation, '.')]
  const function_ = `export default (routes: RoutesDsl): void => {\n${destructuringLine(translation)}${printStatements(body, 1)}\n}`
  return withoutMarks(`${[imports.join('\n'), ...borrowedText(translation), ...stubText(translation.stubs), function_].join('\n\n')}\n`)
}

/** Files that `config.paths["config/routes.rb"]` adds to this one. */
function fromPaths(translation: Translation): Statement[] {
  const { application, source } = translation
  const settings = application.read('config/application.rb')
  if (
    source.file !== 'config/routes.rb' ||
    !settings ||
    !/paths\[["']config\/routes(\.rb)?["']\]/.test(settings.text(0, endOf(settings.tree)))
  )
    return []
  const drawn = new Set([...translation.drawn.keys()].map((name) => `config/routes/${name}.rb`))
  return application
    .filesBelow('config/routes')
    .filter((file) => !drawn.has(file))
    .map((file) => application.read(file)!)
    .filter(({ statements }) => statements.some(isDraw))
    .flatMap((file) => [{ type: 'comment' as const, text: `// ${file.file}` }, ...fileStatements(file, translation)])
}

function assemble(translation: Translation, outside: readonly Statement[], inside: readonly Statement[]): string {
  const module = translation.engine?.module
  const drawn: readonly Statement[] = module === undefined ? inside : [inScope(module, inside, translation)]
  const imports = [
    ...typeImports(translation),
    `import { ${[...translation.imports, 'draw'].sort(byName).join(', ')} } from 'regauge'`,
    ...functionImports(translation),
    ...fileImports(translation, './routes'),
    ...translation.sideEffects.map((path) => `import '${path}'`),
  ]
  const names = destructured(translation.usedDsl)
  const pattern = `{ ${names.join(', ')} }`
  const fits = `export default draw((${pattern}) => {`.length <= 140
  const whole = translation.drawn.size > 0
  const options = optionsText(translation)
  const close = options.length > 0 ? ', options' : ''
  const head = whole
    ? 'export default draw((routes) => {'
    : names.length === 0
      ? 'export default draw(() => {'
      : `export default draw((${pattern}) => {`
  const body = drawn.map((statement, index) => (index === 0 ? { ...statement, blankBefore: false } : statement))
  const text =
    whole || fits
      ? `${head}\n${whole ? destructuringLine(translation) : ''}${printStatements(body, 1)}\n}${close})`
      : `export default draw(\n  ${wrapped(names)} => {\n${printStatements(body, 2)}\n  },\n${close === '' ? '' : `  ${close.slice(2)},\n`})`
  const attached = outside.length > 0 && outside.every(({ type }) => type === 'comment')
  const preamble = outside.length > 0 ? [printStatements(outside)] : []
  return `${[imports.join('\n'), ...options, ...borrowedText(translation), ...stubText(translation.stubs), ...(attached ? [`${preamble[0]}\n${text}`] : [...preamble, text])].join('\n\n')}\n`
}

/** The options of `draw`, as a constant of the file; nothing when there are none. */
function optionsText({ engine, apiOnly, isDynamic }: Translation): string[] {
  const parts = [
    ...(engine ? [`name: ${quote(engine.name)}`] : []),
    ...(apiOnly ? [] : ['apiOnly: false']),
    ...(isDynamic ? ["dynamic: 'any'"] : []),
  ]
  if (parts.length === 0) return []
  const why = apiOnly ? '' : '// The Rails application is not API-only: its resources have `new` and `edit`.\n'
  return [`${why}const options = { ${parts.join(', ')} }${isDynamic ? ' as const' : ''}`]
}

/** The routes of an isolated engine lead to controllers in its module. */
function inScope(module: string, body: readonly Statement[], translation: Translation): Statement {
  return { type: 'line', code: call(translation.dsl('scope'), object([{ key: 'module', value: quote(module) }]), arrow('', body)) }
}

/** Where the routes of an engine are written, below `config/routes`. */
export function engineFile(constant: string): string {
  return `engines/${underscore(constant.replace(/::Engine$/, '')).replaceAll('/', '_')}.ts`
}

function wrapped(names: readonly string[]): string {
  const line = `({ ${names.join(', ')} })`
  return line.length + 7 <= 140 ? line : `({\n${names.map((name) => `    ${name},\n`).join('')}  })`
}

/** Constants of other Ruby files, each with the file it came from. */
function borrowedText(translation: Translation): string[] {
  const statements = [...translation.borrowed].flatMap(([name, { code, file }]): Statement[] => [
    { type: 'comment', text: `// From ${file}` },
    { type: 'line', prefix: `const ${name} = `, code },
  ])
  return statements.length > 0 ? [printStatements(statements)] : []
}

function byName(left: string, right: string): number {
  return left.replace(/^type /, '') < right.replace(/^type /, '') ? -1 : 1
}

function destructuringLine(translation: Translation): string {
  const names = destructured(translation.usedDsl)
  if (names.length === 0) return ''
  const line = `  const { ${names.join(', ')} } = routes\n`
  return line.length <= 141 ? line : `  const {\n${names.map((name) => `    ${name},\n`).join('')}  } = routes\n`
}

function typeImports(translation: Translation): string[] {
  const needed = (['notPorted', 'passed', 'rack'] as const).some((stub) => translation.stubs.has(stub))
  return needed ? ["import type { IncomingMessage, ServerResponse } from 'node:http'"] : []
}

function functionImports({ options: { functions } }: Translation): string[] {
  return functions ? [`import { ${functions.names.join(', ')} } from '${functions.from}'`] : []
}

function fileImports(translation: Translation, folder: string): string[] {
  return [
    ...[...translation.drawn].map(([name, identifier]) => `import ${identifier} from '${folder}/${name}.ts'`),
    ...[...translation.engines].map(([constant, identifier]) => `import ${identifier} from '${folder}/${engineFile(constant)}'`),
  ]
}

/** The name of a class of redirects. */
function redirectClass(node: RubyNode): string[] {
  if (!is(node, 'ClassNode') || !/^(::)?ActionDispatch::Routing::(Path)?Redirect$/.test(constantPath(node.superclass as RubyNode) ?? ''))
    return []
  return [constantPath(node.constantPath as RubyNode) ?? '']
}

function skipMagicComments(translation: Translation): void {
  for (const comment of translation.peekComments(0, translation.source.statements[0]?.location.startOffset ?? 0)) {
    if (magicComment.test(comment.text)) translation.takeComments(comment.start, comment.end)
  }
}

function noDraw(translation: Translation): UnexpectedRuby {
  const { source } = translation
  const first = source.statements[0]
  return new UnexpectedRuby({
    file: source.file,
    line: first ? source.lineOf(first) : 1,
    expected: '`Rails.application.routes.draw do … end`',
    found: first ? `\`${shorten(source.slice(first), 40)}\`` : 'an empty file',
  })
}
