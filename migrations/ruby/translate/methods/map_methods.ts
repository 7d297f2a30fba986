import { argumentsOf, type CallNode } from '../../nodes.ts'
import { arrayMethods } from './array_methods.ts'
import { hashMethods } from './hash_methods.ts'
import type { ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, type Expression, hash, number, unknown, type ValueType } from '../value_types.ts'

/** What calculations answer by group. */
export function mapOf(element: ValueType): ValueType {
  return { kind: 'map', element }
}

/** A map as an object, where an object has to stand. */
export function asHash(given: Expression): Expression {
  return given.type.kind === 'map' ? { ...given, code: `Object.fromEntries(${given.code})`, type: hash } : given
}

/** A map as what knows a method that maps have not: the list of its pairs, or an object. */
export function insteadOfMap(call: CallNode, receiver: Expression): Expression {
  const isListed = call.block && Object.hasOwn(arrayMethods, call.name) && !/^(select|filter|reject|any\?|delete)$/.test(call.name)
  const isHash = Object.hasOwn(hashMethods, call.name) && !/^(map|flat_map)$/.test(call.name)
  return isListed || !isHash ? { code: `[...${receiver.code}]`, type: arrayOf(arrayOf()) } : asHash(receiver)
}

const has: ValueMethod = ({ receiver, args, dot }) => {
  const [key] = args()
  return key && { code: `${receiver.code}${dot}has(${key.code})`, type: boolean }
}

const read: ValueMethod = ({ receiver, args, dot }) => {
  const [key, ...more] = args()
  const value = { ...(receiver.type.element ?? unknown), isNullable: true, isOptional: true }
  return key && more.length === 0 ? { code: `${receiver.code}${dot}get(${key.code})`, type: value } : undefined
}

const size: ValueMethod = ({ receiver, dot }) => ({ code: `${receiver.code}${dot}size`, type: number })

/** Ruby's methods of hashes that maps have; what is not here is asked of the list of the pairs, or of an object. */
export const mapMethods: ValueMethods = {
  '[]': read,
  dig: read,
  fetch: ({ receiver, args, call }) => {
    const [key, otherwise] = args()
    if (!key || call.block) return undefined
    const code = `${receiver.code}.get(${key.code})`
    const type = receiver.type.element ?? unknown
    return otherwise ? { code: `(${code} ?? ${otherwise.code})`, type } : { code: `${code}!`, type }
  },
  'key?': has,
  'has_key?': has,
  'include?': has,
  'member?': has,
  size,
  length: size,
  count: (given) => (given.call.block || argumentsOf(given.call).positional.length > 0 ? undefined : size(given)),
  'empty?': ({ receiver, dot }) => ({ code: `${receiver.code}${dot}size === 0`, type: boolean }),
  'any?': ({ receiver, dot, call }) => (call.block ? undefined : { code: `${receiver.code}${dot}size > 0`, type: boolean }),
  keys: ({ receiver }) => ({ code: `[...${receiver.code}.keys()]`, type: arrayOf() }),
  values: ({ receiver }) => ({ code: `[...${receiver.code}.values()]`, type: arrayOf(receiver.type.element) }),
  to_a: ({ receiver }) => ({ code: `[...${receiver.code}]`, type: arrayOf(arrayOf()) }),
  to_h: ({ receiver, call }) => (call.block ? undefined : receiver),
}
