import { propertyKey, quote } from '../../../typescript/index.ts'
import { regexpFlags } from '../../evaluate.ts'
import {
  type CallNode,
  constantPath,
  is,
  literalText,
  type NodeName,
  type NodeOf,
  nodeType,
  type RubyNode,
  statementsOf,
} from '../../nodes.ts'
import { toJavaScriptRegexp } from '../../regexps.ts'
import { assignment, operatorAssignment } from './assignments.ts'
import { callExpression, handedOn } from '../calls/calls.ts'
import { constant } from './constants.ts'
import { asDecimal } from '../methods/decimal_methods.ts'
import type { Frame } from '../frame.ts'
import { superCall } from '../calls/super_calls.ts'
import { lambda } from '../calls/functions.ts'
import { lastMatch } from './last_match.ts'
import { isClass } from '../methods/objects.ts'
import { rangeItems } from '../methods/range_methods.ts'
import { caseExpression, conditional, rescued, test } from './conditions.ts'
import { Untranslated } from '../untranslated.ts'
import {
  arrayOf,
  boolean,
  commonType,
  date,
  type Expression,
  hash,
  isLazy,
  nothing,
  number,
  text,
  unknown,
  type ValueType,
  wholeNumber,
} from '../value_types.ts'

type Translators = { [K in NodeName]?: (node: NodeOf<K>, frame: Frame) => Expression }

