import { is, type NodeOf, type RubyNode, statementsOf } from '../../nodes.ts'
import { sought } from '../methods/array_methods.ts'
import { expression, value } from './expressions.ts'
import type { Frame } from '../frame.ts'
import { constantClass } from './constants.ts'
import { keptMatch } from './last_match.ts'
import { equal } from '../methods/objects.ts'
import { isMember } from '../methods/set_methods.ts'
import { Untranslated } from '../untranslated.ts'
import { arrayOf, commonType, type Expression, isLazy, nothing, relationOf } from '../value_types.ts'

/** A condition with Ruby's truth: zero and the empty text count as true. */
export function test(node: RubyNode, frame: Frame): string {
  if (is(node, 'ParenthesesNode')) {
    const statements = statementsOf(node.body as RubyNode | null)
    if (statements.length === 1) return `(${test(statements[0]!, frame)})`
  }
  if (is(node, 'AndNode')) return `(${test(node.left as RubyNode, frame)} && ${test(node.right as RubyNode, frame)})`
  if (is(node, 'OrNode')) return `(${test(node.left as RubyNode, frame)} || ${test(node.right as RubyNode, frame)})`
  if (is(node, 'CallNode') && node.name === '!' && node.receiver) return `!(${test(node.receiver as RubyNode, frame)})`
  if (is(node, 'LocalVariableWriteNode', 'InstanceVariableWriteNode')) return `(${value(node, frame).code})`
  const { code, type } = value(node, frame)
  if (answersList(node, frame)) return `(${code}, true)`
  return ['number', 'text'].includes(type.kind) ? `(${code}) != null` : code
}

/** Whether a method of the class answers a list that Ruby takes for true, and nothing here. */
function answersList(node: RubyNode, { application, owner, isStatic }: Frame): boolean {
  if (!is(node, 'CallNode') || node.receiver || owner === undefined) return false
  return Boolean(application.methodOf(owner, node.name, isStatic)?.isLoop)
}

/** `if` or `unless` as an expression. */
export function conditional(node: NodeOf<'IfNode'> | NodeOf<'UnlessNode'>, frame: Frame): Expression {
  const condition = test(node.predicate as RubyNode, frame)
  const then = branch(node.statements as RubyNode | null, node, frame)
  const rest = (is(node, 'IfNode') ? node.subsequent : node.elseClause) as RubyNode | null
  const otherwise = is(rest, 'ElseNode')
    ? branch(rest.statements as RubyNode | null, node, frame)
    : is(rest, 'IfNode')
      ? conditional(rest, frame)
      : { code: 'null', type: nothing }
  const [first, second] = settledBranches(is(node, 'IfNode') ? [then, otherwise] : [otherwise, then], frame)
  return { code: `(${condition}) ? (${first.code}) : (${second.code})`, type: commonType(first.type, second.type) }
}

/** `case` as an expression: a chain of conditions. */
export function caseExpression(node: NodeOf<'CaseNode'>, frame: Frame): Expression {
  const subject = node.predicate ? value(node.predicate as RubyNode, frame) : undefined
  const otherwise = node.elseClause ? branch(node.elseClause.statements as RubyNode | null, node, frame) : { code: 'null', type: nothing }
  return (node.conditions as NodeOf<'WhenNode'>[]).reduceRight<Expression>((rest, when) => {
    const [then, other] = settledBranches([branch(when.statements as RubyNode | null, node, frame), rest], frame)
    return { code: `${whenTest(when, subject, frame)} ? (${then.code}) : (${other.code})`, type: commonType(then.type, other.type) }
  }, otherwise)
}

/** The condition of a `when`, as `===` answers it. */
export function whenTest(when: NodeOf<'WhenNode'>, subject: Expression | undefined, frame: Frame): string {
  const tests = (when.conditions as RubyNode[]).map((condition) =>
    subject ? caseEqual(condition, subject, frame) : test(condition, frame),
  )
  return tests.length === 1 ? tests[0]! : `(${tests.join(' || ')})`
}

