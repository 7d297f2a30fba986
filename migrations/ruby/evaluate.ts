import { embedded, evaluateRegexp } from './regexp_calls.ts'
import { elementsOf, evaluateMethod } from './constant_methods.ts'
import {
  argumentsOf,
  blockOf,
  type CallNode,
  constantPath,
  is,
  type NodeName,
  type NodeOf,
  nodeType,
  parameterNames,
  type RubyNode,
  statementsOf,
} from './nodes.ts'
import { isTruthy, RubyConstant, RubyHash, RubyLambda, RubyRange, RubyRegexp, RubySymbol, type RubyValue, textOf } from './values.ts'

/** Thrown when an expression can't be known without running Ruby. */
export class NotConstant extends Error {
  readonly node: RubyNode
  constructor(node: RubyNode, reason: string) {
    super(reason)
    this.node = node
  }
}

/** What a constant expression may refer to. */
export interface Scope {
  readonly locals: Map<string, RubyValue>
  readonly constants: Map<string, RubyValue>
  /** What `Rails.env` is taken to be. */
  readonly environment: string
  /** Told of each value that depends on where the port runs, such as `ENV`. */
  note?(node: RubyNode, reason: string): void
  /** The file of the expression, by its path from the root of the application. */
  readonly file?: string | undefined
  /** The module or class whose method is being evaluated. */
  readonly owner?: string | undefined
  /** Whether a constant that isn't found makes an expression unknown; otherwise it stands for its name. */
  readonly isStrict?: boolean
  /** What the application itself knows; without it an expression has only itself. */
  readonly application?: ApplicationScope | undefined
}

/** What an expression may ask of the application around it. */
export interface ApplicationScope {
  /** The value of a constant that another file defines. */
  constant(path: string, scope?: Scope): RubyValue | undefined
  /** The value of a call that reads a file of data, a setting, or runs a method of the application's own. */
  call(call: CallNode, scope: Scope): RubyValue | undefined
}

/** A scope with nothing in it. */
export function emptyScope(environment = 'production'): Scope {
  return { locals: new Map(), constants: new Map(), environment }
}

type Evaluators = { [K in NodeName]?: (node: NodeOf<K>, scope: Scope) => RubyValue }

const evaluators: Evaluators = {
  NilNode: () => null,
  TrueNode: () => true,
  FalseNode: () => false,
  IntegerNode: (node) => node.value,
  FloatNode: (node) => node.value,
  StringNode: (node) => node.unescaped.value,
  SymbolNode: (node) => new RubySymbol(node.unescaped.value),
  RegularExpressionNode: (node) => new RubyRegexp(node.unescaped.value, regexpFlags(node)),
  InterpolatedStringNode: (node, scope) => interpolate(node.parts as RubyNode[], scope),
  InterpolatedSymbolNode: (node, scope) => new RubySymbol(interpolate(node.parts as RubyNode[], scope)),
  InterpolatedRegularExpressionNode: (node, scope) =>
    new RubyRegexp(interpolate(node.parts as RubyNode[], scope, regexpFlags(node)), regexpFlags(node)),
  ArrayNode: (node, scope) => (node.elements as RubyNode[]).flatMap((element) => evaluateElement(element, scope)),
  HashNode: (node, scope) => evaluateHash(node.elements as RubyNode[], scope),
  KeywordHashNode: (node, scope) => evaluateHash(node.elements as RubyNode[], scope),
  RangeNode: (node, scope) => evaluateRange(node, scope),
  ParenthesesNode: (node, scope) => evaluateBody(node.body as RubyNode | null, scope),
  LambdaNode: (node, scope) => new RubyLambda(evaluateBody(node.body as RubyNode | null, scope)),
  LocalVariableReadNode: (node, scope) => known(scope.locals, node.name, node),
  ItLocalVariableReadNode: (node, scope) => known(scope.locals, 'it', node),
  LocalVariableWriteNode: (node, scope) => remember(scope.locals, node.name, evaluate(node.value as RubyNode, scope)),
  ConstantWriteNode: (node, scope) => remember(scope.constants, node.name, evaluate(node.value as RubyNode, scope)),
  ConstantReadNode: (node, scope) => constantValue(node, node.name, scope),
  ConstantPathNode: (node, scope) => constantValue(node, constantPath(node) ?? '', scope),
  MultiWriteNode: (node, scope) => {
    const value = evaluate(node.value as RubyNode, scope)
    if (node.rest || node.rights.length > 0) throw new NotConstant(node, 'such an assignment is not constant')
    node.lefts.forEach((target, index) => {
      if (!is(target as RubyNode, 'LocalVariableTargetNode')) throw new NotConstant(node, 'such an assignment is not constant')
      scope.locals.set(
        (target as NodeOf<'LocalVariableTargetNode'>).name,
        (Array.isArray(value) ? value[index] : index === 0 ? value : null) ?? null,
      )
    })
    return value
  },
  ReturnNode: (node, scope) => {
    const values = ((node.arguments_?.arguments_ ?? []) as RubyNode[]).map((value) => evaluate(value, scope))
    throw new Returned(values.length > 1 ? values : (values[0] ?? null))
  },
  AndNode: (node, scope) => {
    const left = evaluate(node.left as RubyNode, scope)
    return isTruthy(left) ? evaluate(node.right as RubyNode, scope) : left
  },
  OrNode: (node, scope) => {
    const left = evaluate(node.left as RubyNode, scope)
    return isTruthy(left) ? left : evaluate(node.right as RubyNode, scope)
  },
  IfNode: (node, scope) =>
    isTruthy(evaluate(node.predicate as RubyNode, scope))
      ? evaluateBody(node.statements as RubyNode | null, scope)
      : evaluateBody(node.subsequent as RubyNode | null, scope),
  UnlessNode: (node, scope) =>
    isTruthy(evaluate(node.predicate as RubyNode, scope))
      ? evaluateBody(node.elseClause as RubyNode | null, scope)
      : evaluateBody(node.statements as RubyNode | null, scope),
  ElseNode: (node, scope) => evaluateBody(node.statements as RubyNode | null, scope),
  CallNode: (node, scope) => evaluateCall(node, scope),
}

