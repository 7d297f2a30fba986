import { argumentsOf, type CallNode, is, type RubyNode } from '../../nodes.ts'
import type { FunctionCode } from '../calls/functions.ts'
import { blockOf, elementOf, itemNamed, itemOf, mappedAll, memoType } from './array_blocks.ts'
import type { ValueCall, ValueMethod } from './value_methods.ts'
import { arrayOf, type Expression, hash, isInferred, typeText, unknown } from '../value_types.ts'

/** The least or greatest item; none of an empty list. */
export function extreme(operator: '<' | '>'): ValueMethod {
  return (given) => {
    const { receiver, call, args } = given
    if (call.block || args().length > 0) return undefined
    const { isDecimal, isNullable } = receiver.type.element ?? {}
    const sure = isNullable ? '!' : ''
    const better = isDecimal
      ? `item${sure}.${operator === '<' ? 'lessThan' : 'greaterThan'}(best${sure}) ? item : best`
      : `item ${operator} best ? item : best`
    if (hasItems(call.receiver as RubyNode | null))
      return {
        code: `${receiver.code}.reduce((${itemNamed('best', receiver)}, ${itemNamed('item', receiver)}) => (${better}))`,
        type: elementOf(given),
      }
    if (!isInferred(receiver.type))
      return { code: `${receiver.code}.reduce((best: Untyped, item: Untyped) => (best == null || ${better}), null)`, type: unknown }
    return {
      code: `(<T>(items: readonly T[]) => items.reduce<T | null>((best, item) => (best == null || ${better}), null))(${receiver.code})`,
      type: { ...elementOf(given), isNullable: true },
    }
  }
}

/** Whether a list is written out, so that it isn't empty. */
function hasItems(node: RubyNode | null): boolean {
  return is(node, 'ArrayNode') && node.elements.length > 0 && (node.elements as RubyNode[]).every((each) => !is(each, 'SplatNode'))
}

/** The element of a literal array that has one. */
export function onlyElement(code: string): string | undefined {
  return /^\[(jwt\.verify\([^\n]*\) as jwt\.JwtPayload)\]$/.exec(code)?.[1]?.replace(/^.*$/s, '($&)')
}

export function slices(given: ValueCall): Expression | undefined {
  return given.call.block
    ? undefined
    : {
        code: `Array.from({ length: Math.ceil(${given.receiver.code}.length / ${given.args()[0]!.code}) }, (_, index) => ${given.receiver.code}.slice(index * ${given.args()[0]!.code}, (index + 1) * ${given.args()[0]!.code}))`,
        type: arrayOf(given.receiver.type),
      }
}

export function reduced(given: ValueCall): Expression | undefined {
  const [first] = argumentsOf(given.call).positional
  const operator = symbolOperator(given.call)
  if (operator !== undefined) {
    const fold = `(${itemNamed('left', given.receiver)}, ${itemNamed('right', given.receiver)}) => left ${operator} right`
    const initial = first && given.call.block ? given.args()[0] : undefined
    return initial
      ? { code: `${given.receiver.code}.reduce(${fold}, ${initial.code})`, type: initial.type }
      : { code: ofNone(given.receiver.code, fold), type: sumType(given.receiver) }
  }
  const block = blockOf(given, [unknown, elementOf(given)])
  if (!block) return undefined
  const initial = first ? given.args()[0] : undefined
  if (block.isAsync) return initial && foldedInTurn(given, initial, block, `memo = await (${block.code})(memo, item)`)
  if (!initial) return { code: ofNone(given.receiver.code, block.code), type: unknown }
  return { code: `${given.receiver.code}.reduce(${block.code}, ${initial.code})`, type: initial.type }
}

/** What numbers of a list make together; none where there are none. */
function sumType({ type }: Expression): Expression['type'] {
  const { element } = type
  const isPlain = isInferred(type) && element?.kind === 'number' && !element.isNullable && !element.isBig && !element.isDecimal
  return isPlain ? { ...element, isNullable: true } : unknown
}

