import { ourWord } from '../../../../src/naming/words.ts'
import { argumentsOf, type CallNode, is, type RubyNode } from '../../nodes.ts'
import { arrayMethods } from './array_methods.ts'
import { asText, byteMethods } from './byte_methods.ts'
import { decimalMethods, decimalOperation } from './decimal_methods.ts'
import { errorList, errorMethods, exceptionMethods, validationErrorMethods } from './error_methods.ts'
import { value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { parameterCount } from '../calls/functions.ts'
import { hashMethods } from './hash_methods.ts'
import { booleanMethods, numberMethods, timeMethods } from './number_methods.ts'
import { isOfObjects } from './objects.ts'
import { insteadOfMap, mapMethods } from './map_methods.ts'
import { listed, setMethods } from './set_methods.ts'
import { rowMethods } from './row_methods.ts'
import { operators } from '../expressions/operators.ts'
import { textMethods } from './text_methods.ts'
import { urlMethods } from './url_methods.ts'
import { dateMethods, momentMethods } from './time_methods.ts'
import { rangeItems, rangeMethods } from './range_methods.ts'
import { arrayOf, type Expression, hash, number, present, safely, unknown } from '../value_types.ts'

/** A call on a value: its receiver, what its arguments are, and where it stands. */
export interface ValueCall {
  readonly receiver: Expression
  readonly args: () => Expression[]
  readonly call: CallNode
  readonly frame: Frame
  /** `.` or `?.` */
  readonly dot: string
}

export type ValueMethod = (given: ValueCall) => Expression | undefined
export type ValueMethods = Readonly<Record<string, ValueMethod>>

/** The tables of a kind of value, asked when a call is: those modules speak of each other. */
const byKind = (): Readonly<Record<string, readonly ValueMethods[]>> => ({
  text: [textMethods, operators],
  number: [numberMethods, operators],
  array: [arrayMethods, operators],
  set: [setMethods],
  map: [mapMethods],
  hash: [hashMethods, arrayMethods, operators],
  time: [timeMethods, momentMethods, operators],
  date: [dateMethods, timeMethods, momentMethods, operators],
  duration: [timeMethods, operators],
  regexp: [textMethods, operators],
  errors: [errorMethods],
  error: [validationErrorMethods],
  exception: [exceptionMethods],
  rows: [rowMethods],
  url: [urlMethods],
  bytes: [byteMethods],
  range: [rangeMethods],
  boolean: [booleanMethods, operators],
})

/** What hashes answer as the list of their pairs. */
const asEntries = new Set(
  'sum sort sort_by max_by min_by find detect filter_map each_with_object reduce inject group_by partition count first each_with_index to_h none? flat_map zip each_slice'.split(
    ' ',
  ),
)

/** Methods whose meaning hangs on what they are called on: for unknown receivers the likeliest is taken, and said. */
const ambiguous = new Set(
  'first last size length count include? empty? any? reverse index delete insert + - * << [] slice sum min max merge each'.split(' '),
)

/** A method of Ruby's own values; undefined when none of the tables knows it. */
export function valueMethod(call: CallNode, receiver: Expression, frame: Frame, dot: string): Expression | undefined {
  if (receiver.type.kind === 'errors' && !(Object.hasOwn(errorMethods, call.name) && !call.block))
    return valueMethod(call, errorList(receiver), frame, '.')
  if (receiver.type.isJson && takesItems(call)) {
    frame.doubts.add(call.name)
    return valueMethod(call, { code: `(${receiver.code} as Untyped[])`, type: arrayOf() }, frame, dot)
  }
  if (receiver.type.kind === 'unknown' && takesPairs(call)) {
    frame.doubts.add(call.name)
    return valueMethod(call, { ...receiver, type: { ...hash, isLoose: true } }, frame, dot)
  }
  if (receiver.type.kind === 'bytes' && !Object.hasOwn(byteMethods, call.name)) return valueMethod(call, asText(receiver, dot), frame, dot)
  const items = Object.hasOwn(rangeMethods, call.name) ? undefined : rangeItems(receiver)
  if (items) return valueMethod(call, items, frame, dot)
  if (receiver.type.kind === 'hash' && asEntries.has(call.name) && (call.block || !hashMethods[call.name])) {
    const entries = `Object.entries<Untyped>(${receiver.code})`
    const code = receiver.type.isLoose ? `(${entries} as [Untyped, Untyped][])` : entries
    return valueMethod(call, { code, type: arrayOf(arrayOf()) }, frame, dot)
  }
  if (receiver.type.kind === 'set' && (!Object.hasOwn(setMethods, call.name) || call.block))
    return valueMethod(call, listed(receiver), frame, dot)
  if (receiver.type.kind === 'map' && (!Object.hasOwn(mapMethods, call.name) || call.block))
    return valueMethod(call, insteadOfMap(call, receiver), frame, dot)
  const args = translatedOnce(call, frame)
  const operated = decimalOperation(call, receiver, args, frame)
  if (operated) return operated
  if (receiver.type.isDecimal && !Object.hasOwn(decimalMethods, call.name) && Object.hasOwn(numberMethods, call.name))
    return valueMethod(call, { code: `${receiver.code}.toNumber()`, type: number }, frame, dot)
  const tables = receiver.type.isDecimal
    ? [decimalMethods, operators]
    : (byKind()[receiver.type.kind] ?? [
        ...(/^(first|last)$/.test(call.name) ? [arrayMethods] : []),
        textMethods,
        arrayMethods,
        hashMethods,
        numberMethods,
        timeMethods,
        momentMethods,
        operators,
      ])
  const method = tables.find((table) => Object.hasOwn(table, call.name))?.[call.name]
  if (!method) return undefined
  if (receiver.type.kind === 'record' && !['[]'].includes(call.name) && !operatorNames.has(call.name)) return undefined
  const target = /^\d+$/.test(receiver.code) ? { ...receiver, code: `(${receiver.code})` } : opened(receiver)
  const written = method({ receiver: target, args, call, frame, dot })
  const isSafe =
    dot === '.' || !call.isSafeNavigation() || !written || written.code === target.code || /\?\.|== null \? null/.test(written.code)
  const result = isSafe ? written : safely(target, (there) => method({ receiver: there, args, call, frame, dot: '.' }))
  const isLoose = (receiver.type.kind === 'unknown' || receiver.type.isLoose) && !saysItsType(call.name, result)
  if (result && isLoose && result.type.kind !== 'unknown')
    return noted(call, receiver, frame, { ...result, type: { ...result.type, isLoose } })
  return noted(call, receiver, frame, result)
}

/** Whether what a method answers is of a type whatever it is asked of. */
function saysItsType(name: string, result: Expression | undefined): boolean {
  if (/^(group_by|tally)$/.test(name)) return true
  return /^(to_s|to_sym|keys)$/.test(name) && /^\(?(String|Object\.keys)\(/.test(result?.code ?? '')
}

/** The arguments of a call, translated when they are first asked for: twice at each level of a deep expression would take for ever. */
function translatedOnce(call: CallNode, frame: Frame): () => Expression[] {
  let translated: Expression[] | undefined
  return () =>
    (translated ??= argumentsOf(call).positional.map((argument) => {
      const given = value(argument as RubyNode, frame)
      return call.name in operators ? present(given) : given
    }))
}

const ofItems =
  /^(map|flat_map|filter_map|select|filter|reject|any\?|all\?|none\?|find|detect|count|sum|each_with_index|sort_by|group_by|index_by|partition|min_by|max_by)$/

/** Whether a block takes one value at a time: what is asked so of JSON is a list. */
function takesItems(call: CallNode): boolean {
  const block = call.block as RubyNode | null
  if (!block || !ofItems.test(call.name)) return false
  return is(block, 'BlockNode') ? parameterCount(block) === 1 : is(block, 'BlockArgumentNode')
}

const ofPairs =
  /^(map|collect|flat_map|filter_map|select|filter|reject|any\?|all\?|none\?|find|detect|count|sum|sort_by|group_by|partition|min_by|max_by|to_h)$/

/** Whether a block takes a key and a value: what nobody knows anything else of is a hash then. */
function takesPairs(call: CallNode): boolean {
  const block = call.block as RubyNode | null
  return ofPairs.test(call.name) && is(block, 'BlockNode') && parameterCount(block) === 2
}

function noted(call: CallNode, receiver: Expression, frame: Frame, result: Expression | undefined): Expression | undefined {
  if (result && receiver.type.kind === 'unknown' && ambiguous.has(call.name) && !operatorNames.has(call.name)) frame.doubts.add(call.name)
  return result
}

const operatorNames = new Set('[] + - * / % < > <= >= << ** & | =~ <=> -@ === !~ ^'.split(' '))

/** JSON as an object whose values nobody knows. */
export function opened({ code, type, ...rest }: Expression): Expression {
  if (!type.isJson) return { code, type, ...rest }
  const { isJson: _, ...known } = type
  return { code: `(${code} as Record<string, Untyped>)`, type: known, ...rest }
}

/** Whether lists have a method, so that a query that is asked for it has to run. */
export function isOfLists(name: string): boolean {
  return [arrayMethods, operators].some((table) => Object.hasOwn(table, name)) || isOfObjects(name)
}

/** A call of JavaScript's method of another name. */
export function renamed(name: string, type: Expression['type'] = unknown): ValueMethod {
  return ({ receiver, args, dot }) => ({
    code: `${receiver.code}${dot}${name}(${args()
      .map(({ code }) => code)
      .join(', ')})`,
    type,
  })
}

export { ourWord }