const translators: Translators = {
  NilNode: () => ({ code: 'null', type: nothing }),
  TrueNode: () => ({ code: 'true', type: boolean }),
  FalseNode: () => ({ code: 'false', type: boolean }),
  SelfNode: (_node, frame) => frame.self,
  IntegerNode: (node) => ({ code: `${node.value}${typeof node.value === 'bigint' ? 'n' : ''}`, type: wholeNumber }),
  FloatNode: (node) => ({ code: Number.isInteger(node.value) ? node.value.toFixed(1) : String(node.value), type: number }),
  StringNode: (node) => ({ code: quote(node.unescaped.value), type: text }),
  SymbolNode: (node) => ({ code: quote(node.unescaped.value), type: text }),
  InterpolatedStringNode: (node, frame) => ({ code: template(node.parts as RubyNode[], frame), type: text }),
  InterpolatedSymbolNode: (node, frame) => ({ code: template(node.parts as RubyNode[], frame), type: text }),
  RegularExpressionNode: (node) => {
    const result = toJavaScriptRegexp(node.unescaped.value, regexpFlags(node))
    if ('problem' in result) throw new Untranslated(node, result.problem)
    return { code: `/${result.source}/${result.flags}`, type: { kind: 'regexp' } }
  },
  InterpolatedRegularExpressionNode: (node, frame) => {
    const flags = regexpFlags(node)
    if (/[xm]/.test(flags)) throw new Untranslated(node, `the flags ${flags} of a regular expression that is put together`)
    return { code: composedPattern(node.parts as RubyNode[], node, flags, frame), type: { kind: 'regexp' } }
  },
  ArrayNode: (node, frame) => {
    const given = (node.elements as RubyNode[]).map((element) =>
      is(element, 'SplatNode')
        ? { code: `...${spreadable(frame.value(expression(element.expression as RubyNode, frame)))}`, type: unknown }
        : frame.value(expression(element, frame)),
    )
    const isDecimal = given.some(({ type }) => type.isDecimal) && given.every(({ type }) => type.isDecimal || isPlainNumber(type))
    const items = isDecimal ? given.map((each) => asDecimal(each, frame)) : given
    const element = items.length > 0 ? items.map(({ type }) => type).reduce(commonType) : unknown
    return { code: `[${items.map(({ code }) => code).join(', ')}]`, type: arrayOf(element) }
  },
  HashNode: (node, frame) => ({ code: hashCode(node.elements as RubyNode[], frame), type: hash }),
  KeywordHashNode: (node, frame) => ({ code: hashCode(node.elements as RubyNode[], frame), type: hash }),
  ParenthesesNode: (node, frame) => {
    const statements = statementsOf(node.body as RubyNode | null)
    if (statements.length === 0) return { code: 'null', type: nothing }
    if (statements.length > 1) throw new Untranslated(node, 'several statements in brackets')
    const inner = expression(statements[0]!, frame)
    return { ...inner, code: `(${inner.code})` }
  },
  LocalVariableReadNode: (node, frame) => {
    const local = frame.local(node.name)
    if (!local) throw new Untranslated(node, `the variable ${node.name} is not known here`)
    return local
  },
  ItLocalVariableReadNode: (_node, frame) => frame.local('it') ?? { code: 'it', type: unknown },
  InstanceVariableReadNode: (node, frame) => instanceVariable(node.name, frame),
  ClassVariableReadNode: (node, frame) => ({ code: `${ownClass(node, frame)}.${node.name.slice(2)}`, type: unknown }),
  ConstantReadNode: (node, frame) => constant(node, node.name, frame),
  // The body of the class has it as a constant of its own.
  ConstantWriteNode: (node, frame) => constant(node, node.name, frame),
  ConstantPathNode: (node, frame) => constant(node, constantPath(node) ?? unknownConstant(node), frame),
  AndNode: (node, frame) => {
    const left = test(node.left as RubyNode, frame)
    const right = withoutThrow(node.right as RubyNode, frame)
    // What Ruby takes for true is told here by a comparison: where it fails, it is nil that Ruby answers.
    const isAsked = left.endsWith(' != null') && right.type.kind !== 'boolean'
    if (isAsked) return { code: `(${left}) ? (${right.code}) : null`, type: { ...right.type, isNullable: true } }
    return { code: `(${left}) && (${right.code})`, type: right.type.kind === 'boolean' ? boolean : unknown }
  },
  OrNode: (node, frame) => {
    const left = frame.value(expression(node.left as RubyNode, frame))
    const other = withoutThrow(node.right as RubyNode, frame)
    const right = left.type.isDecimal && isPlainNumber(other.type) ? asDecimal(other, frame) : other
    const operator = ['boolean', 'unknown'].includes(left.type.kind) ? '||' : '??'
    if (left.type.isJson && right.type.kind !== left.type.kind)
      return { code: `(${left.code} as Untyped) ?? (${right.code})`, type: unknown }
    const safe = operator === '??' ? left.code.replace(/^(.*[|&]{2}.*)$/s, '($1)') : left.code
    return { code: `(${safe}) ${operator} (${right.code})`, type: eitherType(left.type, right.type) }
  },
  IfNode: (node, frame) => conditional(node, frame),
  UnlessNode: (node, frame) => conditional(node, frame),
  CaseNode: (node, frame) => caseExpression(node, frame),
  RescueModifierNode: (node, frame) => rescued(node, frame),
  BeginNode: (node, frame) => {
    const statements = statementsOf(node as RubyNode)
    if (node.rescueClause || node.ensureClause || statements.length !== 1) throw new Untranslated(node, 'begin within an expression')
    return expression(statements[0]!, frame)
  },
  RangeNode: (node, frame) => {
    const [left, right] = [node.left, node.right].map((side) => (side ? frame.value(expression(side as RubyNode, frame)) : undefined))
    const excludes = node.isExcludeEnd() ? ', { excludesEnd: true }' : ''
    return {
      code: `${frame.imports.framework('range')}(${left?.code ?? 'null'}, ${right?.code ?? 'null'}${excludes})`,
      type: rangeOf(left, right),
    }
  },
  LambdaNode: (node, frame) => lambda(node, frame),
  CallNode: (node, frame) => callExpression(node, frame),
  SuperNode: (node, frame) => superCall(node, frame),
  ForwardingSuperNode: (node, frame) => superCall(node, frame),
  YieldNode: (node, frame) => {
    const args = ((node.arguments_?.arguments_ ?? []) as RubyNode[]).map((argument) => frame.value(expression(argument, frame)).code)
    frame.block ??= 'block'
    frame.isAsync = true
    return { code: `(await ${frame.block}(${args.join(', ')}))`, type: unknown }
  },
  DefinedNode: (node, frame) => {
    const value = node.value as RubyNode
    if (is(value, 'InstanceVariableReadNode')) return { code: `${instanceVariable(value.name, frame).code} !== undefined`, type: boolean }
    if (is(value, 'ForwardingSuperNode', 'SuperNode')) return { code: `super.${frame.method ?? ''} !== undefined`, type: boolean }
    throw new Untranslated(node, 'defined?')
  },
  SplatNode: (node, frame) => {
    if (!node.expression) throw new Untranslated(node, 'a nameless splat')
    return { code: `...${value(node.expression as RubyNode, frame).code}`, type: unknown }
  },
  ImplicitNode: (node, frame) => expression(node.value as RubyNode, frame),
  EmbeddedStatementsNode: (node, frame) => {
    const statements = statementsOf(node.statements as RubyNode | null)
    if (statements.length !== 1) throw new Untranslated(node, 'several statements in a text')
    return expression(statements[0]!, frame)
  },
  NumberedReferenceReadNode: (node, frame) => {
    const match = frame.local(lastMatch)
    if (!match) throw new Untranslated(node, `$${node.number} of a match that isn't seen here`)
    return { code: `${match.code}?.[${node.number}]`, type: { ...text, isNullable: true } }
  },
}

