import { type BlockNode, is, type RubyNode } from '../../nodes.ts'
import { blockFunction, type FunctionCode, parameterCount } from '../calls/functions.ts'
import type { ValueCall, ValueMethod } from './value_methods.ts'
import type { Frame } from '../frame.ts'
import { arrayOf, elementType, type Expression, isInferred, typeText, unknown, type ValueType } from '../value_types.ts'

export const elementOf = ({ receiver }: ValueCall): ValueType => elementType(receiver.type)

/** One item of a list, which it may not have. */
export const itemOf = ({ receiver }: ValueCall): ValueType => {
  const type = elementType(receiver.type)
  return isInferred(receiver.type) ? { ...type, isNullable: true } : type
}

/** A method whose block may await: `wait` says what becomes of it then. */
export function withBlock(
  name: string,
  type: (given: ValueCall, block: FunctionCode) => ValueType,
  wait?: (receiver: Expression, block: string) => string,
): ValueMethod {
  return (given) => {
    const block = blockOf(given)
    if (!block) return undefined
    if (!block.isAsync) return { code: `${given.receiver.code}${given.dot}${name}(${block.code})`, type: type(given, block) }
    return wait && { code: wait(given.receiver, block.code), type: type(given, block), pending: true }
  }
}

export function blockOf(given: ValueCall, types: readonly ValueType[] = [elementOf(given)]): FunctionCode | undefined {
  const count = is(given.call.block as RubyNode | null, 'BlockNode') ? parameterCount(given.call.block as BlockNode) : 1
  const [only] = types
  const apart = types.length === 1 && count > 1 ? Array.from({ length: count }, () => only?.element ?? unknown) : types
  const block = given.call.block ? blockFunction(given.call, given.frame, apart) : undefined
  return block && types.length === 1 ? taking(block) : block
}

/** A block with several parameters takes a list apart. */
export function taking(block: FunctionCode): FunctionCode {
  const names = block.parameters.split(/, (?![^[]*\])/)
  if (names.length < 2 || /^[.{]/.test(names[0]!)) return block
  const parameters = `[${names.map((name) => name.replace(/:.*$/s, '')).join(', ')}]: Untyped`
  return { ...block, parameters, code: block.code.replace(`(${block.parameters}) =>`, `(${parameters}) =>`) }
}

/** Blocks that only read may run at once; those that write run one after the other, as in Ruby. */
export const writing =
  /\b(create|save|update|destroy|delete|findOrCreate|insert|upsert|touch|increment|decrement|perform|deliver|replace|push|transaction|lock)\w*\(/i
export const mappedAll = (receiver: Expression, block: string): string =>
  writing.test(block)
    ? `${receiver.code}.reduce(async (done: Promise<Untyped[]>, ${itemNamed('each', receiver)}) => [...(await done), await (${block})(each)], Promise.resolve([]))`
    : `Promise.all(${receiver.code}.map(${block}))`
/** Keeps the items for which a promise holds. */
export const kept = (receiver: Expression, block: string, not = ''): string =>
  `Promise.all(${receiver.code}.map(async (${itemNamed('item', receiver)}) => [item, await (${block})(item)] as const)).then((${isInferred(receiver.type) ? 'pairs' : 'pairs: Untyped[]'}) => pairs.filter(([, keep]) => ${not}keep).map(([item]) => item))`

export const same = (given: ValueCall): ValueType => given.receiver.type
export const itemsOf = (_given: ValueCall, block: FunctionCode): ValueType => arrayOf(block.returns)

/** A parameter of a function that is written over the items of a list: the compiler infers its type where it knows the list's. */
export function itemNamed(name: string, list: Expression, otherwise = 'Untyped'): string {
  return isInferred(list.type) ? name : `${name}: ${otherwise}`
}

/** Leaves out what `filter_map` does: nil and false. */
export function withoutMissing(list: Expression, block: FunctionCode): string {
  const { kind, isLoose } = block.returns
  if (isInferred(list.type) && kind !== 'unknown' && kind !== 'boolean' && !isLoose) return '(item) => item != null'
  return '(item: unknown) => item != null && item !== false'
}

/** The type of what a fold adds to. */
export function memoType({ code, type }: Expression, frame: Frame): string {
  return code === '[]' ? 'Untyped[]' : typeText(type, frame.typeName)
}
