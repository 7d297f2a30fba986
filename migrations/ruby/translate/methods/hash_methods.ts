import { argumentsOf, is, type RubyNode } from '../../nodes.ts'
import { hashCode, value } from '../expressions/expressions.ts'
import { blockFunction } from '../calls/functions.ts'
import { asHash } from './map_methods.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, type Expression, hash, number, text, unknown } from '../value_types.ts'

const spread = (code: string): string => (code.startsWith('{') ? code.slice(1, -1).trim() : `...${code}`)

/** Ruby's methods of hashes; hashes are plain objects here. */
export const hashMethods: ValueMethods = {
  keys: ({ receiver }) => ({ code: `Object.keys(${receiver.code})`, type: arrayOf(text) }),
  values: ({ receiver }) => ({ code: `Object.values<Untyped>(${receiver.code})`, type: arrayOf() }),
  to_a: ({ receiver }) => ({ code: `Object.entries(${receiver.code})`, type: arrayOf(arrayOf()) }),
  to_h: (given) => (given.call.block ? undefined : given.receiver.type.kind === 'hash' ? given.receiver : undefined),
  to_hash: ({ receiver }) => receiver,
  'key?': has,
  'has_key?': has,
  'include?': (given) => (given.receiver.type.kind === 'hash' ? has(given) : undefined),
  'member?': has,
  'value?': hasValue,
  'has_value?': hasValue,
  'empty?': ({ receiver }) =>
    receiver.type.kind === 'hash' ? { code: `Object.keys(${receiver.code}).length === 0`, type: boolean } : undefined,
  size: sizeOf,
  count: (given) => (given.call.block ? undefined : sizeOf(given)),
  length: sizeOf,
  merge: ({ receiver, call, frame, args }) => {
    if (call.block) return undefined
    const { pairs } = argumentsOf(call)
    const others = args().map((each) => spread(asHash(each).code))
    if (pairs.length > 0) others.push(spread(hashCode(pairs, frame)))
    return { code: `{ ${[spread(receiver.code), ...others].filter((part) => part !== '').join(', ')} }`, type: hash }
  },
  'merge!': assigned,
  update: (given) => (given.receiver.type.kind === 'hash' ? assigned(given) : undefined),
  reverse_merge: ({ receiver, call, frame, args }) => {
    const { pairs } = argumentsOf(call)
    const others = [...args().map(({ code }) => spread(code)), ...(pairs.length > 0 ? [spread(hashCode(pairs, frame))] : [])]
    return { code: `{ ${[...others, spread(receiver.code)].filter((part) => part !== '').join(', ')} }`, type: hash }
  },
  dig: ({ receiver, args }) => ({
    code: `${receiver.code}${args()
      .map(({ code }) => {
        const name = /^'([A-Za-z_$][\w$]*)'$/.exec(code)?.[1]
        return name === undefined ? `?.[${code}]` : `?.${name}`
      })
      .join('')}`,
    type: unknown,
  }),
  fetch: ({ receiver, args, call, frame }) => {
    const [key, fallback] = args()
    if (!key) return undefined
    const holder = receiver.type.kind === 'hash' ? `(${receiver.code} as Record<string, Untyped>)` : receiver.code
    const read = `${holder}[${keyCode(key)}]`
    if (fallback && /^[\w.$() ,<>]+$/.test(receiver.code))
      return { code: `(Object.hasOwn(${receiver.code}, ${keyCode(key)}) ? ${read} : ${fallback.code})`, type: unknown }
    if (fallback) return { code: `(${read} ?? ${fallback.code})`, type: unknown }
    const block = call.block ? blockFunction(call, frame) : undefined
    return {
      code: block ? `(${read} ?? (${block.code})(${block.parameters === '' ? '' : key.code}))` : read,
      type: unknown,
      ...(block?.isAsync ? { pending: true } : {}),
    }
  },
  slice: ({ receiver, args }) =>
    receiver.type.kind === 'array' || receiver.type.kind === 'text'
      ? undefined
      : { code: `Object.fromEntries(Object.entries(${receiver.code}).filter(([key]) => [${keyList(args())}].includes(key)))`, type: hash },
  except: ({ receiver, args }) => ({
    code: `Object.fromEntries(Object.entries(${receiver.code}).filter(([key]) => ![${keyList(args())}].includes(key)))`,
    type: hash,
  }),
  delete: ({ receiver, args, call }) =>
    (receiver.type.kind === 'hash' || is(argumentsOf(call).positional[0], 'SymbolNode')) && !call.block
      ? {
          code: `((all: Record<string, Untyped>, key: string) => { const held = all[key]; delete all[key]; return held ?? null })(${receiver.code}, ${args()[0]!.code})`,
          type: unknown,
        }
      : undefined,
  values_at: (given) => ({
    code: `[${argumentsOf(given.call)
      .positional.map((each) =>
        is(each, 'SplatNode') ? `...${value(each.expression as RubyNode, given.frame).code}` : value(each, given.frame).code,
      )
      .join(', ')}].map((key) => ${given.receiver.code}[key])`,
    type: arrayOf(),
  }),
  transform_values: mapped((pair) => `[key, ${pair}(value)]`),
  transform_keys: mapped((pair) => `[${pair}(key), value]`),
  deep_merge: () => undefined,
  select: filtered(''),
  filter: filtered(''),
  reject: filtered('!'),
  compact: ({ receiver }) =>
    receiver.type.kind === 'hash'
      ? { code: `Object.fromEntries(Object.entries(${receiver.code}).filter(([, value]) => value != null))`, type: hash }
      : undefined,
  compact_blank: ({ receiver, frame }) =>
    receiver.type.kind === 'hash'
      ? {
          code: `Object.fromEntries(Object.entries(${receiver.code}).filter(([, value]) => ${frame.imports.framework('isPresent')}(value)))`,
          type: hash,
        }
      : undefined,
  invert: ({ receiver }) => ({
    code: `Object.fromEntries(Object.entries(${receiver.code}).map(([key, value]) => [value, key]))`,
    type: hash,
  }),
  key: ({ receiver, args, call }) =>
    call.arguments_
      ? { code: `Object.entries(${receiver.code}).find(([, value]) => value === ${args()[0]!.code})?.[0]`, type: text }
      : undefined,
  map: entries('map'),
  collect: entries('map'),
  flat_map: entries('flatMap'),
  'any?': entries('some', boolean),
  'all?': entries('every', boolean),
  sort_by: () => undefined,
  sort: inOrderOfKeys,
}