/** What `a || b` is: null only where the other side is. */
function eitherType({ isNullable: _null, isOptional: _missing, ...left }: ValueType, right: ValueType): ValueType {
  const type = commonType(left, right)
  const isSure = type.kind === 'unknown' && /^(text|number|boolean|array|hash)$/.test(right.kind) && !right.isNullable && !right.isLoose
  return isSure ? { ...type, isSure } : type
}

function isPlainNumber(type: ValueType): boolean {
  return type.kind === 'number' && !type.isDecimal && !type.isNullable
}

/** A range of what its bounds are. */
function rangeOf(...bounds: (Expression | undefined)[]): ValueType {
  const kinds = bounds.map((bound) => bound?.type.kind)
  if (kinds.includes('number')) return { kind: 'range', element: number }
  return kinds.includes('date') ? { kind: 'range', element: date } : { kind: 'range' }
}

/** Translates a Ruby expression.
 *
 * @throws Untranslated with the node and the reason
 */
export function expression(node: RubyNode, frame: Frame): Expression {
  const written = assignment(node, frame) ?? operatorAssignment(node, frame)
  if (written) return written
  const translator = translators[nodeType(node)] as ((node: RubyNode, frame: Frame) => Expression) | undefined
  if (!translator) throw new Untranslated(node, `${nodeType(node).replace(/Node$/, '')} is not translated`)
  return translator(node, frame)
}

/** The value of an expression: what is pending is awaited. */
export function value(node: RubyNode, frame: Frame): Expression {
  return frame.value(expression(node, frame))
}

/** `@name`: a property. */
export function instanceVariable(name: string, frame: Frame): Expression {
  const plain = name.replace(/^@/, '')
  const { owner, application } = frame
  const held = owner === undefined ? unknown : application.variableType(owner, plain, frame.isStatic)
  const type = isLazy(held) ? { ...held, isLoose: true } : held
  if (owner !== undefined && !frame.isStatic && application.lineage(owner).some((info) => application.isField(info, plain)))
    return { code: `${frame.self.code}.${plain}`, type }
  frame.instanceVariables.add(`_${plain}`)
  return { code: `${frame.self.code}._${plain}`, type }
}

/** Remembers what an instance variable was given. */
export function noteInstanceVariable(name: string, type: ValueType, frame: Frame): void {
  if (frame.owner !== undefined)
    frame.application.noteVariable(frame.owner, name.replace(/^@/, ''), frame.isStatic, type, frame.method === 'initialize')
}