/** Evaluates an expression that is known without running Ruby: literals, constants and locals seen before, and a table of pure methods.
 *
 * @throws NotConstant for anything else
 */
export function evaluate(node: RubyNode, scope: Scope): RubyValue {
  const evaluator = evaluators[nodeType(node)] as ((node: RubyNode, scope: Scope) => RubyValue) | undefined
  if (!evaluator) throw new NotConstant(node, `${nodeType(node)} is not constant`)
  return evaluator(node, scope)
}

/** Evaluates, or undefined when the expression isn't constant. */
export function tryEvaluate(node: RubyNode, scope: Scope): RubyValue | undefined {
  try {
    return evaluate(node, scope)
  } catch (error) {
    if (error instanceof NotConstant) return undefined
    throw error
  }
}

/** Evaluates keyword pairs, or undefined when one of them isn't constant. */
export function tryEvaluateHash(elements: readonly RubyNode[], scope: Scope): RubyHash | undefined {
  try {
    return evaluateHash(elements, scope)
  } catch (error) {
    if (error instanceof NotConstant) return undefined
    throw error
  }
}

/** Evaluates keyword pairs into a hash. */
export function evaluateHash(elements: readonly RubyNode[], scope: Scope): RubyHash {
  return new RubyHash(
    elements.flatMap((element): (readonly [RubyValue, RubyValue])[] => {
      if (is(element, 'AssocSplatNode')) {
        const splat = element.value ? evaluate(element.value as RubyNode, scope) : null
        if (splat instanceof RubyHash) return [...splat.pairs]
        throw new NotConstant(element, 'the splat is no hash')
      }
      if (!is(element, 'AssocNode')) throw new NotConstant(element, `${nodeType(element)} in a hash`)
      return [[evaluate(element.key as RubyNode, scope), evaluate(element.value as RubyNode, scope)]]
    }),
  )
}

/** The flags written behind a regular expression literal. */
export function regexpFlags(node: { isIgnoreCase(): boolean; isExtended(): boolean; isMultiLine(): boolean }): string {
  return `${node.isIgnoreCase() ? 'i' : ''}${node.isMultiLine() ? 'm' : ''}${node.isExtended() ? 'x' : ''}`
}

/** What a method returns before its end. */
class Returned {
  readonly value: RubyValue
  constructor(value: RubyValue) {
    this.value = value
  }
}

/** What the body of a method answers.
 *
 * @throws NotConstant
 */
export function evaluateMethodBody(body: RubyNode | null, scope: Scope): RubyValue {
  try {
    return evaluateBody(body, scope)
  } catch (returned) {
    if (returned instanceof Returned) return returned.value
    throw returned
  }
}

function constantValue(node: RubyNode, path: string, scope: Scope): RubyValue {
  const value = scope.constants.get(path) ?? scope.application?.constant(path, scope)
  if (value === undefined && scope.isStrict) throw new NotConstant(node, `the constant ${path} is defined elsewhere`)
  return value ?? new RubyConstant(path)
}

function evaluateBody(body: RubyNode | null, scope: Scope): RubyValue {
  let value: RubyValue = null
  for (const statement of is(body, 'ElseNode') ? [body] : statementsOf(body)) value = evaluate(statement, scope)
  return value
}

