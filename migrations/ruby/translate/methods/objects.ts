import { ourWord } from '../../../../src/naming/words.ts'
import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type BlockNode, blockOf, type CallNode, is, literalText, type RubyNode } from '../../nodes.ts'
import { arrayMethods } from './array_methods.ts'
import { argumentCodes, memberCall } from '../calls/calls.ts'
import { instanceTest } from '../expressions/conditions.ts'
import { asText } from './byte_methods.ts'
import { constant, constantClass } from '../expressions/constants.ts'
import { equalDecimals } from './decimal_methods.ts'
import { value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { taking } from './array_blocks.ts'
import { arrow, bareCall, blockFunction, parameterCount } from '../calls/functions.ts'
import { hashMethods } from './hash_methods.ts'
import { textMethods } from './text_methods.ts'
import { member, methodName } from '../classes/members.ts'
import { Untranslated } from '../untranslated.ts'
import { isMember } from './set_methods.ts'
import { valueMethod } from './value_methods.ts'
import { arrayOf, boolean, type Expression, isInferred, number, present, safely, text, typeText, unknown } from '../value_types.ts'

type ObjectMethod = (receiver: Expression, args: () => Expression[], frame: Frame, call: CallNode) => Expression | undefined

/** Methods that every Ruby object has. */
const methods: Record<string, ObjectMethod> = {
  '==': (receiver, args, frame) => ({ code: equal(receiver, args()[0]!, frame), type: boolean }),
  '!=': (receiver, args, frame) => ({ code: negatedEqual(receiver, args()[0]!, frame), type: boolean }),
  'equal?': (receiver, args) => ({ code: `${receiver.code} === ${args()[0]!.code}`, type: boolean }),
  'eql?': (receiver, args) => ({ code: `${receiver.code} === ${args()[0]!.code}`, type: boolean }),
  'nil?': (receiver) => ({ code: `${receiver.code} == null`, type: boolean }),
  'present?': (receiver, _args, frame) => helper('isPresent', receiver, frame, boolean),
  'blank?': (receiver, _args, frame) => helper('isBlank', receiver, frame, boolean),
  presence: (receiver, _args, frame) =>
    helper('presence', receiver, frame, receiver.type.kind === 'unknown' ? receiver.type : { ...receiver.type, isNullable: true }),
  'is_a?': (receiver, _args, frame, call) => instanceOf(receiver, call, frame),
  'kind_of?': (receiver, _args, frame, call) => instanceOf(receiver, call, frame),
  'instance_of?': (receiver, _args, frame, call) => instanceOf(receiver, call, frame),
  'in?': (receiver, args) => {
    const list = args()[0]!
    if (list.type.kind === 'set') return { code: isMember(list, receiver), type: boolean }
    const isSure = isInferred(list.type) && !list.type.element?.isNullable
    return { code: `${list.code}.includes(${isSure ? present(receiver).code : receiver.code})`, type: boolean }
  },
  presence_in: (receiver, args) => ({
    code: `(${args()[0]!.code}.includes(${receiver.code}) ? ${receiver.code} : null)`,
    type: receiver.type,
  }),
  to_s: (receiver) => (isClass(receiver) ? { code: `${receiver.code}.name`, type: text } : undefined),
  polymorphic_name: (receiver) =>
    isClass(receiver) || receiver.type.kind === 'unknown' ? { code: `${receiver.code}.polymorphicName`, type: text } : undefined,
  '===': (receiver, args, frame, call) => {
    const name = call.receiver ? constantClass(call.receiver as RubyNode, frame) : undefined
    return name === undefined || receiver.type.kind === 'regexp' ? undefined : { code: instanceTest(args()[0]!.code, name), type: boolean }
  },
  dup: copied,
  const_get: (receiver, args, frame, call) => {
    const { kind, model } = receiver.type
    const info = kind === 'class' && model !== undefined ? frame.application.classes.get(model) : undefined
    if (!info || info.constants.size === 0 || args().length !== 1) return undefined
    const all = [...info.constants.keys()].map((name) => `${name}: ${constant(call, `${model}::${name}`, frame).code}`)
    return { code: `({ ${all.join(', ')} } as Record<string, Untyped>)[${args()[0]!.code}]`, type: unknown }
  },
  clone: copied,
  constants: (receiver, _args, frame) => {
    const { kind, model } = receiver.type
    const info = kind === 'class' && model !== undefined ? frame.application.classes.get(model) : undefined
    return info && { code: `[${[...info.constants.keys()].map((name) => quote(name)).join(', ')}]`, type: arrayOf(text) }
  },
  freeze: (receiver) => receiver,
  itself: (receiver) => receiver,
  html_safe: (receiver) => receiver,
  with_indifferent_access: (receiver) => receiver,
  deep_symbolize_keys: (receiver) => receiver,
  symbolize_keys: (receiver) => receiver,
  stringify_keys: (receiver) => receiver,
  deep_stringify_keys: (receiver) => receiver,
  to_json: (receiver) => ({ code: `JSON.stringify(${receiver.code})`, type: text }),
  to_proc: (receiver) => receiver,
  inspect: (receiver, _args, frame) => ({ code: `${frame.imports.module('{ inspect }', 'node:util')}(${receiver.code})`, type: text }),
  class: (receiver, _args, frame) =>
    receiver.type.kind === 'class' || (frame.isStatic && receiver.code === frame.self.code)
      ? receiver
      : {
          code: `(${receiver.code}.constructor as ${typeofClass(receiver, frame)})`,
          type: receiver.type.model === undefined ? unknown : { kind: 'class', model: receiver.type.model },
        },
  then: (receiver, _args, frame, call) => {
    const given = blockFunction(call, frame, receiver.type.kind === 'array' && countOf(call) > 1 ? [] : [receiver.type])
    const block = given && receiver.type.kind === 'array' ? taking(given) : given
    return block && { code: `(${block.code})(${receiver.code})`, type: block.returns, ...(block.isAsync ? { pending: true } : {}) }
  },
  tap: (receiver, _args, frame, call) => {
    const literal = blockOf(call)
    const block = literal ? arrow(literal, frame, [receiver.type], undefined, [], 'statement') : blockFunction(call, frame, [receiver.type])
    if (!block) return undefined
    const name = /^[\w$]+/.exec(block.parameters)?.[0] ?? 'item'
    if (!block.body) return undefined
    const wait = block.isAsync ? 'async ' : ''
    const leaves = literal !== undefined && /\breturn\b/.test(block.body)
    const body = leaves ? `${wait && 'await '}(${wait}() => {\n${block.body}\n})()` : block.body.replace(/^return (?=[^\n]*$)/, '')
    const code = `(${wait}(${name}${heldType(receiver, frame)}) => {\n${leaves && !wait ? ';' : ''}${body}\nreturn ${name}\n})(${receiver.code})`
    return { code, type: receiver.type, ...(block.isAsync ? { pending: true } : {}) }
  },
  try: attempted,
  'try!': attempted,
  send: sent,
  public_send: sent,
  __send__: sent,
  'respond_to?': (receiver, _args, _frame, call) => {
    const name = literalText(argumentsOf(call).positional[0])
    return name === undefined ? undefined : { code: responds(receiver, name), type: boolean }
  },
  call: (receiver, args) => ({
    code: `${receiver.code}(${args()
      .map(({ code }) => code)
      .join(', ')})`,
    type: unknown,
  }),
  instance_variable_get: (_receiver, _args, _frame, call) => {
    throw new Untranslated(call, 'instance variables by name')
  },
  instance_variable_set: (_receiver, _args, _frame, call) => {
    throw new Untranslated(call, 'instance variables by name')
  },
  arity: (receiver) => (/\.bind\([^()]*\)$/.test(receiver.code) ? { code: `${receiver.code}.length`, type: number } : undefined),
  method: (receiver, _args, _frame, call) => {
    const name = literalText(argumentsOf(call).positional[0])
    return name === undefined ? undefined : { code: `${receiver.code}.${methodName(name)}.bind(${receiver.code})`, type: unknown }
  },
}

/** Whether it is a class, which is written by its name. */
export function isClass({ code, type }: Expression): boolean {
  return type.kind === 'class' || /\.constructor( as [^)]*)?\)$/.test(code)
}

