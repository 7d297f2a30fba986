import { argumentsOf } from '../../nodes.ts'
import {
  elementOf,
  blockOf,
  itemNamed,
  itemOf,
  itemsOf,
  kept,
  mappedAll,
  memoType,
  same,
  withBlock,
  withoutMissing,
} from './array_blocks.ts'
import { extreme, extremeBy, foldedInTurn, indexed, keyed, onlyElement, reduced, sampled, slices, sortedBy } from './array_folds.ts'
import { asDecimal } from './decimal_methods.ts'
import { hashCode } from '../expressions/expressions.ts'
import { connected, grepped } from './array_patterns.ts'
import { keyCode } from './hash_methods.ts'
import { setOf } from './set_methods.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import {
  arrayOf,
  boolean,
  decimal,
  type Expression,
  hash,
  isInferred,
  number,
  present,
  text,
  unknown,
  type ValueType,
  withoutNull,
} from '../value_types.ts'

const method =
  (write: (receiver: string, args: string[]) => string, type?: ValueType): ValueMethod =>
  ({ receiver, args, call }) =>
    call.block
      ? undefined
      : {
          code: write(
            receiver.code,
            args().map(({ code }) => code),
          ),
          type: type ?? receiver.type,
        }

const map = withBlock('map', itemsOf, mappedAll)
const select = withBlock('filter', same, (receiver, block) => kept(receiver, block))
const find = withBlock('find', itemOf, (receiver, block) => `${kept(receiver, block)}.then(([first]) => first)`)

