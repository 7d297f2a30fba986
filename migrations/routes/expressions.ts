import { camelize } from '../../src/naming/index.ts'
import {
  childrenOf,
  argumentsOf,
  type BlockNode,
  blockOf,
  type CallNode,
  constantPath,
  evaluate,
  is,
  type NodeName,
  type NodeOf,
  NotConstant,
  nodeType,
  parameterNames,
  type RubyNode,
  RubyRegexp,
  regexpFlags,
  statementsOf,
  toJavaScriptRegexp,
  tryEvaluate,
} from '../ruby/index.ts'
import { array, arrow, type Code, isStatements, object, type Property, quote } from '../typescript/index.ts'
import { applicationMethod, applicationSetting, constantOfEnvironment, methodOf } from './application_values.ts'
import { ownRedirect } from './endpoints.ts'
import { translateMethod } from './methods.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'
import { valueCode } from './value_code.ts'
import { valueInTurn } from './written_out.ts'

type Translators = { [K in NodeName]?: (node: NodeOf<K>, translation: Translation) => Code }

const translators: Translators = {
  NilNode: () => 'null',
  TrueNode: () => 'true',
  FalseNode: () => 'false',
  IntegerNode: (node) => String(node.value),
  FloatNode: (node) => String(node.value),
  StringNode: (node) => quote(node.unescaped.value),
  SymbolNode: (node) => quote(node.unescaped.value),
  RegularExpressionNode: (node) => regexpLiteral(node, new RubyRegexp(node.unescaped.value, regexpFlags(node))),
  InterpolatedRegularExpressionNode: (node, translation) => {
    knowConstants(node, translation)
    return regexpLiteral(node, putTogether(node, translation))
  },
  InterpolatedStringNode: (node, translation) => template(node.parts as RubyNode[], translation),
  InterpolatedSymbolNode: (node, translation) => template(node.parts as RubyNode[], translation),
  ArrayNode: (node, translation) =>
    array(
      (node.elements as RubyNode[]).map((element) =>
        is(element, 'SplatNode') ? `...${inline(element.expression as RubyNode, translation)}` : expression(element, translation),
      ),
    ),
  KeywordHashNode: (node, translation) => object((node.elements as RubyNode[]).map((element) => hashProperty(element, translation))),
  HashNode: (node, translation) => object((node.elements as RubyNode[]).map((element) => hashProperty(element, translation))),
  ParenthesesNode: (node, translation) => single(node.body as RubyNode | null, node, translation),
  LocalVariableReadNode: (node, translation) => {
    const name = translation.local(node.name)
    if (name === undefined) throw new Untranslatable(node, `the variable ${node.name} is not known here`)
    return name
  },
  ItLocalVariableReadNode: (_node, translation) => translation.local('it') ?? 'it',
  ConstantReadNode: (node, translation) => constant(node, node.name, translation),
  ConstantPathNode: (node, translation) => constant(node, constantPath(node) ?? '', translation),
  AndNode: (node, translation) =>
    `${operand(node.left as RubyNode, translation, 'OrNode')} && ${operand(node.right as RubyNode, translation, 'OrNode')}`,
  OrNode: (node, translation) =>
    `${operand(node.left as RubyNode, translation, 'AndNode')} || ${operand(node.right as RubyNode, translation, 'AndNode')}`,
  IfNode: (node, translation) => {
    const otherwise = node.subsequent as RubyNode | null
    const condition = inline(node.predicate as RubyNode, translation)
    const then = single(node.statements as RubyNode | null, node, translation)
    return `${condition} ? ${then} : ${is(otherwise, 'ElseNode') ? single(otherwise.statements as RubyNode | null, node, translation) : 'null'}`
  },
  LambdaNode: (node, translation) => functionCode(node.parameters as RubyNode | null, node.body as RubyNode | null, node, translation),
  CallNode: (node, translation) => evaluated(node, translation, () => callExpression(node, translation)),
}