/** `dup` and `clone`: a copy of what can change, but not of what it holds. Records and objects of the application copy themselves. */
function copied(receiver: Expression): Expression | undefined {
  const { code, type } = receiver
  if (type.kind === 'array') return { code: `[...${code}]`, type }
  if (type.kind === 'hash') return { code: `({ ...${code} })`, type }
  if (['text', 'number', 'boolean', 'time', 'date', 'duration', 'regexp', 'range', 'null'].includes(type.kind)) return receiver
  if (type.kind !== 'unknown') return undefined
  const copy = 'Object.assign(Object.create(Object.getPrototypeOf(value)), value)'
  const ofData = `Array.isArray(value) ? [...value] : typeof value === 'object' && value ? ${copy} : value`
  return { code: `((value: Untyped) => (typeof value?.dup === 'function' ? value.dup() : ${ofData}))(${code})`, type }
}

/** Whether a value has a method: what JavaScript keeps as texts, numbers, lists and objects of data is told by what it is. */
function responds(receiver: Expression, name: string): string {
  const { code, type } = receiver
  const there = type.isNullable ? `${code} != null && ` : ''
  if (type.isJson) {
    const [isListed, isKeyed] = [arrayMethods, hashMethods].map((table) => Object.hasOwn(table, name))
    return isListed && !isKeyed
      ? `Array.isArray(${code})`
      : `(typeof ${code} === 'object' && ${code} !== null${isKeyed && !isListed ? ` && !Array.isArray(${code})` : ''})`
  }
  if (type.kind === 'text') return Object.hasOwn(textMethods, name) ? `${code} != null` : 'false'
  if (type.kind === 'unknown' && !type.isLoose) return `'${methodName(name)}' in Object(${code})`
  return there === '' ? `'${methodName(name)}' in ${code}` : `(${there}'${methodName(name)}' in ${present(receiver).code})`
}

