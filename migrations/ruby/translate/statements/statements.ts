import { childrenOf, constantPath, is, type NodeOf, nodeType, type RubyNode, statementsOf } from '../../nodes.ts'
import { endOf } from '../../source.ts'
import { attributeRead, calledAsStatement } from '../calls/calls.ts'
import { instanceTest, test, whenTest } from '../expressions/conditions.ts'
import { constant, constantClass } from '../expressions/constants.ts'
import { exception } from '../methods/error_methods.ts'
import { expression, instanceVariable, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { matchVariable } from '../expressions/last_match.ts'
import { loop } from './loops.ts'
import { multipleAssignment } from './multiple_assignment.ts'
import { queryVariableType } from '../queries/queries.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, isLazy, nothing, orNull, typeText, unknown } from '../value_types.ts'

/** Whether a statement's value is what its function answers. */
export type Position = 'statement' | 'return' | { readonly target: string }

/** The body of a method, block or lambda: its variables, its statements, and its value returned.
 *
 * @param locals the variables that Ruby knows in it
 */
export function functionBody(body: RubyNode | null, locals: readonly string[], frame: Frame, position: Position = 'return'): string {
  const caught = new Set(body ? caughtNames(body) : [])
  const hoisted = locals
    .filter((name) => frame.local(name) === undefined && !caught.has(name))
    .filter((name) => !isDeclaredInPlace(name, body))
  const declared = new Set(locals.filter((name) => frame.local(name) === undefined && !hoisted.includes(name)))
  const lines = hoisted.map((name) => `let ${frame.declare(name, { ...unknown, isLoose: true }).code}: Untyped`)
  lines.unshift(...matchVariable(body, frame), ...frame.prologue.splice(0))
  inPlace.set(frame, new Set([...(inPlace.get(frame) ?? []), ...declared]))
  lines.push(...blockLines(body, frame, position))
  return withTypes(lines, frame).join('\n')
}

/** Variables that are given something else later say what they hold. */
function withTypes(lines: readonly string[], frame: Frame): string[] {
  return lines.map((line) => {
    const [, name = '', rest = ''] = /^let ([\w$]+)( = [\s\S]*)$/.exec(line) ?? []
    const type = frame.retyped.get(name)
    if (!type) return line
    const written = type.isJson ? 'Untyped' : typeText(type, frame.typeName)
    return `let ${name}: ${written === 'Untyped' || !type.isNullable ? written : `${written} | null`}${rest}`
  })
}

const inPlace = new WeakMap<Frame, Set<string>>()

/** Whether the first that is seen of a variable is a plain assignment among the statements of the body. */
function isDeclaredInPlace(name: string, body: RubyNode | null): boolean {
  const clauses = is(body, 'BeginNode') ? [body.rescueClause, body.ensureClause, body.elseClause] : []
  if (clauses.some((clause) => clause && mentions(clause as unknown as RubyNode, name))) return false
  for (const statement of statementsOf(body)) {
    if (is(statement, 'LocalVariableWriteNode') && statement.name === name) return !mentions(statement.value as RubyNode, name)
    if (
      is(statement, 'MultiWriteNode') &&
      (statement.lefts as RubyNode[]).some((left) => is(left, 'LocalVariableTargetNode') && left.name === name)
    )
      return false
    if (mentions(statement, name)) return false
  }
  return false
}

/** The variables that hold what a `rescue` caught: `catch` declares them. */
function caughtNames(node: RubyNode): string[] {
  const reference = is(node, 'RescueNode') ? (node.reference as RubyNode | null) : null
  return [...(is(reference, 'LocalVariableTargetNode') ? [reference.name] : []), ...childrenOf(node).flatMap(caughtNames)]
}

function mentions(node: RubyNode, name: string): boolean {
  if ((node as { name?: unknown }).name === name && /^LocalVariable/.test(nodeType(node))) return true
  return childrenOf(node).some((child) => mentions(child, name))
}

function countWrites(node: RubyNode, name: string): number {
  const isAppended =
    is(node, 'CallNode') &&
    /^(<<|\w+!)$/.test(node.name) &&
    is(node.receiver as RubyNode | null, 'LocalVariableReadNode') &&
    (node.receiver as NodeOf<'LocalVariableReadNode'>).name === name
  const own =
    isAppended || (/^LocalVariable\w*(Write|Target)Node$/.test(nodeType(node)) && (node as { name?: unknown }).name === name) ? 1 : 0
  return own + childrenOf(node).reduce((sum, child) => sum + countWrites(child, name), 0)
}

/** The statements of a body as lines, with their comments; what has no translation stays as Ruby. */
export function blockLines(body: RubyNode | null, frame: Frame, position: Position): string[] {
  if (is(body, 'BeginNode') && (body.rescueClause || body.ensureClause)) return beginLines(body, frame, position)
  const statements = statementsOf(body)
  const lines: string[] = []
  let before: RubyNode | undefined
  for (const [index, statement] of statements.entries()) {
    if (before && frame.source.lineOf(statement) - frame.source.lineAt(endOf(before)) > 1)
      lines.push(...blankAndComments(before, statement, frame))
    before = statement
    const isLast = index === statements.length - 1
    lines.push(...guarded(statement, frame, isLast ? position : 'statement', body))
  }
  return lines
}

function blankAndComments(before: RubyNode, node: RubyNode, frame: Frame): string[] {
  const comments = frame.source.commentsBetween(endOf(before), node.location.startOffset).filter(({ trailing }) => !trailing)
  return ['', ...comments.flatMap(({ text }) => text.split('\n').map((line) => `//${line.replace(/[\r\u2028\u2029]/g, ' ')}`))]
}

function guarded(node: RubyNode, frame: Frame, position: Position, body: RubyNode | null): string[] {
  const { isAsync } = frame
  try {
    return statementLines(node, frame, position, body)
  } catch (error) {
    if (!(error instanceof Untranslated)) throw error
    frame.isAsync = isAsync
    frame.left.push(`${frame.source.file}:${frame.source.lineOf(error.node)} ${error.message}`)
    const ruby = frame.source.slice(node).split('\n')
    const at = `${frame.source.file}:${frame.source.lineOf(node)}`
    return [...ruby.map((line) => `// PORT: ${line.replace(/[\r\u2028\u2029]/g, ' ')}`.trimEnd()), `throw new Error('${at} is not ported')`]
  }
}

/** One statement as lines. */
export function statementLines(node: RubyNode, frame: Frame, position: Position, body: RubyNode | null = null): string[] {
  const looped = loop(node, frame, position)
  if (looped) return looped
  const isTernary =
    is(node, 'IfNode') && !node.ifKeywordLoc && position !== 'statement' && frame.fallback === undefined && fitsExpression(node, frame)
  if (is(node, 'IfNode', 'UnlessNode') && !isTernary) return ifLines(node, frame, position)
  if (is(node, 'CaseNode')) return caseLines(node, frame, position)
  if (is(node, 'BeginNode')) return beginLines(node, frame, position)
  if (is(node, 'ReturnNode', 'NextNode')) return jumpLines(node, frame)
  if (is(node, 'BreakNode')) {
    const given = node.arguments_?.arguments_ as RubyNode[] | undefined
    if (!given) return ['break']
    if (frame.breaks !== 'return' || given.length > 1) throw new Untranslated(node, 'break with a value')
    return returnLines(expression(given[0]!, frame), frame)
  }
  if (is(node, 'MultiWriteNode')) return multipleAssignment(node, frame)
  if (is(node, 'ParenthesesNode')) return blockLines(node.body as RubyNode | null, frame, position)
  if (is(node, 'AndNode', 'OrNode') && (position === 'statement' || endsInJump(node.right as RubyNode))) {
    const condition = test(node.left as RubyNode, frame)
    const lines = [
      `if (${is(node, 'OrNode') ? `!(${condition})` : condition}) {`,
      ...nested(() => statementLines(node.right as RubyNode, frame, 'statement'), frame),
      '}',
    ]
    return lines
  }
  const spread = assignedBranches(node, frame, body)
  if (spread) return [...spread.lines, ...(position === 'statement' ? [] : returnLines(spread.value, frame, position))]
  if (is(node, 'LocalVariableWriteNode'))
    return [...variableLines(node, frame, body), ...(position === 'statement' ? [] : returnLines(frame.local(node.name)!, frame, position))]
  const result = expression(node, frame)
  if (result.code.startsWith('throw ')) return [result.code]
  const read = position === 'return' ? attributeRead(node, frame) : undefined
  if (position !== 'statement' && read && position === 'return') return [protectedStart(frame.settled(result).code)]
  if (position !== 'statement') return returnLines(result, frame, position)
  const waits = result.pending || (isLazy(result.type) && !isWrite(node) && !isScopeAsked(node, result.type.model, frame))
  return [protectedStart(waits ? frame.value(result).code : calledAsStatement(node, result))]
}

/** Whether a statement only asks for a scope, whose rows nobody reads. */
function isScopeAsked(node: RubyNode, model: string | undefined, { application }: Frame): boolean {
  return is(node, 'CallNode') && model !== undefined && Boolean(application.methodOf(model, node.name, true)?.isScope)
}

/** Whether a statement keeps what it is given: a query that is kept doesn't run. */
function isWrite(node: RubyNode): boolean {
  return /^(Local|Instance|Class)Variable\w*WriteNode$/.test(nodeType(node))
}

/** A statement that begins with a bracket would be taken for the rest of the line above. */
function protectedStart(code: string): string {
  if (/^\(await [\s\S]*\)$/.test(code)) {
    const inner = code.slice(1, -1)
    return balanced(inner) ? inner : `;${code}`
  }
  return /^[([`/{+-]/.test(code) ? `;(${code})` : code
}

function balanced(code: string): boolean {
  let depth = 0
  for (const letter of code) {
    if (letter === '(') depth++
    if (letter === ')' && --depth < 0) return false
  }
  return depth === 0
}

function returnLines(result: Expression, frame: Frame, position: Position = 'return'): string[] {
  if (typeof position === 'object') return [`${position.target} = ${frame.settled(result).code}`]
  if (result.type.kind === 'null') {
    if (frame.fallback === undefined) frame.returned(nothing)
    return result.code === 'null' && frame.fallback !== undefined ? [`return ${frame.fallback}`] : [`return ${result.code}`]
  }
  const answer = frame.settled(result)
  frame.returned(answer.type)
  const inner = /^\(await ([\s\S]*)\)$/.exec(answer.code)?.[1]
  return [`return ${inner !== undefined && frame.tries === 0 && result.pending && balanced(inner) ? inner : answer.code}`]
}

function variableLines(node: NodeOf<'LocalVariableWriteNode'>, frame: Frame, body: RubyNode | null): string[] {
  const declared = inPlace.get(frame)
  if (frame.local(node.name) !== undefined || !declared?.has(node.name)) return [expression(node, frame).code]
  const settled = frame.settled(expression(node.value as RubyNode, frame))
  const right = { ...settled, code: orNull(settled) }
  const local = frame.declare(node.name, right.type)
  declared.delete(node.name)
  const isConstant = body !== null && countWrites(body, node.name) === 1
  const isFilled = right.code.startsWith('{ ') && body !== null && (!isConstant || isKeyed(body, node.name))
  const isOfHashes = right.code.startsWith('[{ ') && !isConstant
  const empty =
    right.code === '[]' || isOfHashes
      ? ': Untyped[]'
      : right.code === '{}' || isFilled
        ? ': Record<string, Untyped>'
        : right.code === 'null' || (!isConstant && right.type.kind === 'unknown')
          ? ': Untyped'
          : isConstant
            ? ''
            : queryVariableType(right, frame)
  return [`${isConstant ? 'const' : 'let'} ${local.code}${empty} = ${right.code}`]
}

/** Whether a variable is written to by key, so that it holds more than it is declared with. */
function isKeyed(node: RubyNode, name: string): boolean {
  const { receiver } = node as { receiver?: RubyNode | null }
  const isTarget =
    /^(Index\w+Write|IndexTarget)Node$/.test(nodeType(node)) ||
    (is(node, 'CallNode') && /^(\[\]=|\[\]|delete|merge!|update)$/.test(node.name))
  if (isTarget && receiver && is(receiver, 'LocalVariableReadNode') && receiver.name === name) return true
  return childrenOf(node).some((child) => isKeyed(child, name))
}

/** A variable whose value comes from branches of several statements: each branch assigns it. */
function assignedBranches(node: RubyNode, frame: Frame, body: RubyNode | null): { lines: string[]; value: Expression } | undefined {
  if (!is(node, 'LocalVariableWriteNode', 'InstanceVariableWriteNode', 'InstanceVariableOrWriteNode', 'LocalVariableOrWriteNode'))
    return undefined
  const given = node.value as RubyNode
  if (!is(given, 'IfNode', 'UnlessNode', 'CaseNode', 'BeginNode') || fitsExpression(given, frame)) return undefined
  const isLocal = is(node, 'LocalVariableWriteNode', 'LocalVariableOrWriteNode')
  const isNew = isLocal && frame.local(node.name) === undefined && inPlace.get(frame)?.has(node.name) && body !== null
  const target = isLocal ? (frame.local(node.name) ?? frame.declare(node.name)) : instanceVariable(node.name, frame)
  const lines = nested(() => statementLines(given, frame, { target: target.code }), frame)
  const value = { code: target.code, type: unknown }
  if (is(node, 'InstanceVariableOrWriteNode', 'LocalVariableOrWriteNode'))
    return { lines: [`if (${target.code} == null) {`, ...lines, '}'], value }
  return { lines: [...(isNew ? [`let ${target.code}: Untyped`] : []), ...lines], value }
}

function fitsExpression(node: RubyNode, frame: Frame): boolean {
  const { isAsync } = frame
  try {
    return !/\bthrow /.test(frame.inScope(() => expression(node, frame)).code)
  } catch (error) {
    if (error instanceof Untranslated) return false
    throw error
  } finally {
    frame.isAsync = isAsync
  }
}

export function nested(work: () => string[], frame: Frame): string[] {
  return frame.inScope(work)
}

function ifLines(node: NodeOf<'IfNode'> | NodeOf<'UnlessNode'>, frame: Frame, position: Position): string[] {
  const condition = test(node.predicate as RubyNode, frame)
  const then = nested(() => blockLines(node.statements as RubyNode | null, frame, position), frame)
  const rest = (is(node, 'IfNode') ? node.subsequent : node.elseClause) as RubyNode | null
  const lines = [`if (${is(node, 'UnlessNode') ? `!(${condition})` : condition}) {`, ...then]
  if (is(rest, 'IfNode')) {
    const [first, ...more] = ifLines(rest, frame, position)
    return [...lines, `} else ${first}`, ...more]
  }
  if (is(rest, 'ElseNode'))
    return [...lines, '} else {', ...nested(() => blockLines(rest.statements as RubyNode | null, frame, position), frame), '}']
  return [...lines, '}', ...missingBranch(frame, position, then)]
}

/** A condition that doesn't hold answers nil. */
function missingBranch(frame: Frame, position: Position, then: readonly string[]): string[] {
  if (position === 'statement') return []
  if (typeof position === 'object') return []
  if (frame.fallback !== undefined) return [`return ${frame.fallback}`]
  frame.returned(nothing)
  return then.some((line) => /^return ./.test(line)) || /^throw /.test(then.at(-1) ?? '') ? ['return null'] : []
}

function caseLines(node: NodeOf<'CaseNode'>, frame: Frame, position: Position): string[] {
  const subject = node.predicate ? value(node.predicate as RubyNode, frame) : undefined
  const isSimple = !subject || /^[\w.$?]+$/.test(subject.code)
  const named = isSimple ? subject : { code: frame.declare('$case', subject!.type, 'subject').code, type: subject!.type }
  const lines = isSimple ? [] : [`const ${named!.code} = ${subject!.code}`]
  for (const [index, when] of (node.conditions as NodeOf<'WhenNode'>[]).entries()) {
    lines.push(`${index > 0 ? '} else ' : ''}if (${whenTest(when, named, frame)}) {`)
    lines.push(...nested(() => blockLines(when.statements as RubyNode | null, frame, position), frame))
  }
  if (node.elseClause) {
    const otherwise = node.elseClause.statements as RubyNode | null
    return [...lines, '} else {', ...nested(() => blockLines(otherwise, frame, position), frame), '}']
  }
  return [...lines, '}', ...missingBranch(frame, position, lines)]
}

function beginLines(node: NodeOf<'BeginNode'>, frame: Frame, position: Position): string[] {
  const body = node.statements as RubyNode | null
  if (!node.rescueClause && !node.ensureClause) return blockLines(body, frame, position)
  const inner: Position = node.elseClause ? 'statement' : position
  frame.tries++
  const lines = ['try {', ...nested(() => blockLines(body, frame, inner), frame)]
  frame.tries--
  if (node.elseClause) lines.push(...nested(() => blockLines(node.elseClause!.statements as RubyNode | null, frame, position), frame))
  if (node.rescueClause) lines.push(...rescueLines(node.rescueClause as NodeOf<'RescueNode'>, frame, position))
  if (node.ensureClause)
    lines.push('} finally {', ...nested(() => blockLines(node.ensureClause!.statements as RubyNode | null, frame, 'statement'), frame))
  return [...lines, '}']
}

function rescueLines(first: NodeOf<'RescueNode'>, frame: Frame, position: Position): string[] {
  return frame.inScope(() => {
    const name = is(first.reference as RubyNode | null, 'LocalVariableTargetNode')
      ? (first.reference as NodeOf<'LocalVariableTargetNode'>).name
      : 'error'
    const error = frame.declare(name, exception)
    const lines = [`} catch (${error.code}) {`]
    let isOpen = false
    let isTotal = false
    for (let clause: NodeOf<'RescueNode'> | null = first; clause; clause = clause.subsequent as NodeOf<'RescueNode'> | null) {
      const reference = clause.reference as RubyNode | null
      const other = is(reference, 'LocalVariableTargetNode') && reference.name !== name ? reference.name : undefined
      const tests = (clause.exceptions as RubyNode[]).map((exception) => {
        const code = /^(?:::)?Errno::([A-Z]+)$/.exec(constantPath(exception) ?? '')?.[1]
        if (code !== undefined) return `(${error.code} as NodeJS.ErrnoException).code === '${code}'`
        const known = constantClass(exception, frame)
        if (known !== undefined) return instanceTest(error.code, known.replaceAll('::', '.'))
        if (is(exception, 'SplatNode'))
          return `${value(exception.expression as RubyNode, frame).code}.some((type: Untyped) => ${error.code} instanceof type)`
        return `${error.code} instanceof ${value(exception, frame).code}`
      })
      const isAny = tests.length === 0 || tests.some((each) => each.endsWith(' instanceof Error'))
      const statements = nested(() => {
        const isForeign = (clause!.exceptions as RubyNode[]).some((each) => !isOwnError(each, frame))
        frame.declare(name, exception, isAny || isForeign ? `(${error.code} as Error)` : error.code, true)
        const alias = other === undefined ? [] : [`const ${frame.declare(other, exception).code} = ${frame.local(name)!.code}`]
        return [...alias, ...blockLines(clause!.statements as RubyNode | null, frame, position)]
      }, frame)
      if (isAny) {
        lines.push(...(isOpen ? ['} else {', ...statements] : statements))
        isTotal = true
        break
      }
      lines.push(`${isOpen ? '} else ' : ''}if (${tests.join(' || ')}) {`, ...statements)
      isOpen = true
    }
    if (!isTotal) lines.push('} else {', `throw ${error.code}`)
    if (isOpen) lines.push('}')
    return lines
  })
}

/** Whether the compiler knows a class of errors, so that a test for it tells more than that it is an error. */
function isOwnError(node: RubyNode, frame: Frame): boolean {
  const path = constantPath(node)
  if (path === undefined) return false
  const { type } = constant(node, path, frame)
  return (
    type.kind === 'class' &&
    (type.model === undefined || Boolean(frame.application.classes.get(type.model)?.file.startsWith('app/models/')))
  )
}

function jumpLines(node: NodeOf<'ReturnNode'> | NodeOf<'NextNode'>, frame: Frame): string[] {
  const args = (node.arguments_?.arguments_ ?? []) as RubyNode[]
  if (is(node, 'ReturnNode') && frame.isBlock) throw new Untranslated(node, 'a return out of a block')
  if (is(node, 'NextNode') && frame.next !== 'return') {
    if (frame.next === 'continue') return ['continue']
    if (args.length > 0) throw new Untranslated(node, 'next with a value')
    return [frame.next]
  }
  if (args.length === 0 && frame.fallback === undefined) frame.returned(nothing)
  if (args.length === 0)
    return [frame.fallback === undefined ? (frame.returns.kind === 'null' ? 'return' : 'return null') : `return ${frame.fallback}`]
  if (args.length > 1) return [`return [${args.map((argument) => value(argument, frame).code).join(', ')}]`]
  return returnLines(expression(args[0]!, frame), frame)
}

function endsInJump(node: RubyNode): boolean {
  return is(node, 'ReturnNode', 'NextNode', 'BreakNode')
}

export { nothing }