/** What a call is; where it can't be translated but its value is known, that value. */
function evaluated(node: CallNode, translation: Translation, translate: () => Code): Code {
  const checkpoint = translation.checkpoint()
  try {
    return translate()
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    knowConstants(node, translation)
    const value = tryEvaluate(node, translation.scope)
    const code = value === undefined ? undefined : valueCode(value)
    if (code === undefined) throw error
    translation.rollback(checkpoint)
    return code
  }
}

/** Translates a Ruby expression.
 *
 * @throws Untranslatable with the node and the reason
 */
export function expression(node: RubyNode, translation: Translation): Code {
  if (!is(node, 'HashNode', 'KeywordHashNode', 'ArrayNode', 'LambdaNode')) {
    const value = valueInTurn(node, translation)
    const code = value === undefined ? undefined : valueCode(value)
    if (code !== undefined) return code
  }
  const translator = translators[nodeType(node)] as ((node: RubyNode, translation: Translation) => Code) | undefined
  if (!translator) throw new Untranslatable(node, `${nodeType(node).replace(/Node$/, '')} is not translated`)
  return translator(node, translation)
}

/** Translates an expression that must stand on one line, within a larger one. */
export function inline(node: RubyNode, translation: Translation): string {
  const code = expression(node, translation)
  const text = oneLine(code)
  if (text === undefined) throw new Untranslatable(node, 'a body of several statements within an expression')
  return text
}

/** The block of `lambda { … }`, `proc { … }` or `Proc.new { … }`; undefined for any other call. */
export function lambdaBlock(node: RubyNode): BlockNode | undefined {
  if (!is(node, 'CallNode')) return undefined
  const makes = node.receiver
    ? constantPath(node.receiver as RubyNode) === 'Proc' && node.name === 'new'
    : ['lambda', 'proc'].includes(node.name)
  return makes ? blockOf(node) : undefined
}

/** A lambda or block as an arrow function: its one expression, or variables and the expression they lead to.
 *
 * @param request which of its parameters is the request; without it, that which is called so
 */
export function functionCode(
  parameters: RubyNode | null,
  body: RubyNode | null,
  node: RubyNode,
  translation: Translation,
  request?: number,
): Code {
  const statements = statementsOf(body)
  const last = statements.at(-1)
  if (!last) throw new Untranslatable(node, 'an empty body is not translated')
  return translation.inFunction(() => {
    const given = parameterNames(parameters)
    const asked = request === undefined ? undefined : given[request]
    if (asked !== undefined) translation.requests = new Set([asked])
    const names = given.map((name) => translation.declare(name, name === asked && /^(it|_\d)$/.test(name) ? 'request' : undefined))
    translation.functionParameters = names
    const variables = statements.slice(0, -1).map((statement) => variable(statement, translation))
    const value = withoutBrackets(inline(last, translation))
    const text = [...variables.map(({ code }) => code), value].join(' ')
    const used = names.map((name) => (name.startsWith('_') || new RegExp(`\\b${name}\\b`).test(text) ? name : `_${name}`))
    return arrow(used.join(', '), variables.length === 0 ? value : [...variables, { type: 'line', prefix: 'return ', code: value }])
  })
}

function variable(node: RubyNode, translation: Translation): { type: 'line'; prefix: string; code: string } {
  if (!is(node, 'LocalVariableWriteNode')) throw new Untranslatable(node, 'a body of several statements is not translated')
  const code = withoutBrackets(inline(node.value as RubyNode, translation))
  if (translation.local(node.name) !== undefined) throw new Untranslatable(node, `the variable ${node.name} is assigned twice`)
  return { type: 'line', prefix: `const ${translation.declare(node.name)} = `, code }
}

/** One pair of a hash, as a property. */
export function hashProperty(element: RubyNode, translation: Translation, rename: (key: string) => string = (key) => key): Property {
  if (is(element, 'AssocSplatNode') && element.value) return { key: '...', value: inline(element.value as RubyNode, translation) }
  if (!is(element, 'AssocNode')) throw new Untranslatable(element, `${nodeType(element)} in a hash`)
  const value = is(element.value as RubyNode, 'ImplicitNode') ? (element.value as NodeOf<'ImplicitNode'>).value : element.value
  const key = element.key as RubyNode
  if (is(key, 'SymbolNode', 'StringNode')) return { key: rename(key.unescaped.value), value: expression(value as RubyNode, translation) }
  if (is(key, 'IntegerNode')) return { key: String(key.value), value: expression(value as RubyNode, translation) }
  throw new Untranslatable(key, 'the key of the hash is computed')
}