function countOf(call: CallNode): number {
  return is(call.block as RubyNode | null, 'BlockNode') ? parameterCount(call.block as BlockNode) : 1
}

/** The compiler infers what is handed over at once, but of what is empty at first it would know too little. */
function heldType({ code, type }: Expression, frame: Frame): string {
  if (code === '[]') return ': Untyped[]'
  return type.kind === 'hash' ? `: ${typeText(type, frame.typeName)}` : ''
}

/** Whether every object has a method. */
export function isOfObjects(name: string): boolean {
  return Object.hasOwn(methods, name)
}

/** A method of every object on any value; undefined when it is none. */
export function objectMethod(call: CallNode, receiver: Expression, frame: Frame): Expression | undefined {
  if (!Object.hasOwn(methods, call.name) || (receiver.type.kind === 'errors' && /^(present|blank)\?$/.test(call.name))) return undefined
  const args = () => argumentsOf(call).positional.map((argument) => value(argument, frame))
  const safe = call.isSafeNavigation() && !['==', '!=', 'nil?', 'present?', 'blank?', 'presence'].includes(call.name)
  const result = methods[call.name]!(receiver, args, frame, call)
  if (!result || !safe || result === receiver) return result
  if (result.code.startsWith(`${receiver.code}.`))
    return { ...result, code: result.code.replace(`${receiver.code}.`, `${receiver.code}?.`) }
  return safely(receiver, (there) => methods[call.name]!(there, args, frame, call))
}

/** Ruby's `==`. */
export function equal(given: Expression, right: Expression, frame: Frame): string {
  if (right.code === 'null') return `${given.code} == null`
  const left = given.type.kind === 'bytes' && right.type.kind === 'text' ? asText(given) : given
  if (left.type.kind === 'bytes' && /^(boolean|number)$/.test(right.type.kind)) return `(${left.code} as unknown) === ${right.code}`
  if (/^(array|hash|set)$/.test(left.type.kind) || /^(array|hash|set)$/.test(right.type.kind))
    return `${frame.imports.module('{ isDeepStrictEqual }', 'node:util')}(${left.code}, ${right.code})`
  const fields = left.type.kind === 'record' && left.type.model !== undefined && frame.application.classes.get(left.type.model)?.fields
  if (fields && !frame.application.methodOf(left.type.model!, '==', false))
    return `${frame.imports.module('{ isDeepStrictEqual }', 'node:util')}(${left.code}, ${right.code})`
  if (left.type.kind === 'record' && right.type.kind !== 'null' && hasEquality(left.type.model, frame))
    return `Boolean(${left.code}?.equals(${right.code}))`
  if (
    left.type.kind === 'unknown' &&
    right.type.kind === 'record' &&
    isNamed(left) &&
    isNamed(right) &&
    hasEquality(right.type.model, frame)
  ) {
    frame.compared.add(left.code)
    return right.type.isNullable ? `Boolean(${right.code}?.equals(${left.code}))` : `${right.code}.equals(${left.code})`
  }
  if (/^(time|date)$/.test(left.type.kind) && /^(time|date)$/.test(right.type.kind))
    return `${left.code}${left.type.isNullable ? '?' : ''}.getTime() === ${right.code}${right.type.isNullable ? '?' : ''}.getTime()`
  return equalDecimals(left, right) ?? `${left.code} === ${right.code}`
}