function interpolate(parts: readonly RubyNode[], scope: Scope, flags = ''): string {
  return parts
    .map((part) => {
      if (is(part, 'StringNode')) return part.unescaped.value
      if (is(part, 'InterpolatedStringNode')) return interpolate(part.parts as RubyNode[], scope, flags)
      if (!is(part, 'EmbeddedStatementsNode')) throw new NotConstant(part, `${nodeType(part)} in an interpolation`)
      const value = evaluateBody(part.statements as RubyNode | null, scope)
      if (value instanceof RubyRegexp) return embedded(value, flags, part)
      if (value === null) return ''
      if (typeof value === 'object' && !(value instanceof RubySymbol)) throw new NotConstant(part, 'the interpolated value is no text')
      return textOf(value) ?? String(value)
    })
    .join('')
}

/** The values of an element of a list: one, or those of a splat.
 *
 * @throws NotConstant
 */
export function evaluateElement(element: RubyNode, scope: Scope): RubyValue[] {
  if (!is(element, 'SplatNode')) return [evaluate(element, scope)]
  const value = evaluate(element.expression as RubyNode, scope)
  if (Array.isArray(value)) return value
  if (value instanceof RubyRange) return value.toArray()
  throw new NotConstant(element, 'the splat is no array')
}

/** Elements of a range that is written out. */
const longestRange = 10_000

function evaluateRange(node: NodeOf<'RangeNode'>, scope: Scope): RubyRange {
  const first = node.left ? evaluate(node.left as RubyNode, scope) : null
  const last = node.right ? evaluate(node.right as RubyNode, scope) : null
  if (typeof first !== 'number' || typeof last !== 'number') throw new NotConstant(node, 'the range is not one of integers')
  if (last - first > longestRange) throw new NotConstant(node, 'the range is too long')
  return new RubyRange(first, node.isExcludeEnd() ? last - 1 : last)
}

function evaluateCall(call: CallNode, scope: Scope): RubyValue {
  const receiver = call.receiver as RubyNode | null
  if (is(receiver, 'CallNode') && receiver.name === 'env' && constantPath(receiver.receiver as RubyNode | null) === 'Rails') {
    if (call.name === 'local?') return scope.environment === 'development' || scope.environment === 'test'
    if (call.name.endsWith('?')) return call.name.slice(0, -1) === scope.environment
  }
  if (constantPath(receiver) === 'Rails' && call.name === 'env') return scope.environment
  if (constantPath(receiver) === 'ENV') return evaluateEnvironmentVariable(call, scope)
  if (constantPath(receiver) === 'Regexp') return evaluateRegexp(call, scope)
  const asked = scope.application?.call(call, scope)
  if (asked !== undefined) return asked
  if (!receiver && call.name === 'Array') return kernelArray(evaluate(argumentsOf(call).positional[0] ?? call, scope))
  if (!receiver) throw new NotConstant(call, `${call.name} is not constant`)
  const { positional, pairs } = argumentsOf(call)
  const block = blockOf(call)
  const shorthand = is(call.block as RubyNode | null, 'BlockArgumentNode')
    ? ((call.block as NodeOf<'BlockArgumentNode'>).expression as RubyNode)
    : undefined
  const each = block
    ? (...values: RubyValue[]) => {
        const locals = new Map(scope.locals)
        parameterNames(block.parameters as RubyNode | null).forEach((name, index) => {
          locals.set(name, values[index] ?? null)
        })
        return evaluateBody(block.body as RubyNode | null, { ...scope, locals })
      }
    : shorthand && is(shorthand, 'SymbolNode')
      ? (value: RubyValue) => evaluateMethod(value, shorthand.unescaped.value, [])
      : undefined
  const value = evaluateMethod(
    evaluate(receiver, scope),
    call.name,
    [...positional.flatMap((argument) => evaluateElement(argument, scope)), ...(pairs.length > 0 ? [evaluateHash(pairs, scope)] : [])],
    each as ((...values: (RubyValue | undefined)[]) => RubyValue | undefined) | undefined,
  )
  if (value === undefined) throw new NotConstant(call, `${call.name} is not constant`)
  return value
}

function kernelArray(value: RubyValue): RubyValue[] {
  if (value === null) return []
  return elementsOf(value) ?? [value]
}

function evaluateEnvironmentVariable(call: CallNode, scope: Scope): RubyValue {
  const [name, fallback] = argumentsOf(call).positional
  if (!['[]', 'fetch', 'key?', 'has_key?', 'include?'].includes(call.name)) throw new NotConstant(call, `ENV.${call.name} is not constant`)
  scope.note?.(call, `ENV[${name ? JSON.stringify(textOf(evaluate(name, scope))) : ''}] is taken as unset`)
  if (['key?', 'has_key?', 'include?'].includes(call.name)) return false
  return fallback ? evaluate(fallback, scope) : null
}

function remember(values: Map<string, RubyValue>, name: string, value: RubyValue): RubyValue {
  values.set(name, value)
  return value
}

function known(values: Map<string, RubyValue>, name: string, node: RubyNode): RubyValue {
  const value = values.get(name)
  if (value === undefined) throw new NotConstant(node, `${name} is not constant`)
  return value
}