export function hashCode(
  elements: readonly RubyNode[],
  frame: Frame,
  rename = (key: string) => key,
  adapt = (_key: string, given: Expression) => given.code,
): string {
  const parts = elements.map((element) => {
    if (is(element, 'AssocSplatNode')) {
      const given = element.value ? undefined : frame.local('**')
      if (given) return `...${given.code}`
      if (!element.value) throw new Untranslated(element, 'a nameless double splat')
      return `...${value(element.value as RubyNode, frame).code}`
    }
    if (!is(element, 'AssocNode')) throw new Untranslated(element, 'a part of a hash')
    const key = element.key as RubyNode
    const name = literalText(key)
    const given = handedOn(element.value as RubyNode, value(element.value as RubyNode, frame), frame)
    const code = name === undefined ? given.code : adapt(name, given)
    if (is(key, 'ArrayNode', 'HashNode')) throw new Untranslated(key, 'a hash whose keys are lists')
    if (name !== undefined) return rename(name) === code ? code : `${keyCode(rename(name))}: ${code}`
    return `[${value(key, frame).code}]: ${code}`
  })
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function template(parts: readonly RubyNode[], frame: Frame, isRegexp = false): string {
  const texts = parts.map((part): string => {
    if (is(part, 'StringNode'))
      return (isRegexp ? part.unescaped.value.replace(/\\/g, '\\\\') : part.unescaped.value.replace(/\\/g, '\\\\')).replace(
        /`|\$\{/g,
        '\\$&',
      )
    if (is(part, 'InterpolatedStringNode')) return template(part.parts as RubyNode[], frame).slice(1, -1)
    if (is(part, 'EmbeddedStatementsNode') && statementsOf(part.statements as RubyNode | null).length === 0) return ''
    const inner = value(part, frame)
    if (isClass(inner)) return `\${${inner.code}.name}`
    if (/^(array|hash)$/.test(inner.type.kind) && !isRegexp) frame.notes.add('a list in a text is written otherwise than by Ruby')
    const mayBeMissing = !['text', 'number', 'time'].includes(inner.type.kind) && !inner.type.isSure
    return `\${${mayBeMissing && !isRegexp ? `(${inner.code}) ?? ''` : inner.code}}`
  })
  return `\`${texts.join('')}\``
}

/** A pattern that is put together: what stands in it is translated as a whole, with a letter that no text has for each piece that is computed. */
function composedPattern(parts: readonly RubyNode[], node: RubyNode, flags: string, frame: Frame): string {
  const mark = (index: number) => String.fromCharCode(0xe000 + index)
  const pieces = parts.map((part, index) => (is(part, 'StringNode') ? part.unescaped.value : mark(index)))
  const result = toJavaScriptRegexp(pieces.join(''), flags)
  if ('problem' in result) throw new Untranslated(node, result.problem)
  const written = result.source.replace(/\\/g, '\\\\').replace(/`|\$\{/g, '\\$&')
  const code = parts.reduce((text, part, index) => text.replaceAll(mark(index), () => patternPiece(part, frame)), written)
  return `new RegExp(\`${code}\`, ${quote(result.flags)})`
}

/** A piece of a pattern: another pattern by its source, anything else as the text that it is. */
function patternPiece(part: RubyNode, frame: Frame): string {
  const isOnly = is(part, 'EmbeddedStatementsNode') && statementsOf(part.statements as RubyNode | null).length === 1
  const inner = isOnly ? value(statementsOf(part.statements as RubyNode | null)[0]!, frame) : undefined
  if (inner?.type.kind === 'regexp') return `(?:\${${inner.code}.source})`
  return template([part], frame, true).slice(1, -1)
}

function withoutThrow(node: RubyNode, frame: Frame): Expression {
  const answer = frame.value(expression(node, frame))
  if (answer.code.startsWith('throw ')) throw new Untranslated(node, 'an error thrown within an expression')
  return answer
}

function spreadable(given: Expression): string {
  const { code, type } = rangeItems(given) ?? given
  return type.kind === 'array' ? code : `(${code} ?? [])`
}

export function ownClass(node: RubyNode, frame: Frame): string {
  const name = frame.owner === undefined ? undefined : frame.className(frame.owner)
  if (name === undefined) throw new Untranslated(node, 'there is no class around it')
  return name
}

function unknownConstant(node: RubyNode): never {
  throw new Untranslated(node, 'a constant of a computed class')
}

export type { CallNode }

/** A key of an object. Quotes that need not be are for the formatter to take away. */
function keyCode(name: string): string {
  return name === '__proto__' ? propertyKey(name) : quote(name)
}
