import {
  childrenOf,
  constantPath,
  constantScope,
  endOf,
  is,
  isTruthy,
  type NodeOf,
  type RubyNode,
  statementsOf,
  tryEvaluate,
} from '../ruby/index.ts'
import { type BlockStatement, quote, type Statement } from '../typescript/index.ts'
import { shorten } from '../report/rows.ts'
import { inline, withoutBrackets } from './expressions.ts'
import { translateStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { valueInTurn } from './written_out.ts'

type Conditional = NodeOf<'IfNode'> | NodeOf<'UnlessNode'>

/** Translates `if`, `unless`, `elsif` and `else`, also those that stand behind a statement. */
export function conditional(node: Conditional, translation: Translation): BlockStatement {
  const positive = condition(node.predicate as RubyNode, translation)
  const test = is(node, 'UnlessNode') ? negate(positive) : positive
  const next = (is(node, 'UnlessNode') ? node.elseClause : node.subsequent) as RubyNode | null
  return {
    type: 'block',
    head: `if (${withoutBrackets(test)})`,
    body: branch(node.statements as RubyNode | null, node, next, translation),
    ...follow(next, translation),
  }
}

/** The statements of the branch that the chosen environment takes; undefined when none was chosen, or it does not decide. */
export function decided(node: Conditional, translation: Translation): Statement[] | undefined {
  const predicate = node.predicate as RubyNode
  const asksIt = asksEnvironment(predicate)
  const byEnvironment = asksIt && translation.options.environment !== undefined
  const value = byEnvironment ? tryEvaluate(predicate, translation.scope) : asksIt ? undefined : valueInTurn(predicate, translation)
  if (value === undefined) return undefined
  const asked = `if ${shorten(translation.source.slice(predicate), 50)}`
  if (byEnvironment) translation.report(node, asked, 'note', `decided for ${translation.options.environment}`)
  const next = (is(node, 'UnlessNode') ? node.elseClause : node.subsequent) as RubyNode | null
  if (isTruthy(value) === is(node, 'IfNode')) return branch(node.statements as RubyNode | null, node, next, translation)
  translation.takeComments(node.location.startOffset, next?.location.startOffset ?? endOf(node))
  if (is(next, 'IfNode')) return decided(next, translation) ?? [conditional(next, translation)]
  return is(next, 'ElseNode') ? branch(next.statements as RubyNode | null, next, null, translation) : []
}

/** Whether an expression asks `Rails.env`. */
export function asksEnvironment(node: RubyNode): boolean {
  if (is(node, 'CallNode') && node.name === 'env' && constantPath(node.receiver as RubyNode | null) === 'Rails') return true
  return childrenOf(node).some(asksEnvironment)
}

/** `next if …` and `next unless …` in a loop; undefined for any other condition. */
export function guardedNext(node: Conditional, translation: Translation): Statement[] | undefined {
  const [only] = statementsOf(node.statements as RubyNode | null)
  if (!is(only, 'NextNode')) return undefined
  if (translation.isWrittenOut) throw new Untranslatable(node, 'only Ruby knows whether the loop goes on')
  const positive = condition(node.predicate as RubyNode, translation)
  return [{ type: 'line', code: `if (${is(node, 'UnlessNode') ? negate(positive) : positive}) continue` }]
}

function follow(next: RubyNode | null, translation: Translation): { next?: BlockStatement } {
  if (is(next, 'IfNode')) {
    const block = conditional(next, translation)
    return { next: { ...block, head: `else ${block.head}` } }
  }
  if (!is(next, 'ElseNode')) return {}
  return { next: { type: 'block', head: 'else', body: branch(next.statements as RubyNode | null, next, null, translation) } }
}

function branch(statements: RubyNode | null, node: RubyNode, next: RubyNode | null, translation: Translation): Statement[] {
  const nodes = statementsOf(statements)
  if (nodes.length === 0) return []
  // A statement with `if` behind it ends before its condition; its comments are not within the branch.
  const modifier = !is(node, 'ElseNode') && (node as Conditional).endKeywordLoc === null
  const start = modifier
    ? nodes[0]!.location.startOffset
    : is(node, 'ElseNode')
      ? node.location.startOffset
      : endOf((node as Conditional).predicate as RubyNode)
  const end = modifier ? endOf(nodes.at(-1)!) : next ? next.location.startOffset : endOf(node)
  return translateStatements(nodes, start, end, translation)
}

/** The value of a condition that the application's own constants and files of data decide; undefined when they don't. */
function knownAnswer(node: RubyNode, translation: Translation): string | undefined {
  const value = asksEnvironment(node) ? undefined : tryEvaluate(node, constantScope(translation.scope))
  if (value === undefined) return undefined
  translation.report(node, `if ${translation.source.slice(node)}`, 'note', `${isTruthy(value)}, as the files of the application say today`)
  return String(isTruthy(value))
}

/** A condition. One that only Ruby can answer counts as false until it is written by hand. */
function condition(node: RubyNode, translation: Translation): string {
  if (is(node, 'ParenthesesNode') && statementsOf(node.body as RubyNode | null).length === 1)
    return condition(statementsOf(node.body as RubyNode | null)[0]!, translation)
  if (is(node, 'AndNode', 'OrNode')) {
    const other = is(node, 'AndNode') ? '||' : '&&'
    const [left, right] = [node.left, node.right].map((side) => {
      const text = condition(side as RubyNode, translation)
      return text.includes(` ${other} `) ? `(${text})` : text
    })
    return `${left} ${is(node, 'AndNode') ? '&&' : '||'} ${right}`
  }
  if (is(node, 'CallNode') && node.name === '!' && node.receiver) return negate(condition(node.receiver as RubyNode, translation))
  return answer(node, translation)
}

function answer(node: RubyNode, translation: Translation): string {
  try {
    if (is(node, 'CallNode') && node.name === 'block_given?' && translation.block !== undefined) return `${translation.block} !== undefined`
    const gem = loadedGem(node, translation)
    if (gem !== undefined) return gem
    if (is(node, 'DefinedNode') && constantPath(node.value as RubyNode) !== undefined) {
      throw new Untranslatable(node, 'whether a Ruby library is loaded has no meaning here')
    }
    return inline(node, translation)
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    const known = knownAnswer(node, translation)
    if (known !== undefined) return known
    const ruby = shorten(translation.source.slice(node), 90)
    translation.stubs.add('undecided')
    translation.report(node, `if ${ruby}`, 'left', `${error.message}; the condition counts as false until it is written by hand`)
    return `undecided(${quote(ruby)})`
  }
}

/** `defined?(Sidekiq::Web)` holds when the application has the gem. */
function loadedGem(node: RubyNode, translation: Translation): string | undefined {
  const constant = is(node, 'DefinedNode') ? constantPath(node.value as RubyNode) : undefined
  if (constant === undefined || !translation.application.hasGemOf(constant)) return undefined
  translation.report(node, translation.source.slice(node), 'note', 'the gem is in Gemfile.lock, so this counts as true')
  return 'true'
}

export function negate(test: string): string {
  if (/^environment === /.test(test) && !/[&|]/.test(test)) return test.replace('===', '!==')
  const isOne = [/^[\w.]+(\([^()]*\))?$/, /^undecided\('[^']*'\)$/, /^\[[^\]]*\]\.includes\(\w+\)$/].some((shape) => shape.test(test))
  return isOne ? `!${test}` : `!(${withoutBrackets(test)})`
}