/** Whether a value is what `===` of a class, a pattern, a range or another value takes. */
export function caseEqual(node: RubyNode, subject: Expression, frame: Frame): string {
  const name = constantClass(node, frame)
  if (name !== undefined) return instanceTest(subject.code, name)
  if (is(node, 'SplatNode')) {
    const list = value(node.expression as RubyNode, frame)
    return list.type.kind === 'set' ? isMember(list, subject) : `${list.code}.includes(${sought(list, subject)})`
  }
  if (is(node, 'RegularExpressionNode', 'InterpolatedRegularExpressionNode')) {
    const pattern = value(node, frame).code
    return keptMatch(subject, pattern, frame) ?? `${pattern}.test(${subject.code})`
  }
  if (is(node, 'RangeNode')) return `${value(node, frame).code}.includes(${subject.code})`
  if (is(node, 'LambdaNode')) return `(${expression(node, frame).code})(${subject.code})`
  if (is(node, 'NilNode')) return `${subject.code} == null`
  const wanted = value(node, frame)
  return wanted.type.kind === 'set' ? isMember(wanted, subject) : equal(subject, wanted, frame)
}

/** Whether a value is of a class: what JavaScript keeps as primitives is told by `typeof`. */
export function instanceTest(code: string, name: string): string {
  const primitive: Record<string, string> = {
    String: 'string',
    Symbol: 'string',
    Integer: 'number',
    Float: 'number',
    Numeric: 'number',
    Proc: 'function',
    Class: 'function',
    Module: 'function',
  }
  if (Object.hasOwn(primitive, name)) return `typeof ${code} === '${primitive[name]}'`
  if (name === 'Array') return `Array.isArray(${code})`
  if (name === 'Hash') return `(${code} as object | null)?.constructor === Object`
  if (name === 'NilClass') return `${code} == null`
  if (name === 'TrueClass' || name === 'FalseClass') return `${code} === ${name === 'TrueClass'}`
  if (['Time', 'Date', 'DateTime', 'ActiveSupport::TimeWithZone'].includes(name)) return `${code} instanceof Date`
  return `${code} instanceof ${name}`
}

/** `value rescue other`. */
export function rescued(node: NodeOf<'RescueModifierNode'>, frame: Frame): Expression {
  const { result, isAsync } = frame.inFunction(
    () => [value(node.expression as RubyNode, frame), value(node.rescueExpression as RubyNode, frame)] as const,
  )
  if (isAsync) frame.isAsync = true
  const [first, second] = result
  const code = `(${isAsync ? 'async ' : ''}() => { try { return ${first.code} } catch { return ${second.code} } })()`
  return { code: isAsync ? `(await ${code})` : code, type: commonType(first.type, second.type) }
}

function branch(body: RubyNode | null, node: RubyNode, frame: Frame): Expression {
  const statements = statementsOf(body)
  if (statements.length === 0) return { code: 'null', type: nothing }
  if (statements.length > 1) throw new Untranslated(node, 'several statements in a branch of an expression')
  const only = statements[0]!
  if (is(only, 'ReturnNode', 'NextNode', 'BreakNode')) throw new Untranslated(node, 'a jump within an expression')
  const answer = frame.settled(expression(only, frame))
  if (answer.code.startsWith('throw ')) throw new Untranslated(node, 'an error thrown within an expression')
  return answer
}

/** Two branches that are queries stay queries; where only one is, it runs. */
function settledBranches([first, second]: readonly [Expression, Expression], frame: Frame): readonly [Expression, Expression] {
  const isQuery = ({ type }: Expression) => isLazy(type) || type.kind === 'class'
  if (!isQuery(first) || !isQuery(second)) return besideList(frame.value(first), frame.value(second))
  const isOne = first.type.kind !== second.type.kind && first.type.model === second.type.model
  return isOne ? [allOf(first), allOf(second)] : [first, second]
}

/** All records of a class, where another branch answers some of them. */
function allOf({ code, type }: Expression): Expression {
  return type.kind === 'class' && type.model !== undefined ? { code: `${code}.all()`, type: relationOf(type.model) } : { code, type }
}

/** JSON where another branch answers a list is a list, too. */
function besideList(first: Expression, second: Expression): readonly [Expression, Expression] {
  const listed = (given: Expression, other: Expression): Expression =>
    given.type.isJson && other.type.kind === 'array' ? { code: `(${given.code} as Untyped[])`, type: arrayOf() } : given
  return [listed(first, second), listed(second, first)]
}