/** A list that is folded from its first item: an empty one is nil in Ruby, and JavaScript throws. */
function ofNone(list: string, fold: string): string {
  if (/^\[[^\]]/.test(list)) return `${list}.reduce(${fold})`
  return `((list) => (list.length === 0 ? null : list.reduce(${fold})))(${list})`
}

export function symbolOperator(call: CallNode): string | undefined {
  const given = call.block as RubyNode | null
  const symbol = is(given, 'BlockArgumentNode') ? (given.expression as RubyNode | null) : argumentsOf(call).positional[0]
  return is(symbol, 'SymbolNode') && /^[+*|&]$/.test(symbol.unescaped.value) ? symbol.unescaped.value : undefined
}

export function sortedBy(given: ValueCall): Expression | undefined {
  const block = blockOf(given)
  if (!block) return undefined
  const compare = '<T>(left: readonly [T, unknown], right: readonly [T, unknown]) => (left[0] < right[0] ? -1 : Number(left[0] > right[0]))'
  const item = itemNamed('item', given.receiver)
  const second = isInferred(given.receiver.type) ? '([, item]) => item' : '([, item]: readonly [unknown, Untyped]) => item'
  if (block.isAsync) {
    given.frame.isAsync = true
    return {
      code: `(await ${mappedAll(given.receiver, `async (${item}) => [await (${block.code})(item), item] as const`)}).sort(${compare}).map(${second})`,
      type: given.receiver.type,
    }
  }
  return {
    code: `${given.receiver.code}.map((${item}) => [(${block.code})(item), item] as const).sort(${compare}).map(${second})`,
    type: given.receiver.type,
  }
}

export function extremeBy(operator: string): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    if (!block || block.isAsync) return undefined
    return {
      code: `${given.receiver.code}.reduce(${bestAndItem(given)} => (best == null || (${block.code})(item) ${operator} (${block.code})(best) ? item : best), null)`,
      type: elementOf(given),
    }
  }
}

/** `index_with` with a block: what it answers for each item. */
export function indexed(given: ValueCall): Expression | undefined {
  return keyed((block) => `Object.fromEntries(ITEMS.map((ITEM) => [item, (${block})(item)]))`)(given)
}

export function keyed(write: (block: string) => string): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    return block && !block.isAsync
      ? { code: write(block.code).replace('ITEMS', given.receiver.code).replace('ITEM', itemNamed('item', given.receiver)), type: hash }
      : undefined
  }
}

/** The parameters of a fold that keeps the best item. */
function bestAndItem({ receiver, frame }: ValueCall): string {
  if (!isInferred(receiver.type)) return '(best: Untyped, item: Untyped)'
  return `(best: ${typeText(receiver.type.element ?? unknown, frame.typeName)} | null, item)`
}

/** A fold whose block waits: one item after the other. */
export function foldedInTurn({ receiver, frame }: ValueCall, initial: Expression, block: FunctionCode, step: string): Expression {
  const code = `(async (memo: ${memoType(initial, frame)}) => {\nfor (const item of ${receiver.code}) ${step}\nreturn memo\n})(${initial.code})`
  return { code, type: block.returns.kind === initial.type.kind ? initial.type : { ...initial.type }, pending: true }
}

/** One item by chance, or as many as are asked for. */
export function sampled(given: ValueCall): Expression | undefined {
  const { code } = given.receiver
  const [count] = given.args()
  if (count)
    return {
      code: `((rest, count: number) => Array.from({ length: count }).flatMap(() => rest.splice(Math.floor(Math.random() * rest.length), 1)))([...${code}], ${count.code})`,
      type: given.receiver.type,
    }
  const chosen = (list: string) => `${list}[Math.floor(Math.random() * ${list}.length)]`
  return {
    code: /^[\w$.]+$/.test(code)
      ? chosen(code)
      : `((items${given.receiver.type.kind === 'array' ? '' : ': Untyped'}) => ${chosen('items')})(${code})`,
    type: itemOf(given),
  }
}
