import {
  childrenOf,
  argumentsOf,
  type BlockNode,
  blockOf,
  type CallNode,
  constantPath,
  endOf,
  is,
  literalText,
  pathOf,
  type RubyNode,
  type RubySource,
  statementsOf,
} from '../ruby/index.ts'
import type { Statement } from '../typescript/index.ts'
import { engineOf, isDraw } from './draw_block.ts'
import { blockStatements, translateStatements } from './statements.ts'
import { portComment, type Translation } from './translation.ts'

const evaluators = new Set(['load', 'instance_eval', 'instance_exec', 'eval', 'require', 'require_relative', 'require_dependency'])

/** Translates calls that bring another Ruby file into this one: `load`, `instance_eval(File.read(path))`, a loop over `Dir[…]`, `extend`.
 *
 * @returns undefined when the call is none of these, or the file isn't one of the application
 */
export function loadedFiles(node: CallNode, translation: Translation): Statement[] | undefined {
  if (node.name === 'extend' && !node.receiver) return extended(node, translation)
  if (evaluators.has(node.name) && !node.name.startsWith('require') && isSelf(node.receiver as RubyNode | null))
    return evaluated(node, translation)
  return node.name === 'each' ? eachFile(node, translation) : undefined
}

/** The statements of a file of routes: those of its draw block when it has one. */
export function fileStatements(source: RubySource, translation: Translation): Statement[] {
  return translation.within(source, () => {
    const draws = source.statements.filter(isDraw)
    if (draws.length === 0) return translateStatements(source.statements, 0, endOf(source.tree), translation)
    return draws.flatMap((draw) => drawnStatements(draw, translation))
  })
}

/** The statements of a draw block; those of an engine that is not the one being ported stay Ruby. */
export function drawnStatements(draw: CallNode & { block: BlockNode }, translation: Translation): Statement[] {
  const engine = engineOf(draw)
  if (engine === undefined || engine === translation.engine?.name) return blockStatements(draw.block, translation)
  translation.report(draw, `${engine}.routes.draw`, 'left', 'the routes of an engine of a gem: they belong where it is mounted')
  translation.takeComments(draw.location.startOffset, endOf(draw))
  return portComment(translation.source.slice(draw))
}

function isSelf(receiver: RubyNode | null): boolean {
  return receiver === null || is(receiver, 'SelfNode')
}

function evaluated(node: CallNode, translation: Translation): Statement[] | undefined {
  const [first] = argumentsOf(node).positional
  const read = first && is(first, 'CallNode') && ['read', 'open'].includes(first.name) ? argumentsOf(first).positional[0] : first
  const path = read && pathOf(read, translation.scope)
  const source = path === undefined ? undefined : translation.application.read(path)
  if (!source) return undefined
  translation.report(node, translation.source.slice(node), 'ported')
  return fileStatements(source, translation)
}

/** `Dir["config/routes/*.rb"].each { |file| load file }`: each file in turn, in the order of their names. */
function eachFile(node: CallNode, translation: Translation): Statement[] | undefined {
  const block = blockOf(node)
  const pattern = globOf(node.receiver as RubyNode | null, translation)
  if (!block || pattern === undefined || !brings(block.body as RubyNode | null)) return undefined
  const folder = pattern.replace(/\/[^/]*\*.*$/, '')
  const fits = new RegExp(
    `^${pattern.replace(/[.+()|[\]]/g, '\\$&').replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(.*/)?'))}$`,
  )
  const files = translation.application.filesBelow(folder).filter((file) => fits.test(file))
  translation.report(node, translation.source.slice(node).split('\n', 1)[0]!, 'note', `the files of today: ${files.join(', ')}`)
  return files.flatMap((file) => {
    const statements = fileStatements(translation.application.read(file)!, translation)
    return [{ type: 'comment' as const, text: `// ${file}` }, ...statements]
  })
}

function brings(node: RubyNode | null): boolean {
  if (node === null) return false
  if (is(node, 'CallNode') && (evaluators.has(node.name) || node.name === 'draw')) return true
  return childrenOf(node).some(brings)
}

function globOf(node: RubyNode | null, translation: Translation): string | undefined {
  if (!is(node, 'CallNode')) return undefined
  if (['sort', 'each', 'sort_by'].includes(node.name)) return globOf(node.receiver as RubyNode | null, translation)
  const [first] = argumentsOf(node).positional
  const pattern = literalText(first)
  if (node.name === 'glob' && pattern !== undefined && constantPath(node.receiver as RubyNode | null) !== 'Dir')
    return pathOf(node.receiver as RubyNode, translation.scope, pattern)
  const isDir = constantPath(node.receiver as RubyNode | null) === 'Dir' && ['[]', 'glob'].includes(node.name)
  return isDir && first ? pathOf(first, translation.scope) : undefined
}

/** `extend Routes::Api`: the helper methods of the module, and the block that its `extended` runs. */
function extended(node: CallNode, translation: Translation): Statement[] | undefined {
  const names = argumentsOf(node).positional.map(constantPath)
  const sources = names.map((name) => (name === undefined ? undefined : translation.application.sourceOf(name)))
  if (sources.length === 0 || sources.includes(undefined)) return undefined
  translation.report(node, translation.source.slice(node), 'ported')
  return (sources as RubySource[]).flatMap((source) => translation.within(source, () => moduleStatements(source, translation)))
}

function moduleStatements(source: RubySource, translation: Translation): Statement[] {
  return methodsIn(source.tree).flatMap((method) => {
    if (!is(method, 'DefNode')) return []
    if (!method.receiver) return translateStatements([method], method.location.startOffset, endOf(method), translation)
    if (method.name !== 'extended') return []
    return statementsOf(method.body as RubyNode | null).flatMap((statement) => {
      const block = is(statement, 'CallNode') && /^(instance|class)_(exec|eval)$/.test(statement.name) ? blockOf(statement) : undefined
      return block ? blockStatements(block, translation) : []
    })
  })
}

function methodsIn(node: RubyNode): RubyNode[] {
  return is(node, 'DefNode') ? [node] : childrenOf(node).flatMap(methodsIn)
}
