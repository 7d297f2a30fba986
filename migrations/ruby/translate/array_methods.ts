import { argumentsOf, type CallNode, is, type RubyNode } from '../nodes.ts'
import { hashCode } from './expressions.ts'
import { blockFunction, type FunctionCode } from './functions.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, elementType, type Expression, hash, number, text, unknown, type ValueType } from './value_types.ts'

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

const elementOf = ({ receiver }: ValueCall): ValueType => elementType(receiver.type)

/** A method whose block may await: `wait` says what becomes of it then. */
function withBlock(
  name: string,
  type: (given: ValueCall, block: FunctionCode) => ValueType,
  wait?: (receiver: string, block: string) => string,
): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    if (!block.isAsync) return { code: `${given.receiver.code}${given.dot}${name}(${block.code})`, type: type(given, block) }
    return wait && { code: wait(given.receiver.code, block.code), type: type(given, block), pending: true }
  }
}

function blockOf(given: ValueCall, types: readonly ValueType[] = [elementOf(given)]): FunctionCode | undefined {
  return given.call.block ? blockFunction(given.call, given.frame, types) : undefined
}

/** Blocks that only read may run at once; those that write run one after the other, as in Ruby. */
const writing =
  /\b(create|save|update|destroy|delete|findOrCreate|insert|upsert|touch|increment|decrement|perform|deliver|replace|push|transaction|lock)\w*\(/i
const mappedAll = (receiver: string, block: string): string =>
  writing.test(block)
    ? `${receiver}.reduce(async (done: Promise<any[]>, each: any) => [...(await done), await (${block})(each)], Promise.resolve([] as any[]))`
    : `Promise.all(${receiver}.map(${block}))`
/** Keeps the items for which a promise holds. */
const kept = (receiver: string, block: string, not = ''): string =>
  `Promise.all(${receiver}.map(async (item: any) => [item, await (${block})(item)] as const)).then((pairs) => pairs.filter(([, keep]) => ${not}keep).map(([item]) => item))`

const same = (given: ValueCall): ValueType => given.receiver.type
const element = (given: ValueCall): ValueType => elementOf(given)
const itemsOf = (_given: ValueCall, block: FunctionCode): ValueType => arrayOf(block.returns)

const map = withBlock('map', itemsOf, mappedAll)
const select = withBlock('filter', same, (receiver, block) => kept(receiver, block))
const find = withBlock('find', element, (receiver, block) => `${kept(receiver, block)}.then(([first]) => first)`)

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
  detect: find,
  reject: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    const parameters = block.parameters.replace(/: [^,]+(?=,|$)/g, '')
    if (block.isAsync) return { code: kept(given.receiver.code, block.code, '!'), type: given.receiver.type, pending: true }
    return {
      code: `${given.receiver.code}${given.dot}filter((${block.parameters || 'item: any'}) => !(${block.code})(${parameters || 'item'}))`,
      type: given.receiver.type,
    }
  },
  'any?': (given) => {
    if (!given.call.block && !given.call.arguments_) return { code: `${given.receiver.code}.length > 0`, type: boolean }
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
    if (!given.call.block) return { code: `${given.receiver.code}.length === 0`, type: boolean }
    const some = withBlock('some', () => boolean)(given)
    return some && { ...some, code: `!${some.code}` }
  },
  filter_map: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    const type = arrayOf(block.returns)
    if (block.isAsync)
      return {
        code: `${mappedAll(given.receiver.code, block.code)}.then((items) => items.filter((item) => item != null && (item as unknown) !== false))`,
        type,
        pending: true,
      }
    return { code: `${given.receiver.code}.map(${block.code}).filter((item: any) => item != null && item !== false)`, type }
  },
  each: (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    if (block.isAsync) return undefined
    return { code: `${given.receiver.code}${given.dot}forEach(${block.code})`, type: given.receiver.type }
  },
  each_with_index: (given) => {
    const block = blockOf(given, [elementOf(given), number])
    return block && !block.isAsync ? { code: `${given.receiver.code}.forEach(${block.code})`, type: given.receiver.type } : undefined
  },
  each_with_object: (given) => {
    const [initial] = given.args()
    const block = blockOf(given, [elementOf(given), initial?.type ?? unknown])
    if (!block || !initial || block.isAsync) return undefined
    const names = block.parameters.split(/, (?![^[]*\])/)
    const memo = names[1]?.replace(/:.*$/s, '') ?? 'memo'
    const body = block.body.replace(/^return (?=[^\n]*$)/m, '')
    return {
      code: `${given.receiver.code}.reduce((${memo}: any, ${names[0]}) => {\n${body}\nreturn ${memo}\n}, ${initial.code})`,
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
        : { code: `${given.receiver.code}.reduce((sum: number, item: number) => sum + item, 0)`, type: number }
    const items = block.isAsync ? `(await ${mappedAll(given.receiver.code, block.code)})` : `${given.receiver.code}.map(${block.code})`
    if (block.isAsync) given.frame.isAsync = true
    return { code: `${items}.reduce((sum: number, item: number) => sum + item, 0)`, type: number }
  },
  sort: (given) => {
    const block = blockOf(given)
    if (given.call.block && (!block || block.isAsync)) return undefined
    return { code: `${given.receiver.code}.toSorted(${block?.code ?? ''})`, type: given.receiver.type }
  },
  sort_by: sortedBy,
  min_by: extremeBy('<'),
  max_by: extremeBy('>'),
  group_by: (given) => {
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `${given.receiver.code}.reduce((groups: any, item: any) => ({ ...groups, [(${block.code})(item)]: [...(groups[(${block.code})(item)] ?? []), item] }), {})`,
          type: hash,
        }
      : undefined
  },
  index_by: keyed((block) => `Object.fromEntries(ITEMS.map((item: any) => [(${block})(item), item]))`),
  index_with: (given) => {
    const [all] = given.args()
    if (all) return { code: `Object.fromEntries(${given.receiver.code}.map((item: any) => [item, ${all.code}]))`, type: hash }
    return indexed(given)
  },
  partition: (given) => {
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `[${given.receiver.code}.filter(${block.code}), ${given.receiver.code}.filter((item: any) => !(${block.code})(item))]`,
          type: arrayOf(given.receiver.type),
        }
      : undefined
  },
  to_h: (given) => {
    const block = blockOf(given)
    if (given.call.block && !block) return undefined
    const items = block
      ? block.isAsync
        ? `(await ${mappedAll(given.receiver.code, block.code)})`
        : `${given.receiver.code}.map(${block.code})`
      : given.receiver.code
    if (block?.isAsync) given.frame.isAsync = true
    return { code: `Object.fromEntries(${items})`, type: hash }
  },
  tally: method((receiver) => `${receiver}.reduce((counts: any, item: any) => ({ ...counts, [item]: (counts[item] ?? 0) + 1 }), {})`, hash),
  first: (given) => {
    const [count] = given.args()
    const only = onlyElement(given.receiver.code)
    if (!count && only !== undefined) return { code: only, type: elementOf(given) }
    if (count) return { code: `${given.receiver.code}${given.dot}slice(0, ${count.code})`, type: given.receiver.type }
    return { code: given.dot === '?.' ? `${given.receiver.code}?.[0]` : `${given.receiver.code}[0]`, type: elementOf(given) }
  },
  last: (given) => {
    const [count] = given.args()
    return count
      ? { code: `${given.receiver.code}${given.dot}slice(-${count.code})`, type: given.receiver.type }
      : { code: `${given.receiver.code}${given.dot}at(-1)`, type: elementOf(given) }
  },
  second: ({ receiver }) => ({ code: `${receiver.code}[1]`, type: receiver.type.element ?? unknown }),
  third: ({ receiver }) => ({ code: `${receiver.code}[2]`, type: receiver.type.element ?? unknown }),
  take: method((receiver, [count]) => `${receiver}.slice(0, ${count})`),
  drop: method((receiver, [count]) => `${receiver}.slice(${count})`),
  size: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}length`, type: number }),
  length: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}length`, type: number }),
  count: (given) => {
    if (!given.call.block && !given.call.arguments_) return { code: `${given.receiver.code}${given.dot}length`, type: number }
    const block = blockOf(given)
    if (!block) return undefined
    const items = block.isAsync ? `(await ${kept(given.receiver.code, block.code)})` : `${given.receiver.code}.filter(${block.code})`
    if (block.isAsync) given.frame.isAsync = true
    return { code: `${items}.length`, type: number }
  },
  'empty?': ({ receiver, dot }) => ({
    code: dot === '?.' ? `${receiver.code}?.length === 0` : `${receiver.code}.length === 0`,
    type: boolean,
  }),
  'include?': ({ receiver, args, dot }) => ({ code: `${receiver.code}${dot}includes(${args()[0]!.code})`, type: boolean }),
  'exclude?': ({ receiver, args }) => ({ code: `!${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
  'member?': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
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
    if (!given.call.block) return { code: `[...new Set(${given.receiver.code})]`, type: given.receiver.type }
    const block = blockOf(given)
    return block && !block.isAsync
      ? {
          code: `[...new Map(${given.receiver.code}.map((item: any) => [(${block.code})(item), item])).values()]`,
          type: given.receiver.type,
        }
      : undefined
  },
  compact: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}filter((item: any) => item != null)`, type: receiver.type }),
  compact_blank: ({ receiver, frame }) => ({
    code: `${receiver.code}.filter((item: any) => ${frame.imports.framework('isPresent')}(item))`,
    type: receiver.type,
  }),
  flatten: ({ receiver }) => ({ code: `${receiver.code}.flat(Number.POSITIVE_INFINITY)`, type: arrayOf() }),
  reverse: ({ receiver }) =>
    receiver.type.kind === 'text'
      ? { code: `[...${receiver.code}].reverse().join('')`, type: text }
      : { code: `${receiver.code}.toReversed()`, type: receiver.type },
  min: method((receiver) => `${receiver}.reduce((least: any, item: any) => (item < least ? item : least))`, unknown),
  max: method((receiver) => `${receiver}.reduce((most: any, item: any) => (item > most ? item : most))`, unknown),
  push: method((receiver, args) => `${receiver}.push(${args.join(', ')})`),
  append: method((receiver, args) => `${receiver}.push(${args.join(', ')})`),
  unshift: method((receiver, args) => `${receiver}.unshift(${args.join(', ')})`),
  prepend: method((receiver, args) => `${receiver}.unshift(${args.join(', ')})`),
  concat: method((receiver, args) => `${receiver}.push(${args.map((arg) => `...${arg}`).join(', ')})`),
  pop: method((receiver) => `${receiver}.pop()`, unknown),
  shift: method((receiver) => `${receiver}.shift()`, unknown),
  zip: method((receiver, [other]) => `${receiver}.map((item: any, index: number) => [item, ${other}[index]])`, arrayOf()),
  to_a: ({ receiver }) => ({
    code: receiver.type.kind === 'array' ? receiver.code : `[...${receiver.code}]`,
    type: receiver.type.kind === 'array' ? receiver.type : arrayOf(),
  }),
  to_set: ({ receiver }) => ({ code: `new Set(${receiver.code})`, type: unknown }),
  to_sentence: ({ receiver, call }) =>
    argumentsOf(call).pairs.length > 0 ? undefined : { code: `new Intl.ListFormat('en').format(${receiver.code})`, type: text },
  sample: method((receiver) => `${receiver}[Math.floor(Math.random() * ${receiver}.length)]`, unknown),
  pluck: (given) => ({ code: `${given.receiver.code}.map((item: any) => item[${given.args()[0]?.code}])`, type: arrayOf() }),
  'many?': method((receiver) => `${receiver}.length > 1`, boolean),
  excluding: method((receiver, args) => `${receiver}.filter((item: any) => ![${args.join(', ')}].includes(item))`),
  without: method((receiver, args) => `${receiver}.filter((item: any) => ![${args.join(', ')}].includes(item))`),
  delete: method((receiver, [item]) => `${receiver}.splice(0, ${receiver}.length, ...${receiver}.filter((each: any) => each !== ${item}))`),
  merge: ({ receiver, call, frame, args }) => {
    if (call.block || receiver.type.kind === 'array') return undefined
    const { pairs } = argumentsOf(call)
    const others = [...args().map(({ code }) => `...${code}`), ...(pairs.length > 0 ? [hashCode(pairs, frame).slice(1, -1).trim()] : [])]
    return { code: `{ ...${receiver.code}, ${others.join(', ')} }`, type: hash }
  },
}