function isNamed({ code }: Expression): boolean {
  return /^[\w$]+$/.test(code)
}

/** Records are equal by their keys; of other objects only those that say so. */
function hasEquality(model: string | undefined, frame: Frame): boolean {
  if (model === undefined) return true
  return frame.application.isModel(model) || frame.application.methodOf(model, '==', false) !== undefined
}

function negatedEqual(left: Expression, right: Expression, frame: Frame): string {
  if (right.code === 'null') return `${left.code} != null`
  const same = equal(left, right, frame)
  return same === `${left.code} === ${right.code}` ? `${left.code} !== ${right.code}` : `!(${same})`
}

function helper(name: string, receiver: Expression, frame: Frame, type: Expression['type']): Expression {
  return { code: `${frame.imports.framework(name)}(${receiver.code})`, type }
}

function instanceOf(receiver: Expression, call: CallNode, frame: Frame): Expression {
  const [argument] = argumentsOf(call).positional
  const name = argument && constantClass(argument, frame)
  if (name !== undefined) return { code: instanceTest(receiver.code, name.replaceAll('::', '.')), type: boolean }
  return { code: `${receiver.code} instanceof ${value(argument!, frame).code}`, type: boolean }
}

function typeofClass(receiver: Expression, frame: Frame): string {
  const name = receiver.type.model === undefined ? undefined : frame.className(receiver.type.model)
  const isClass = receiver.type.model !== undefined && frame.application.classes.get(receiver.type.model)?.kind === 'class'
  return name === undefined || !isClass ? 'Untyped' : `typeof ${name}`
}

/** `try(:name)`: the member, if there is something to ask. */
function attempted(receiver: Expression, _args: () => Expression[], frame: Frame, call: CallNode): Expression | undefined {
  const [first, ...rest] = argumentsOf(call).positional
  const name = literalText(first)
  if (name === undefined) return undefined
  const asked = Object.create(call, {
    name: { value: name },
    arguments_: { value: { arguments_: ((call.arguments_?.arguments_ ?? []) as RubyNode[]).slice(1) } },
    isSafeNavigation: { value: () => true },
  }) as CallNode
  const found = memberCall(asked, receiver, frame, '?.')
  if (found) return receiver.type.isNullable ? { ...found, type: { ...found.type, isNullable: true, isOptional: true } } : found
  const args = argumentCodes(asked, frame)
  const known = receiver.type.kind === 'unknown' || rest.length > 0 ? undefined : valueMethod(bareCall(name), receiver, frame, '?.')
  if (known) return known
  if (name === '[]') return { code: `${receiver.code}?.[${args[0]}]`, type: unknown }
  if (!/^\w+[?!]?$/.test(name)) return undefined
  const simple: Record<string, string> = {
    to_i: `Number.parseInt(${receiver.code} ?? 0, 10)`,
    to_s: `String(${receiver.code} ?? '')`,
    strip: `${receiver.code}?.trim()`,
    downcase: `${receiver.code}?.toLowerCase()`,
    upcase: `${receiver.code}?.toUpperCase()`,
    first: `${receiver.code}?.[0]`,
  }
  if (Object.hasOwn(simple, name)) return { code: simple[name]!, type: unknown }
  frame.doubts.add(`try(:${name})`)
  return { code: `${receiver.code}?.${methodName(name)}?.(${args.join(', ')})`, type: unknown }
}

function sent(receiver: Expression, _args: () => Expression[], frame: Frame, call: CallNode): Expression | undefined {
  const [first, ...rest] = argumentsOf(call).positional
  if (!first || is(first, 'SplatNode') || rest.some((argument) => is(argument, 'SplatNode'))) return undefined
  const args = rest.map((argument) => value(argument, frame).code)
  const name = literalText(first)
  if (name !== undefined && /^\w+[?!]?$/.test(name)) {
    const found = member(receiver, name, args, frame)
    if (found) return found
    return { code: `${receiver.code}.${ourWord(name)}(${args.join(', ')})`, type: unknown }
  }
  const { code } = value(first as RubyNode, frame)
  frame.doubts.add(call.name)
  if (/=`?'?$/.test(code))
    return args.length === 1
      ? { code: `(${receiver.code} as Untyped)[${code.replace(/=(?=[`']$)/, '')}] = ${args[0]}`, type: unknown }
      : undefined
  return { code: `(${receiver.code} as Untyped)[${code}]${args.length > 0 ? `(${args.join(', ')})` : ''}`, type: unknown }
}