/** Ruby's methods of arrays and of what is iterated. */
export const arrayMethods: ValueMethods = {
  map,
  collect: map,
  flat_map: withBlock(
    'flatMap',
    (_given, block) => arrayOf(block.returns.element),
    (receiver, block) => `${mappedAll(receiver, block)}.then((lists) => lists.flat())`,
  ),
  select,
  filter: select,
  find_all: select,
  find: (given) => (given.call.block ? find(given) : undefined),
  grep: (given) => grepped(given),
  grep_v: (given) => grepped(given, true),
  detect: find,
  reject: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    const parameters = block.parameters.replace(/: [^,]+(?=,|$)/g, '')
    if (block.isAsync) return { code: kept(given.receiver, block.code, '!'), type: given.receiver.type, pending: true }
    return {
      code: `${given.receiver.code}${given.dot}filter((${block.parameters || itemNamed('item', given.receiver)}) => !(${block.code})(${parameters || 'item'}))`,
      type: given.receiver.type,
    }
  },
  'any?': (given) => {
    if (!given.call.block && !given.call.arguments_)
      return { code: `${given.receiver.code}.some((item: unknown) => item != null && item !== false)`, type: boolean }
    return withBlock(
      'some',
      () => boolean,
      (receiver, block) => `${mappedAll(receiver, block)}.then((answers) => answers.some(Boolean))`,
    )(given)
  },
  'all?': withBlock(
    'every',
    () => boolean,
    (receiver, block) => `${mappedAll(receiver, block)}.then((answers) => answers.every(Boolean))`,
  ),
  'none?': (given) => {
    if (!given.call.block) return { code: `!${given.receiver.code}.some((item: unknown) => item != null && item !== false)`, type: boolean }
    const some = withBlock('some', () => boolean)(given)
    return some && { ...some, code: `!${some.code}` }
  },
  filter_map: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    const type = arrayOf(block.returns)
    if (block.isAsync)
      return {
        code: `${mappedAll(given.receiver, block.code)}.then((items) => items.filter((item) => item != null && (item as unknown) !== false))`,
        type,
        pending: true,
      }
    return { code: `${given.receiver.code}.map(${block.code}).filter(${withoutMissing(given.receiver, block)})`, type: withoutNull(type) }
  },
  each: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    if (block.isAsync) return given.dot === '.' && given.receiver.type.kind === 'array' ? eachInTurn(given, block.code) : undefined
    return { code: `${given.receiver.code}${given.dot}forEach(${block.code})`, type: given.receiver.type }
  },
  each_with_index: (given) => {
    const block = blockOf(given, [elementOf(given), number])
    return block && !block.isAsync ? { code: `${given.receiver.code}.forEach(${block.code})`, type: given.receiver.type } : undefined
  },
  each_with_object: (given) => {
    const [initial] = given.args()
    const block = blockOf(given, [elementOf(given), initial?.type ?? unknown])
    if (!block || !initial) return undefined
    if (block.isAsync) return foldedInTurn(given, initial, block, `await (${block.code})(item, memo)`)
    const names = block.parameters.split(/, (?![^[]*\])/)
    const memo = names[1]?.replace(/:.*$/s, '') ?? 'memo'
    const body = block.body.replace(/^return (?=[^\n]*$)/m, '')
    return {
      code: `${given.receiver.code}.reduce((${memo}: ${memoType(initial, given.frame)}, ${names[0]}) => {\n${body}\nreturn ${memo}\n}, ${initial.code})`,
      type: initial.type,
    }
  },
  each_slice: (given) => slices(given),
  in_groups_of: () => undefined,
  reduce: reduced,
  inject: reduced,
  sum: (given) => {
    const block = blockOf(given)
    if (!block)
      return given.call.block
        ? undefined
        : given.args().length > 0
          ? {
              code: `${given.receiver.code}.reduce((sum: Untyped, ${itemNamed('item', given.receiver)}) => sum + item, ${given.args()[0]!.code})`,
              type: given.args()[0]!.type,
            }
          : {
              code: `${given.receiver.code}${added(given.receiver.type.element)}`,
              type: given.receiver.type.element?.isWhole ? { kind: 'number', isWhole: true } : number,
            }
    const isDecimal = block.returns.isDecimal
    const items = block.isAsync ? `(await ${mappedAll(given.receiver, block.code)})` : `${given.receiver.code}.map(${block.code})`
    if (block.isAsync) given.frame.isAsync = true
    if (isDecimal) {
      const zero = asDecimal({ code: '0', type: number }, given.frame).code
      return { code: `${items}.reduce((sum, item) => sum.plus(item${block.returns.isNullable ? '!' : ''}), ${zero})`, type: decimal }
    }
    return { code: `${items}${added(block.returns)}`, type: number }
  },
  sort: (given) => {
    const block = blockOf(given, [elementOf(given), elementOf(given)])
    if (given.call.block && (!block || block.isAsync)) return undefined
    const inOrder = '<T>(left: T, right: T) => (left < right ? -1 : Number(left > right))'
    const isText = given.receiver.type.element?.kind === 'text'
    return { code: `${given.receiver.code}.toSorted(${block?.code ?? (isText ? '' : inOrder)})`, type: given.receiver.type }
  },
  sort_by: sortedBy,
  min_by: extremeBy('<'),
  max_by: extremeBy('>'),
  group_by: (given) => {
    const block = blockOf(given)
    if (!block || block.isAsync) return undefined
    const key = keyCode({ code: `(${block.code})(item)`, type: block.returns })
    return {
      code: `${given.receiver.code}.reduce((groups: Record<string, Untyped[]>, ${itemNamed('item', given.receiver)}) => ({ ...groups, [${key}]: [...(groups[${key}] ?? []), item] }), {})`,
      type: hash,
    }
  },
  index_by: keyed((block) => `Object.fromEntries(ITEMS.map((ITEM) => [(${block})(item), item]))`),
  index_with: (given) => {
    const [all] = given.args()
    if (all)
      return {
        code: `Object.fromEntries(${given.receiver.code}.map((${itemNamed('item', given.receiver)}) => [item, ${all.code}]))`,
        type: hash,
      }
    return indexed(given)
  },
  partition: (given) => {
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `[${given.receiver.code}.filter(${block.code}), ${given.receiver.code}.filter((${itemNamed('item', given.receiver)}) => !(${block.code})(item))]`,
          type: arrayOf(given.receiver.type),
        }
      : undefined
  },
  to_h: (given) => {
    const block = blockOf(given)
    if (given.call.block && !block) return undefined
    const items = block
      ? block.isAsync
        ? `(await ${mappedAll(given.receiver, block.code)})`
        : `${given.receiver.code}.map(${block.code})`
      : given.receiver.code
    if (block?.isAsync) given.frame.isAsync = true
    return { code: `Object.fromEntries(${items})`, type: hash }
  },
  tally: method(
    (receiver) =>
      `${receiver}.reduce((counts: Record<string, number>, item: string) => ({ ...counts, [item]: (counts[item] ?? 0) + 1 }), {})`,
    hash,
  ),
  first: (given) => {
    const [count] = given.args()
    const only = onlyElement(given.receiver.code)
    if (!count && only !== undefined) return { code: only, type: elementOf(given) }
    if (count) return { code: `${given.receiver.code}${given.dot}slice(0, ${count.code})`, type: given.receiver.type }
    return { code: given.dot === '?.' ? `${given.receiver.code}?.[0]` : `${given.receiver.code}[0]`, type: itemOf(given) }
  },
  last: (given) => {
    const [count] = given.args()
    return count
      ? { code: `${given.receiver.code}${given.dot}slice(-${count.code})`, type: given.receiver.type }
      : { code: `${given.receiver.code}${given.dot}at(-1)`, type: itemOf(given) }
  },
  second: (given) => ({ code: `${given.receiver.code}[1]`, type: itemOf(given) }),
  third: (given) => ({ code: `${given.receiver.code}[2]`, type: itemOf(given) }),
  take: method((receiver, [count]) => `${receiver}.slice(0, ${count})`),
  drop: method((receiver, [count]) => `${receiver}.slice(${count})`),
  size: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}length`, type: number }),
  length: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}length`, type: number }),
  count: (given) => {
    const [wanted] = given.call.block ? [] : given.args()
    if (wanted) return { code: `${given.receiver.code}.filter((item: unknown) => item === ${wanted.code}).length`, type: number }
    if (!given.call.block && !given.call.arguments_) return { code: `${given.receiver.code}${given.dot}length`, type: number }
    const block = blockOf(given)
    if (!block) return undefined
    const items = block.isAsync ? `(await ${kept(given.receiver, block.code)})` : `${given.receiver.code}.filter(${block.code})`
    if (block.isAsync) given.frame.isAsync = true
    return { code: `${items}.length`, type: number }
  },
  'empty?': ({ receiver, dot }) => ({
    code: dot === '?.' ? `${receiver.code}?.length === 0` : `${receiver.code}.length === 0`,
    type: boolean,
  }),
  'include?': ({ receiver, args, dot, frame }) => {
    const [item] = args()
    if (!item) return undefined
    if (/^(array|hash)$/.test(item.type.kind))
      return {
        code: `${receiver.code}${dot}some((item: unknown) => ${frame.imports.module('{ isDeepStrictEqual }', 'node:util')}(item, ${item.code}))`,
        type: boolean,
      }
    return { code: `${receiver.code}${dot}includes(${sought(receiver, item)})`, type: boolean }
  },
  'exclude?': ({ receiver, args }) => ({ code: `!${receiver.code}.includes(${sought(receiver, args()[0]!)})`, type: boolean }),
  'member?': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${sought(receiver, args()[0]!)})`, type: boolean }),
  index: (given) => {
    const block = blockOf(given)
    if (block?.isAsync) return undefined
    return {
      code: block ? `${given.receiver.code}.findIndex(${block.code})` : `${given.receiver.code}.indexOf(${given.args()[0]?.code ?? ''})`,
      type: number,
    }
  },
  join: ({ receiver, args, dot }) => ({ code: `${receiver.code}${dot}join(${args()[0]?.code ?? "''"})`, type: text }),
  uniq: (given) => {
    if (!given.call.block && /^(array|hash)$/.test(given.receiver.type.element?.kind ?? ''))
      return {
        code: `[...new Map(${given.receiver.code}.map((${itemNamed('item', given.receiver)}) => [JSON.stringify(item), item])).values()]`,
        type: given.receiver.type,
      }
    if (!given.call.block)
      return {
        code: `[...new Set${given.receiver.type.kind === 'array' && !given.receiver.type.isLoose ? '' : '<Untyped>'}(${given.receiver.code})]`,
        type: given.receiver.type,
      }
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `[...new Map(${given.receiver.code}.toReversed().map((${itemNamed('item', given.receiver)}) => [(${block.code})(item), item])).values()].toReversed()`,
          type: given.receiver.type,
        }
      : undefined
  },
  compact: ({ receiver, dot }) => ({
    code: `${receiver.code}${dot}filter((${isWrittenOut(receiver.code) ? 'item' : itemNamed('item', receiver)}) => item != null)`,
    type: withoutNull(receiver.type),
  }),
  compact_blank: ({ receiver, frame }) => ({
    code: `${receiver.code}.filter((${itemNamed('item', receiver)}) => ${frame.imports.framework('isPresent')}(item))`,
    type: receiver.type,
  }),
  flatten: ({ receiver, args }) => ({ code: `${receiver.code}.flat(${args()[0]?.code ?? 'Number.POSITIVE_INFINITY'})`, type: arrayOf() }),
  reverse: ({ receiver }) =>
    receiver.type.kind === 'text'
      ? { code: `[...${receiver.code}].reverse().join('')`, type: text }
      : { code: `${receiver.code}.toReversed()`, type: receiver.type },
  min: extreme('<'),
  max: extreme('>'),
  rotate: ({ receiver, args }) =>
    args().length > 0
      ? undefined
      : { code: `((items) => [...items.slice(1), ...items.slice(0, 1)])(${receiver.code})`, type: receiver.type },
  values_at: method((receiver, args) => `[${args.join(', ')}].map((index) => ${receiver}.at(index))`, arrayOf()),
  take_while: (given) => {
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `(<T>(items: T[], end: number) => (end < 0 ? items : items.slice(0, end)))(${given.receiver.code}, ${given.receiver.code}.findIndex((${itemNamed('item', given.receiver)}) => !(${block.code})(item)))`,
          type: given.receiver.type,
        }
      : undefined
  },
  push: method(pushed, unknown),
  append: method(pushed, unknown),
  unshift: method((receiver, args) => `${receiver}.unshift(${args.join(', ')})`),
  prepend: method((receiver, args) => `${receiver}.unshift(${args.join(', ')})`),
  concat: method((receiver, args) => `${receiver}.push(${args.map((arg) => `...${arg}`).join(', ')})`),
  pop: method((receiver) => `${receiver}.pop()`, unknown),
  shift: method((receiver) => `${receiver}.shift()`, unknown),
  zip: method((receiver, [other]) => `${receiver}.map(<T>(item: T, index: number) => [item, ${other}[index]])`, arrayOf()),
  to_a: ({ receiver }) =>
    receiver.type.kind === 'null'
      ? { code: '[]', type: arrayOf() }
      : {
          code: receiver.type.kind === 'array' ? receiver.code : `[...${receiver.code}]`,
          type: receiver.type.kind === 'array' ? receiver.type : arrayOf(),
        },
  to_set: ({ receiver, call }) =>
    call.block
      ? undefined
      : { code: `new Set(${receiver.code})`, type: setOf(receiver.type.kind === 'array' ? receiver.type.element : unknown) },
  to_sentence: ({ receiver, call, frame }) =>
    argumentsOf(call).pairs.length > 0
      ? connected(receiver, argumentsOf(call).pairs, frame)
      : { code: `new Intl.ListFormat('en').format(${receiver.code}.map(String))`, type: text },
  sample: sampled,
  pluck: (given) => {
    const keys = given.args().map(({ code }) => `item[${code}]`)
    return {
      code: `${given.receiver.code}.map((item: Untyped) => ${keys.length === 1 ? keys[0] : `[${keys.join(', ')}]`})`,
      type: arrayOf(),
    }
  },
  'many?': method((receiver) => `${receiver}.length > 1`, boolean),
  excluding: method((receiver, args) => `${receiver}.filter((item: Untyped) => ![${args.join(', ')}].includes(item))`),
  without: method((receiver, args) => `${receiver}.filter((item: Untyped) => ![${args.join(', ')}].includes(item))`),
  delete: method(
    (receiver, [item]) => `${receiver}.splice(0, ${receiver}.length, ...${receiver}.filter((each: unknown) => each !== ${item}))`,
  ),
  merge: ({ receiver, call, frame, args }) => {
    if (call.block || receiver.type.kind === 'array') return undefined
    const { pairs } = argumentsOf(call)
    const others = [...args().map(({ code }) => `...${code}`), ...(pairs.length > 0 ? [hashCode(pairs, frame).slice(1, -1).trim()] : [])]
    return { code: `{ ...${receiver.code}, ${others.join(', ')} }`, type: hash }
  },
}

/** Adds up numbers; one that may be null is one for which Ruby would raise. */
function added({ kind, isNullable }: ValueType = unknown): string {
  const item = kind !== 'number' ? 'item: Untyped' : isNullable ? 'item: number | null' : 'item: number'
  return `.reduce((sum: number, ${item}) => sum + item${kind === 'number' && isNullable ? '!' : ''}, 0)`
}

/** A list that is written out: the compiler knows what is in it. */
function isWrittenOut(code: string): boolean {
  return /^\[[^[\]]*\]$/.test(code)
}

/** What is looked for in a list without nil may be nil all the same: it isn't there. */
export function sought(list: Expression, item: Expression): string {
  return isInferred(list.type) && !list.type.element?.isNullable ? present(item).code : item.code
}

/** Adds to a list that has a name; one that has none is written anew, since its methods are asked what they answer. */
export function pushed(list: string, items: readonly string[]): string {
  const before = /^([\w$.]+)\.push\((.*)\)$/s.exec(list)
  if (before) return `${before[1]}.push(${[before[2], ...items].join(', ')})`
  return /^[\w$.!]+$/.test(list) ? `${list}.push(${items.join(', ')})` : `[...${list}, ${items.join(', ')}]`
}

/** What waits for each item before the next: the list is the answer. */
function eachInTurn({ receiver }: ValueCall, block: string): Expression {
  const code = `(async (items) => { for (const item of items) await (${block})(item); return items })(${receiver.code})`
  return { code, type: receiver.type, pending: true }
}