/** The element of a literal array that has one. */
function onlyElement(code: string): string | undefined {
  return /^\[(jwt\.verify\([^\n]*\) as jwt\.JwtPayload)\]$/.exec(code)?.[1]?.replace(/^.*$/s, '($&)')
}

function slices(given: ValueCall): Expression | undefined {
  return given.call.block
    ? undefined
    : {
        code: `Array.from({ length: Math.ceil(${given.receiver.code}.length / ${given.args()[0]!.code}) }, (_, index) => ${given.receiver.code}.slice(index * ${given.args()[0]!.code}, (index + 1) * ${given.args()[0]!.code}))`,
        type: arrayOf(given.receiver.type),
      }
}

function reduced(given: ValueCall): Expression | undefined {
  const [first] = argumentsOf(given.call).positional
  const operator = symbolOperator(given.call)
  if (operator !== undefined)
    return { code: `${given.receiver.code}.reduce((left: any, right: any) => left ${operator} right)`, type: unknown }
  const block = blockOf(given, [unknown, elementOf(given)])
  if (!block || block.isAsync) return undefined
  const initial = first ? given.args()[0] : undefined
  return {
    code: `${given.receiver.code}.reduce(${[block.code, ...(initial ? [initial.code] : [])].join(', ')})`,
    type: initial?.type ?? unknown,
  }
}

