import {
  constantScope,
  endOf,
  is,
  type NodeOf,
  type RubyNode,
  RubySymbol,
  type RubyValue,
  same,
  statementsOf,
  textOf,
  tryEvaluate,
} from '../ruby/index.ts'
import type { BlockStatement, Statement } from '../typescript/index.ts'
import { asksEnvironment } from './conditions.ts'
import { inline } from './expressions.ts'
import { translateStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { valueInTurn } from './written_out.ts'

/** Translates `case … when … else` as a chain of conditions. */
export function caseStatement(node: NodeOf<'CaseNode'>, translation: Translation): BlockStatement {
  const subject = node.predicate ? inline(node.predicate as RubyNode, translation) : undefined
  const branches = (node.conditions as RubyNode[]).map((condition, index, all) => {
    if (!is(condition, 'WhenNode')) throw new Untranslatable(condition, 'patterns are not translated')
    const tests = (condition.conditions as RubyNode[]).map((value) => test(subject, value, translation))
    const following = all[index + 1] ?? (node.elseClause as RubyNode | null)
    const end = following?.location.startOffset ?? endOf(node)
    return {
      head: `if (${tests.join(' || ')})`,
      body: body(condition, endOf((condition.conditions as RubyNode[]).at(-1)!), end, translation),
    }
  })
  const otherwise = node.elseClause as RubyNode | null
  const last: BlockStatement | undefined = is(otherwise, 'ElseNode')
    ? { type: 'block', head: 'else', body: body(otherwise, otherwise.location.startOffset, endOf(otherwise), translation) }
    : undefined
  return branches.reduceRight<BlockStatement | undefined>(
    (next, branch, index) => ({
      type: 'block',
      head: `${index > 0 ? 'else ' : ''}${branch.head}`,
      body: branch.body,
      ...(next && { next }),
    }),
    last,
  )!
}

/** The statements that the chosen environment takes of `case Rails.env`; undefined when none was chosen, or the case asks something else. */
export function decidedCase(node: NodeOf<'CaseNode'>, translation: Translation): Statement[] | undefined {
  const { environment } = translation.options
  const subject = node.predicate as RubyNode | null
  const inTurn = subject && !asksEnvironment(subject) ? valueInTurn(subject, translation) : undefined
  if (inTurn !== undefined) return caseInTurn(node, inTurn, translation)
  if (environment === undefined || !subject || !asksEnvironment(subject) || textOf(tryEvaluate(subject, translation.scope)) !== environment)
    return undefined
  const whens = (node.conditions as RubyNode[]).filter((condition) => is(condition, 'WhenNode'))
  const values = whens.map((condition) =>
    (condition.conditions as RubyNode[]).map((value) => textOf(tryEvaluate(value, translation.scope))),
  )
  if (values.flat().includes(undefined)) return undefined
  translation.report(node, translation.source.slice(node).split('\n', 1)[0]!, 'note', `decided for ${environment}`)
  return taken(node, whens[values.findIndex((texts) => texts.includes(environment))], translation)
}

/** The statements that this turn of a loop takes; plain values are compared, nothing else. */
function caseInTurn(node: NodeOf<'CaseNode'>, subject: RubyValue, translation: Translation): Statement[] {
  const chosen = (node.conditions as RubyNode[]).find((condition) => {
    if (!is(condition, 'WhenNode')) throw new Untranslatable(condition, 'patterns are not translated')
    return (condition.conditions as RubyNode[]).some((value) => {
      const compared = tryEvaluate(value, constantScope(translation.scope))
      if (compared === undefined || (typeof compared === 'object' && compared !== null && !(compared instanceof RubySymbol)))
        throw new Untranslatable(value, 'what the case compares with is not a plain value')
      return same(subject, compared)
    })
  })
  return taken(node, is(chosen, 'WhenNode') ? chosen : undefined, translation)
}

function taken(node: NodeOf<'CaseNode'>, when: NodeOf<'WhenNode'> | undefined, translation: Translation): Statement[] {
  const chosen = when ?? (node.elseClause as RubyNode | null)
  const statements = is(chosen, 'WhenNode', 'ElseNode')
    ? body(chosen, chosen.location.startOffset, endOf(statementsOf(chosen.statements as RubyNode | null).at(-1) ?? chosen), translation)
    : []
  translation.takeComments(node.location.startOffset, endOf(node))
  return statements
}

function body(node: NodeOf<'WhenNode'> | NodeOf<'ElseNode'>, start: number, end: number, translation: Translation): Statement[] {
  return translateStatements(statementsOf(node.statements as RubyNode | null), start, end, translation)
}

/** Ruby asks `value === subject`: equality for texts and numbers, a match for expressions. */
function test(subject: string | undefined, value: RubyNode, translation: Translation): string {
  const text = inline(value, translation)
  if (subject === undefined) return text
  if (is(value, 'RegularExpressionNode')) return `${text}.test(${subject})`
  if (is(value, 'ConstantReadNode', 'ConstantPathNode', 'RangeNode', 'SplatNode', 'LambdaNode'))
    throw new Untranslatable(value, 'what the case compares with is not a plain value')
  return `${subject} === ${text}`
}
