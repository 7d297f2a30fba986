import {
  argumentsOf,
  type BlockNode,
  blockOf,
  type CallNode,
  endOf,
  is,
  literalText,
  nodeType,
  parameterNames,
  type RubyNode,
  RubySource,
  statementsOf,
} from '../ruby/index.ts'
import {
  arrow,
  type BlockStatement,
  call as callCode,
  type Code,
  type CommentStatement,
  object,
  quote,
  type Statement,
} from '../typescript/index.ts'
import { shorten } from '../report/rows.ts'
import { dslCall, head, isDslCall } from './calls.ts'
import { caseStatement, decidedCase } from './cases.ts'
import { conditional, decided, guardedNext } from './conditions.ts'
import { definition } from './definitions.ts'
import { expression, hashProperty } from './expressions.ts'
import { gemRoutes } from './gems/gem_routes.ts'
import { fileStatements, loadedFiles } from './loaded_files.ts'
import { loop } from './loops.ts'
import { outermost } from './place.ts'
import { portComment, type Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { assignKnown } from './written_out.ts'

/** Translates the statements between two offsets, with their comments and blank lines. */
export function translateStatements(nodes: readonly RubyNode[], start: number, end: number, translation: Translation): Statement[] {
  const out: Statement[] = []
  let position = start
  const place = (from: number, to: number, statements: Statement[]) => {
    const gap = translation.source.lineAt(from) - translation.source.lineAt(position) > 1
    if (statements[0]) out.push({ ...statements[0], blankBefore: gap && out.length > 0 }, ...statements.slice(1))
    position = Math.max(position, to)
  }
  const placeComments = (to: number) => {
    for (const comment of translation.takeComments(position, to)) place(comment.start, comment.end, commentLines(comment.text))
  }
  for (const node of nodes) {
    if (translation.isSkipping) break
    const stop = endOf(node)
    placeComments(node.location.startOffset)
    const statements = withOrigin(node, translation)
    const inner = translation.takeComments(node.location.startOffset, stop).flatMap((comment) => commentLines(comment.text))
    place(node.location.startOffset, stop, [...inner, ...statements])
    if (translation.place === outermost && !translation.gem) out.push(...translation.outside.splice(0))
    const [trailing] = translation.peekComments(stop, end)
    const last = out.at(-1)
    if (trailing?.trailing && last?.type === 'line' && translation.source.lineAt(trailing.start) === translation.source.lineAt(stop)) {
      translation.takeComments(stop, trailing.end)
      if (!forRubocop.test(trailing.text)) last.trailing = `//${trailing.text}`
    }
  }
  if (!translation.isSkipping) placeComments(end)
  return out
}

/** Translates one statement, and notes where it comes from. */
function withOrigin(node: RubyNode, translation: Translation): Statement[] {
  const outer = translation.gem
  const part = outer && Object.entries(translation.gemParts).find(([start]) => translation.source.slice(node).startsWith(start))
  if (part) translation.gem = { ...outer, name: part[1] }
  try {
    const origin = translation.originOf(node)
    return translateStatement(node, translation).map((one) => (one.type === 'comment' || one.origin ? one : { ...one, origin }))
  } finally {
    translation.gem = outer
  }
}

/** Translates one statement; what can't be translated goes out as the original Ruby in a comment, and into the report. */
export function translateStatement(node: RubyNode, translation: Translation): Statement[] {
  const checkpoint = translation.checkpoint()
  const outer = translation.pending
  translation.pending = []
  try {
    const statements = statement(node, translation)
    return [...translation.pending, ...statements]
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    translation.rollback(checkpoint)
    const construct = is(node, 'CallNode') ? head(node, translation) : translation.source.slice(node).split('\n', 1)[0]!
    translation.report(node, construct, 'left', error.message)
    translation.takeComments(node.location.startOffset, endOf(node))
    return portComment(translation.source.slice(node))
  } finally {
    translation.pending = outer
  }
}

/** A block as an arrow function: on one line when it is so in Ruby and holds one statement. */
export function blockArrow(block: BlockNode, translation: Translation, declare = true): Code {
  return translation.inBlock(() => {
    const names = declare ? parameterNames(block.parameters as RubyNode | null).map((name) => translation.declare(name)) : []
    const body = blockStatements(block, translation)
    const [only] = body
    const short = translation.source.lineOf(block) === translation.source.lineAt(endOf(block))
    if (short && body.length === 1 && only?.type === 'line' && !only.prefix && !only.trailing) return arrow(names.join(', '), only.code)
    return arrow(names.join(', '), body)
  })
}

/** The statements of a block, with the comments that stand in it. */
export function blockStatements(block: BlockNode, translation: Translation): Statement[] {
  const start = endOf({ location: (block.parameters as RubyNode | null)?.location ?? block.openingLoc } as RubyNode)
  const statements = translateStatements(statementsOf(block.body as RubyNode | null), start, block.closingLoc.startOffset, translation)
  translation.isSkipping = false
  return statements
}

function statement(node: RubyNode, translation: Translation): Statement[] {
  if (is(node, 'CallNode')) return callStatement(node, translation)
  if (is(node, 'CaseNode')) return decidedCase(node, translation) ?? [caseStatement(node, translation)]
  if (is(node, 'IfNode', 'UnlessNode'))
    return decided(node, translation) ?? guardedNext(node, translation) ?? withoutEmpty(node, translation)
  if (is(node, 'BeginNode')) {
    if (node.rescueClause || node.ensureClause) throw new Untranslatable(node, 'rescue is not translated')
    return translateStatements(statementsOf(node), node.location.startOffset, endOf(node), translation)
  }
  if (is(node, 'NextNode') && translation.isWrittenOut) {
    translation.isSkipping = true
    return []
  }
  if (is(node, 'LocalVariableWriteNode', 'MultiWriteNode') && assignKnown(node, translation)) return []
  if (is(node, 'YieldNode') && !node.arguments_ && translation.block !== undefined)
    return [{ type: 'line', code: `${translation.block}?.()` }]
  const defined = definition(node, translation)
  if (defined) return defined
  throw new Untranslatable(node, `${nodeType(node).replace(/Node$/, '')} is not translated`)
}

/** A condition under which nothing is left to do, such as one around `require`, is nothing itself. */
function withoutEmpty(node: Parameters<typeof conditional>[0], translation: Translation): Statement[] {
  const checkpoint = translation.checkpoint()
  const block = conditional(node, translation)
  const isEmpty = (part: BlockStatement): boolean => part.body.length === 0 && (part.next === undefined || isEmpty(part.next))
  if (!isEmpty(block)) return [block]
  const notes = translation.rows.slice(checkpoint.rows).filter(({ status }) => status === 'note')
  translation.rollback(checkpoint)
  translation.rows.push(...notes)
  return []
}

function callStatement(node: CallNode, translation: Translation): Statement[] {
  const loaded = loadedFiles(node, translation)
  if (loaded) return loaded
  const looped = loop(node, translation)
  if (looped) return looped
  if (!node.receiver && Object.hasOwn(gemRoutes, node.name)) return drawnByGem(node, translation)
  if (!node.receiver && ['require', 'require_relative', 'require_dependency'].includes(node.name)) return required(node, translation)
  if (is(node.receiver as RubyNode | null, 'LocalVariableReadNode') && isDslCall(node.name))
    return ported(node, dslCall(node, translation), translation)
  if (callsBlock(node, translation)) return [{ type: 'line', code: `${translation.block}?.()` }]
  if (node.receiver) throw new Untranslatable(node, `${node.name} is not part of the routing DSL`)
  if (node.name === 'devise_scope') return deviseScope(node, translation)
  const helper = translation.methods.get(node.name)
  if (helper !== undefined) return ported(node, helperCall(node, helper, translation), translation)
  return ported(node, dslCall(node, translation), translation)
}

/** The routes that a gem's call draws, written out below a comment that names the call. */
function drawnByGem(node: CallNode, translation: Translation): Statement[] {
  const { ruby, remark, gem, parts = {}, outside } = gemRoutes[node.name]!(node, translation)
  const source = new RubySource(translation.source.file, ruby)
  translation.takeComments(node.location.startOffset, endOf(node))
  const quiet = translation.rows.length
  translation.gem = { name: gem, at: translation.originOf(node).at }
  translation.gemParts = parts
  const statements = translation.within(source, () => translateStatements(source.statements, 0, endOf(source.tree), translation))
  if (outside !== undefined) {
    const other = new RubySource(translation.source.file, outside)
    translation.outside.push(
      ...translation.anywhere(() =>
        translation.within(other, () => translateStatements(other.statements, 0, endOf(other.tree), translation)),
      ),
    )
  }
  translation.gem = undefined
  translation.rows.length = quiet
  translation.report(node, head(node, translation), 'note', remark)
  const [line = ''] = head(node, translation).split('\n')
  // An argument whose value stands on the next lines is left out.
  const title = shorten(line.replace(/(,\s*:?\w+(:|\s*=>))?[,({[\s]*$/, ''), 100)
  return [{ type: 'comment', text: `// ${title}: ${remark.split(/;| for /, 1)[0]}` }, ...statements]
}

/** Devise's `devise_scope` only says whose sessions the controllers within deal with, which is nothing that a route shows. */
function deviseScope(node: CallNode, translation: Translation): Statement[] {
  const block = blockOf(node)
  if (!block) throw new Untranslatable(node, 'a block was expected')
  const said = head(node, translation)
  translation.report(node, said, 'note', "Devise's mapping is not set for the routes within")
  const statements = translation.inCall(node, () => translation.inBlock(() => blockStatements(block, translation)))
  return [{ type: 'comment', text: `// ${said}` }, ...statements]
}

function ported(node: CallNode, code: Code, translation: Translation): Statement[] {
  translation.report(node, head(node, translation), 'ported')
  // A verb with several paths became several calls.
  if (typeof code === 'object' && code.type === 'array') return code.items.map((item) => ({ type: 'line', code: item }))
  return [{ type: 'line', code }]
}

/** `block.call`, `instance_exec(&block)` and `instance_eval(&block)` of the block that the helper method is given. */
function callsBlock(node: CallNode, translation: Translation): boolean {
  if (translation.block === undefined || node.arguments_) return false
  const named = (child: unknown) =>
    is(child as RubyNode | null, 'LocalVariableReadNode') && translation.local((child as { name: string }).name) === translation.block
  if (node.name === 'call') return named(node.receiver)
  const passed = is(node.block as RubyNode | null, 'BlockArgumentNode')
    ? (node.block as unknown as { expression: unknown }).expression
    : null
  return ['instance_exec', 'instance_eval'].includes(node.name) && !node.receiver && named(passed)
}

function helperCall(node: CallNode, helper: string, translation: Translation): Code {
  const { positional, pairs } = argumentsOf(node)
  const block = blockOf(node)
  const args = positional.map((argument) =>
    is(argument, 'IntegerNode') ? quote(String(argument.value)) : expression(argument, translation),
  )
  const keywords = pairs.length > 0 ? [object(pairs.map((pair) => hashProperty(pair, translation)))] : []
  const missing = (translation.parametersBeforeBlock.get(node.name) ?? 0) - args.length - keywords.length
  const padding = block ? Array.from({ length: Math.max(0, missing) }, () => 'undefined') : []
  return callCode(helper, ...args, ...keywords, ...padding, ...(block ? [blockArrow(block, translation)] : []))
}

/** Files of gems have nothing to port; those of the application are read with the file that requires them. */
function required(node: CallNode, translation: Translation): Statement[] {
  const name = literalText(argumentsOf(node).positional[0])
  const file = name === undefined ? undefined : translation.application.findRequired(name, node.name, translation.source.file)
  if (file) return fileStatements(file, translation)
  translation.report(node, translation.source.slice(node), 'note', 'a library that the routes need no longer')
  return []
}

/** What only the linter of Ruby reads. */
const forRubocop = /^\s*rubocop:/

/** A Ruby comment as ours, line by line. */
export function commentLines(text: string): CommentStatement[] {
  if (forRubocop.test(text)) return []
  return text.split('\n').map((line) => ({ type: 'comment', text: `//${line}` }))
}
