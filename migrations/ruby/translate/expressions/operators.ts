import { argumentsOf, is, literalText, type RubyNode } from '../../nodes.ts'
import { pushed } from '../methods/array_methods.ts'
import { value } from './expressions.ts'
import { formatTemplate } from '../methods/format_text.ts'
import { member } from '../classes/members.ts'
import { listed } from '../methods/set_methods.ts'
import { matched, pairOf } from '../methods/text_methods.ts'
import { Untranslated } from '../untranslated.ts'
import type { ValueMethod, ValueMethods } from '../methods/value_methods.ts'
import { arrayOf, bigNumber, boolean, date, type Expression, isInferred, number, text, time, unknown, wholeNumber } from '../value_types.ts'

const binary =
  (operator: string, type: Expression['type']): ValueMethod =>
  ({ receiver, args }) => {
    const [right] = args()
    if (!right) return undefined
    const big = withBig(operator, receiver, right)
    if (big) return big
    return { code: `(${receiver.code} ${operator} ${/^[\w.$'"`]+$/.test(right.code) ? right.code : `(${right.code})`})`, type }
  }

/** What a `bigint` and a number make: JavaScript takes no two of both. Undefined for any other. */
function withBig(operator: string, left: Expression, right: Expression): Expression | undefined {
  const kinds = [left, right].map(({ type }) => type.kind === 'number' && !type.isLoose && Boolean(type.isBig))
  if (!/^[-+*/%&|^]$/.test(operator) || kinds[0] === kinds[1] || right.type.kind !== 'number' || left.type.kind !== 'number')
    return undefined
  const [one, other] = [left, right].map(({ code, type }) => (/^-?\d+$/.test(code) && !type.isBig ? `${code}n` : code))
  const isWhole = [left, right].every(({ code, type }) => type.isBig || /^-?\d+$/.test(code))
  if (isWhole) return { code: `(${one} ${operator} ${other})`, type: bigNumber }
  const [plain, added] = [left, right].map(({ code, type }) => (type.isBig ? `Number(${code})` : code))
  const code = `(${plain} ${operator} ${added})`
  return operator === '/' && right.type.isWhole ? { code: `Math.floor${code}`, type: wholeNumber } : { code, type: number }
}

/** Seconds are compared with a duration by its own. */
const compared =
  (operator: string): ValueMethod =>
  (given) => {
    const kinds = [given.receiver, given.args()[0]].map((side) => side?.type.kind)
    if (kinds.includes('duration') && kinds.some((kind) => kind === 'time' || kind === 'date'))
      throw new Untranslated(given.call, 'a time that is compared with how long something takes, which Ruby refuses')
    if (!kinds.includes('duration') || !kinds.includes('number')) return binary(operator, boolean)(given)
    const [left, right] = [given.receiver, given.args()[0]!].map((side) =>
      side.type.kind === 'duration' ? `${side.code}.seconds` : side.code,
    )
    return { code: `(${left} ${operator} ${right})`, type: boolean }
  }

/** The items that another list has, or has not; a list that is waited for is waited for once. */
function chosen(items: string, others: string, not = ''): string {
  if (!others.includes('await ')) return `${items}.filter((item: Untyped) => ${not}${others}.includes(item))`
  return `((others: Untyped[]) => ${items}.filter((item: Untyped) => ${not}others.includes(item)))(${others})`
}

function isNumeric(...sides: (Expression | undefined)[]): boolean {
  return sides.some((side) => side?.type.kind === 'number')
}

/** What is taken from a time, or what a time is taken from, is a time where nobody knows better: the seconds between them. */
function betweenTimes({ receiver, frame }: Parameters<ValueMethod>[0], right: Expression): Expression {
  if (receiver.type.kind === 'unknown' || right.type.kind === 'unknown') frame.doubts.add('-')
  return { code: `((Number(${receiver.code}) - Number(${right.code})) / 1000)`, type: number }
}

/** What Ruby writes as operators. */
export const operators: ValueMethods = {
  '+': (given) => {
    const [right] = given.args().map(listed)
    if (!right) return { code: `+${given.receiver.code}`, type: number }
    const kinds = [given.receiver.type.kind, right.type.kind]
    if (kinds.includes('array'))
      return { code: `[...${given.receiver.code}, ...${right.code}]`, type: kinds[0] === 'array' ? given.receiver.type : right.type }
    if (right.type.kind === 'duration')
      return given.receiver.type.kind === 'duration'
        ? { code: `${given.receiver.code}.plus(${right.code})`, type: { kind: 'duration' } }
        : { code: `${right.code}.from(${given.receiver.code})`, type: given.receiver.type.kind === 'date' ? date : time }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() + ${right.code} * 86400000)`, type: date }
    if (given.receiver.type.kind === 'time' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() + (${right.code}) * 1000)`, type: time }
    const big = withBig('+', given.receiver, right)
    if (big) return big
    return {
      code: `(${given.receiver.code} + ${right.code})`,
      type: kinds.includes('text') ? text : kinds.includes('number') ? number : { ...unknown, isSure: true },
    }
  },
  '-': (given) => {
    const [right] = given.args().map(listed)
    if (!right) return { code: `-${given.receiver.code}`, type: number }
    if (given.receiver.type.kind === 'duration' && right.type.kind === 'array')
      return { code: chosen(given.receiver.code.replace(/^(\w+)\((\w+)\)$/, '$2.$1'), right.code, '!'), type: arrayOf() }
    if ([given.receiver.type.kind, right.type.kind].includes('array'))
      return { code: chosen(given.receiver.code, right.code, '!'), type: given.receiver.type }
    if (given.receiver.type.kind === 'duration' && right.type.kind === 'number')
      return { code: `(${given.receiver.code}.seconds - ${right.code})`, type: number }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'date')
      return { code: `((${given.receiver.code}.getTime() - ${right.code}.getTime()) / 86400000)`, type: number }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() - ${right.code} * 86400000)`, type: date }
    if (given.receiver.type.kind === 'time' && right.type.kind === 'time')
      return { code: `((${given.receiver.code}.getTime() - ${right.code}.getTime()) / 1000)`, type: number }
    if (given.receiver.type.kind === 'time' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() - (${right.code}) * 1000)`, type: time }
    if (right.type.kind === 'duration')
      return { code: `${right.code}.ago(${given.receiver.code})`, type: given.receiver.type.kind === 'date' ? date : time }
    if (given.receiver.type.kind === 'time' || right.type.kind === 'time') return betweenTimes(given, right)
    return withBig('-', given.receiver, right) ?? { code: `(${given.receiver.code} - (${right.code}))`, type: number }
  },
  '*': (given) => {
    const [right] = given.args()
    if (!right) return undefined
    if (given.receiver.type.kind === 'text') return { code: `${given.receiver.code}.repeat(${right.code})`, type: text }
    if (given.receiver.type.kind === 'array')
      return right.type.kind === 'text'
        ? { code: `${given.receiver.code}.join(${right.code})`, type: text }
        : { code: `Array.from({ length: ${right.code} }, () => ${given.receiver.code}).flat()`, type: given.receiver.type }
    return binary('*', number)(given)
  },
  '/': (given) => {
    const [right] = given.args()
    const isWhole = (code: string | undefined) => code !== undefined && /^\(?-?\d+\)?$/.test(code)
    if (isWhole(right?.code) && (isWhole(given.receiver.code) || given.receiver.type.isWhole) && !given.receiver.type.isBig) {
      const quotient = binary('/', number)(given)
      return quotient && { code: `Math.floor${quotient.code}`, type: wholeNumber }
    }
    return binary('/', number)(given)
  },
  '%': (given) => {
    if (given.receiver.type.kind === 'text') {
      const format = literalText(given.call.receiver as RubyNode)
      const [argument] = argumentsOf(given.call).positional
      if (format === undefined || !argument) return undefined
      const items = is(argument, 'ArrayNode') ? (argument.elements as RubyNode[]) : [argument]
      const template = formatTemplate(
        format,
        items.map((each) => value(each, given.frame).code),
        (name) => (is(argument, 'HashNode') ? pairOf(argument.elements as RubyNode[], name, given.frame) : undefined),
      )
      return template === undefined ? undefined : { code: template, type: text }
    }
    const [right] = given.args()
    if (given.receiver.type.kind !== 'number' || !right) return binary('%', number)(given)
    if (/^\d+$/.test(given.receiver.code.replace(/[()]/g, '')) && /^\d+$/.test(right.code)) return binary('%', number)(given)
    return { code: `((value, by) => value - by * Math.floor(value / by))(${given.receiver.code}, ${right.code})`, type: number }
  },
  '**': binary('**', number),
  '<': compared('<'),
  '>': compared('>'),
  '<=': compared('<='),
  '>=': compared('>='),
  '&': ({ receiver, args }) =>
    isNumeric(receiver, args()[0])
      ? (withBig('&', receiver, args()[0]!) ?? { code: `(${receiver.code} & ${args()[0]!.code})`, type: number })
      : { code: chosen(receiver.code, listed(args()[0]!).code), type: receiver.type },
  '|': ({ receiver, args }) =>
    isNumeric(receiver, args()[0])
      ? { code: `(${receiver.code} | ${args()[0]!.code})`, type: number }
      : { code: `[...new Set([...${receiver.code}, ...${args()[0]!.code}])]`, type: receiver.type },
  '^': binary('^', number),
  '>>': binary('>>', number),
  '~': ({ receiver }) => ({ code: `~(${receiver.code})`, type: number }),
  '<=>': ({ receiver, args }) => ({
    code: `(${receiver.code} < ${args()[0]!.code} ? -1 : Number(${receiver.code} > ${args()[0]!.code}))`,
    type: number,
  }),
  '-@': ({ receiver }) => ({ code: `-(${receiver.code})`, type: number }),
  '===': ({ receiver, args }) => (receiver.type.kind === 'regexp' ? matched(receiver, args()[0]!) : undefined),
  '<<': ({ receiver, args }) =>
    receiver.type.kind === 'text'
      ? {
          code:
            /^[\w.$[\]'!]+$/.test(receiver.code) && !/^'/.test(receiver.code)
              ? `${receiver.code} += ${args()[0]!.code}`
              : `(${receiver.code} + ${args()[0]!.code})`,
          type: text,
        }
      : { code: pushed(receiver.code, [args()[0]!.code]), type: receiver.type },
  '[]': ({ receiver, args, call, dot, frame }) => {
    const all = args()
    const [first, second] = all
    if (!first) return undefined
    const access = dot === '?.' ? '?.' : ''
    const node = argumentsOf(call).positional[0]!
    if (first.type.kind === 'regexp')
      return { code: `(${receiver.code}${dot}match(${first.code})?.[${second?.code ?? 0}] ?? null)`, type: { ...text, isNullable: true } }
    if (second) return { code: `${receiver.code}${dot}slice(${first.code}, ${first.code} + ${second.code})`, type: receiver.type }
    if (is(node, 'RangeNode')) {
      const [left, right] = [node.left, node.right].map((side) => (side ? value(side as RubyNode, frame).code : undefined))
      const end =
        node.isExcludeEnd() && right !== undefined
          ? `, ${right}`
          : right === undefined || right === '-1'
            ? ''
            : node.isExcludeEnd()
              ? `, ${right}`
              : /^-\d+$/.test(right)
                ? `, ${Number(right) + 1}`
                : /^\d+$/.test(right)
                  ? `, ${Number(right) + 1}`
                  : `, ${right} + 1`
      return { code: `${receiver.code}${dot}slice(${left ?? 0}${end})`, type: receiver.type }
    }
    const item = isInferred(receiver.type) ? { ...receiver.type.element!, isNullable: true } : (receiver.type.element ?? unknown)
    if (/^-\d+$/.test(first.code))
      return { code: `${receiver.code}${dot}at(${first.code})`, type: receiver.type.kind === 'text' ? { ...text, isNullable: true } : item }
    if (first.code === 'null' && receiver.type.kind !== 'array')
      return { code: `${receiver.code}${access}['null']`, type: receiver.type.element ?? unknown }
    if (first.type.isBig || (first.type.isNullable && /^(text|number)$/.test(first.type.kind) && receiver.type.kind === 'hash'))
      return { code: `${receiver.code}${access}[String(${first.code})]`, type: receiver.type.element ?? unknown }
    if (first.type.kind === 'record') throw new Untranslated(call, 'a key that is a record')
    if (first.type.kind === 'array') throw new Untranslated(call, 'a key that is a list')
    const name = /^'([A-Za-z_$][\w$]*)'$/.exec(first.code)?.[1]
    const element = receiver.type.kind === 'text' ? { ...text, isNullable: true } : item
    if (name !== undefined && receiver.type.kind !== 'unknown' && receiver.type.kind !== 'record')
      return { code: `${receiver.code}${dot}${name}`, type: receiver.type.kind === 'hash' ? { ...element, isOptional: true } : element }
    const isRecord = receiver.type.kind === 'record' && receiver.type.model !== undefined && name !== undefined
    const column = isRecord ? frame.application.columnsOf(receiver.type.model!)?.get(name) : undefined
    if (column && frame.application.methodOf(receiver.type.model!, name!, false)?.node)
      return { code: `${receiver.code}${dot}readAttribute('${name}')`, type: unknown }
    if (column) return member(receiver, name!, [], frame, dot)
    const holder = receiver.type.kind === 'hash' && name === undefined ? `(${receiver.code} as Record<string, Untyped>)` : receiver.code
    return { code: `${holder}${access}[${first.code}]`, type: element }
  },
}