function symbolOperator(call: CallNode): string | undefined {
  const given = call.block as RubyNode | null
  const symbol = is(given, 'BlockArgumentNode') ? (given.expression as RubyNode | null) : argumentsOf(call).positional[0]
  return is(symbol, 'SymbolNode') && /^[+*|&]$/.test(symbol.unescaped.value) ? symbol.unescaped.value : undefined
}

function sortedBy(given: ValueCall): Expression | undefined {
  const block = blockOf(given)
  if (!block) return undefined
  const compare = '(left: any, right: any) => (left[0] < right[0] ? -1 : Number(left[0] > right[0]))'
  if (block.isAsync) {
    given.frame.isAsync = true
    return {
      code: `(await ${mappedAll(given.receiver.code, `async (item: any) => [await (${block.code})(item), item] as const`)}).sort(${compare}).map(([, item]: any) => item)`,
      type: given.receiver.type,
    }
  }
  return {
    code: `${given.receiver.code}.map((item: any) => [(${block.code})(item), item]).sort(${compare}).map(([, item]: any) => item)`,
    type: given.receiver.type,
  }
}

function extremeBy(operator: string): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    if (!block || block.isAsync) return undefined
    return {
      code: `${given.receiver.code}.reduce((best: any, item: any) => (best == null || (${block.code})(item) ${operator} (${block.code})(best) ? item : best), null)`,
      type: elementOf(given),
    }
  }
}

/** `index_with` with a block: what it answers for each item. */
function indexed(given: ValueCall): Expression | undefined {
  return keyed((block) => `Object.fromEntries(ITEMS.map((item: any) => [item, (${block})(item)]))`)(given)
}

function keyed(write: (block: string) => string): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    return block && !block.isAsync ? { code: write(block.code).replace('ITEMS', given.receiver.code), type: hash } : undefined
  }
}