/** The pairs of a hash in the order of its keys, of which no two are the same. */
function inOrderOfKeys({ receiver, call }: ValueCall): Expression | undefined {
  if (call.block) return undefined
  const inOrder = '([left], [right]) => (left < right ? -1 : Number(left > right))'
  return { code: `Object.entries<Untyped>(${receiver.code}).toSorted(${inOrder})`, type: arrayOf(arrayOf()) }
}

function keyList(args: readonly Expression[]): string {
  return args.map(({ code }) => code).join(', ')
}

function has({ receiver, args }: ValueCall): Expression | undefined {
  const [key] = args()
  return key && { code: `Object.hasOwn(${receiver.code}, ${keyCode(key)})`, type: boolean }
}

/** A key as objects have it: a text, whatever Ruby has for one. */
export function keyCode({ code, type }: Expression): string {
  return type.isBig || type.isNullable || /^(time|date|boolean)$/.test(type.kind) ? `String(${code})` : code
}

function sizeOf({ receiver }: ValueCall): Expression | undefined {
  return receiver.type.kind === 'hash' ? { code: `Object.keys(${receiver.code}).length`, type: number } : undefined
}

function assigned({ receiver, call, frame, args }: ValueCall): Expression | undefined {
  if (call.block) return undefined
  const { pairs } = argumentsOf(call)
  const others = [...args().map(({ code }) => code), ...(pairs.length > 0 ? [hashCode(pairs, frame)] : [])]
  return { code: `Object.assign(${[receiver.code, ...others].join(', ')})`, type: hash }
}

function mapped(pair: (work: string) => string): ValueMethod {
  return ({ receiver, call, frame }) => {
    const block = blockFunction(call, frame)
    if (!block || block.isAsync) return undefined
    return {
      code: `Object.fromEntries(Object.entries<Untyped>(${receiver.code}).map(([key, value]) => ${pair(`(${block.code})`)}))`,
      type: hash,
    }
  }
}

function filtered(negation: string): ValueMethod {
  return ({ receiver, call, frame }) => {
    if (receiver.type.kind !== 'hash') return undefined
    const block = blockFunction(call, frame)
    if (!block || block.isAsync) return undefined
    return {
      code: `Object.fromEntries(Object.entries<Untyped>(${receiver.code}).filter(([key, value]) => ${negation}(${block.code})(key, value)))`,
      type: hash,
    }
  }
}

function entries(name: string, type: Expression['type'] = arrayOf()): ValueMethod {
  return ({ receiver, call, frame }) => {
    if (receiver.type.kind !== 'hash' || !call.block || is(call.block as RubyNode, 'BlockArgumentNode')) return undefined
    const block = blockFunction(call, frame)
    if (!block) return undefined
    const code = `Object.entries<Untyped>(${receiver.code}).${name}(${block.isAsync ? 'async ' : ''}([key, value]) => (${block.code})(key, value))`
    if (block.isAsync && name !== 'map') return undefined
    return block.isAsync ? { code: `Promise.all(${code})`, type, pending: true } : { code, type }
  }
}

function hasValue({ receiver, args }: ValueCall): Expression | undefined {
  const [wanted] = args()
  return wanted && { code: `Object.values<Untyped>(${receiver.code}).includes(${wanted.code})`, type: boolean }
}