/** An operand, in brackets when it is a condition, or mixes with the operator named. */
export function operand(node: RubyNode, translation: Translation, ...mixed: NodeName[]): string {
  let inner = node
  while (is(inner, 'ParenthesesNode') && statementsOf(inner.body as RubyNode | null).length === 1)
    inner = statementsOf(inner.body as RubyNode | null)[0]!
  const text = inline(inner, translation)
  return is(inner, 'IfNode', ...mixed) ? `(${text})` : text
}

function single(body: RubyNode | null, node: RubyNode, translation: Translation): string {
  const [only, ...rest] = statementsOf(body)
  if (!only || rest.length > 0) throw new Untranslatable(node, 'several statements in a condition')
  return inline(only, translation)
}

function template(parts: readonly RubyNode[], translation: Translation): string {
  const texts = parts.map((part): string => {
    if (is(part, 'StringNode')) return part.unescaped.value.replace(/[`\\]|\$\{/g, '\\$&').replaceAll('\n', '\\n')
    if (is(part, 'InterpolatedStringNode')) return template(part.parts as RubyNode[], translation).slice(1, -1)
    if (!is(part, 'EmbeddedStatementsNode')) throw new Untranslatable(part, `${nodeType(part)} in a text`)
    return `\${${withoutBrackets(single(part.statements as RubyNode | null, part, translation))}}`
  })
  return `\`${texts.join('')}\``
}

/** An expression without the brackets around all of it. */
/** A text without the brackets around the whole of it, which only matter within a larger one. */
export function withoutBrackets(text: string): string {
  let depth = 0
  for (const [index, letter] of [...text].entries()) {
    if (letter === '(') depth++
    if (letter === ')') depth--
    if (depth === 0) return index === text.length - 1 && index > 0 ? text.slice(1, -1) : text
  }
  return text
}

/** @throws Untranslatable with the reason why Ruby alone can put it together */
function putTogether(node: RubyNode, translation: Translation): RubyRegexp {
  try {
    return evaluate(node, translation.scope) as RubyRegexp
  } catch (error) {
    if (!(error instanceof NotConstant)) throw error
    throw new Untranslatable(node, `the regular expression is put together when Ruby runs (${error.message})`)
  }
}

function regexpLiteral(node: RubyNode, value: RubyRegexp): string {
  const result = toJavaScriptRegexp(value.source, value.flags)
  if ('problem' in result) throw new Untranslatable(node, result.problem)
  return `/${result.source}/${result.flags}`
}

/** Makes the values of constants known that a regular expression is put together of. */
function knowConstants(node: RubyNode, translation: Translation): void {
  const name = constantPath(node)
  if (name !== undefined && !translation.scope.constants.has(name)) translation.knowConstant(name)
  for (const child of childrenOf(node)) knowConstants(child, translation)
}

function constant(node: RubyNode, name: string, translation: Translation): string {
  const known = translation.constants.get(name) ?? constantOfEnvironment(node, name, translation) ?? translation.borrowConstant(name)
  if (known === undefined) throw new Untranslatable(node, `the constant ${name} is defined elsewhere`)
  return known
}

function callExpression(node: CallNode, translation: Translation): Code {
  const block = lambdaBlock(node)
  if (block) return functionCode(block.parameters as RubyNode | null, block.body as RubyNode | null, node, translation)
  if (!node.receiver) {
    const known = translation.methods.get(node.name)
    if (known !== undefined && !node.block) return `${known}(${positional(node, translation).join(', ')})`
    const own = translation.methodsOf === undefined ? undefined : methodOf(translation.methodsOf, node, translation)
    if (own !== undefined) return own
    const helper = translation.records ? urlHelper(node, translation) : undefined
    if (helper !== undefined) return helper
    throw new Untranslatable(node, `${node.name} is not known here`)
  }
  const attribute = recordAttribute(node, translation)
  if (attribute !== undefined) return attribute
  const known = applicationMethod(node, translation) ?? applicationSetting(node, translation)
  if (known !== undefined) return known
  const redirect = ownRedirect(node, translation)
  if (redirect !== undefined) return redirect
  if (constantPath(node.receiver as RubyNode) === 'Regexp') {
    knowConstants(node, translation)
    const value = tryEvaluate(node, translation.scope)
    if (value instanceof RubyRegexp) return regexpLiteral(node, value)
  }
  return translateMethod(node, translation, {
    receiver: () => receiverText(node, translation),
    args: () => positional(node, translation),
    block: () => blockArgument(node, translation),
  })
}

/** What `direct` and `resolve` call: `route_for`, `polymorphic_url`, `article_path`. */
function urlHelper(node: CallNode, translation: Translation): string | undefined {
  const args = positional(node, translation).join(', ')
  if (node.name === 'route_for') return `helpers.routeFor(${args})`
  if (/^polymorphic_(url|path)$/.test(node.name)) return `helpers.${camelize(node.name, 'lower')}(${args})`
  return /_(url|path)$/.test(node.name) ? `helpers.named.${camelize(node.name, 'lower')}!(${args})` : undefined
}

/** What is called without arguments on a record, or on what was read from one. */
function recordAttribute(node: CallNode, translation: Translation): string | undefined {
  let root = node.receiver as RubyNode | null
  while (is(root, 'CallNode') && !root.arguments_ && !root.block) root = root.receiver as RubyNode | null
  if (!is(root, 'LocalVariableReadNode') || !translation.records?.has(root.name) || node.arguments_ || node.block) return undefined
  if (!/^[a-z_]\w*$/.test(node.name)) throw new Untranslatable(node, `what ${node.name} answers is not known to routes`)
  const receiver = inline(node.receiver as RubyNode, translation)
  // Only the first attribute is read from what is surely there.
  const isSure = is(node.receiver as RubyNode, 'LocalVariableReadNode') && !node.isSafeNavigation()
  return `${receiver}${isSure ? '.' : '?.'}${node.name}`
}

const textMethods = new Set(['upcase', 'downcase', 'strip', 'start_with?', 'end_with?', 'include?', 'exclude?'])

/** What a method is called on. A variable of the environment may be missing, and counts as an empty text then. */
function receiverText(node: CallNode, translation: Translation): string {
  const text = operand(node.receiver as RubyNode, translation, 'AndNode', 'OrNode')
  return textMethods.has(node.name) && /^process\.env\b[\w.[\]']*$/.test(text) ? `(${text} ?? '')` : text
}

function positional(node: CallNode, translation: Translation): string[] {
  const { positional: values, pairs } = argumentsOf(node)
  const texts = values.map((value) => inline(value, translation))
  if (pairs.length > 0) texts.push(oneLine(object(pairs.map((pair) => hashProperty(pair, translation)))) ?? '')
  return texts
}

function blockArgument(node: CallNode, translation: Translation): string | undefined {
  const block = blockOf(node)
  if (block) return oneLine(functionCode(block.parameters as RubyNode | null, block.body as RubyNode | null, node, translation))
  return undefined
}

function oneLine(code: Code): string | undefined {
  if (typeof code === 'string') return code
  if (code.type === 'array') return around('[', code.items.map(oneLine), ']')
  if (code.type === 'call') return around(`${code.callee}(`, code.args.map(oneLine), ')')
  if (code.type === 'arrow') return isStatements(code.body) ? undefined : `(${code.parameters}) => ${oneLine(code.body)}`
  const properties = code.properties.map(({ key, value }) =>
    key === '...' ? `...${oneLine(value)}` : `${/^\w+$/.test(key) ? key : quote(key)}: ${oneLine(value)}`,
  )
  return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`
}

function around(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`
}
