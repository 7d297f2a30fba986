import { isDeepStrictEqual } from 'node:util'
import { Range } from '../../../../src/model/index.ts'
import type { Block } from './evaluator.ts'
import { isModel, isRecord, isRelation } from './members.ts'

/** A method of Ruby's own classes: of arrays, hashes, texts and numbers, and what every object has. */
export async function ruby(receiver: unknown, method: string, args: readonly unknown[], block: Block | undefined): Promise<unknown> {
  const value = isRelation(receiver)
    ? await receiver
    : isModel(receiver) && block !== undefined
      ? await (receiver as unknown as { all(): PromiseLike<unknown[]> }).all()
      : receiver
  const [first] = args
  switch (method) {
    case 'nil?':
      return value === null
    case 'class':
      return isRecord(value) ? value.constructor : { $class: (value as object).constructor.name }
    case 'name':
      return (value as { name: string }).name
    case '==':
      return isRecord(value) ? value.equals(first) : isDeepStrictEqual(value, first)
    case 'frozen?':
      return isRecord(value) ? value.isDestroyed() : Object.isFrozen(value)
    case 'to_json':
      return JSON.stringify(value)
    case 'hash':
      return isRecord(value) ? `${value.constructor.name} ${String(value.toParam())}` : JSON.stringify(value)
    case 'clone':
      return value
    case 'to_i':
      return value === null ? 0 : Math.trunc(Number(value))
    case 'to_s':
      return String(value)
    case '>':
      return (value as number) > (first as number)
    case '+':
      return Array.isArray(value) ? [...value, ...(first as unknown[])] : (value as number) + (first as number)
    case '-@':
      return -(value as number)
    case 'value':
      return value
  }
  if (Array.isArray(value)) return ofArray(value, method, args, block)
  if (value instanceof Map) return ofMap(value, method, args)
  if (typeof value === 'object' && value !== null) return ofHash(value as Record<string, unknown>, method, args)
  throw new TypeError(`${method} of ${String(value)} isn't played`)
}

async function ofArray(array: unknown[], method: string, args: readonly unknown[], block: Block | undefined): Promise<unknown> {
  const [first] = args
  switch (method) {
    case 'map':
      return Promise.all(await mapped(array, block!))
    case 'to_a':
      return array
    case 'size':
    case 'length':
      return array.length
    case 'first':
      return first === undefined ? (array[0] ?? null) : array.slice(0, first as number)
    case 'last':
      return first === undefined ? (array.at(-1) ?? null) : array.slice(-(first as number))
    case '<<':
      array.push(first)
      return array
    case '[]':
      return element(array, first)
    case 'sort':
      return [...array].sort((a, b) => ((a as number) < (b as number) ? -1 : 1))
    case 'include?':
      return array.some((each) => (isRecord(each) ? each.equals(first) : isDeepStrictEqual(each, first)))
    case 'sum':
      return (await mapped(array, block!)).reduce((sum: number, each) => sum + Number(each), 0)
    case 'count':
      return (await mapped(array, block!)).filter((each) => each === true).length
    case 'select':
      return selected(array, block!)
    case 'find':
      return (await selected(array, block!))[0] ?? null
    case 'any?':
      return array.length > 0
    case 'empty?':
      return array.length === 0
  }
  throw new TypeError(`${method} of an array isn't played`)
}

async function mapped(array: readonly unknown[], block: Block): Promise<unknown[]> {
  const results: unknown[] = []
  for (const each of array) results.push(await block(each))
  return results
}

async function selected(array: readonly unknown[], block: Block): Promise<unknown[]> {
  const answers = await mapped(array, block)
  return array.filter((_, place) => answers[place] === true)
}

function element(array: readonly unknown[], place: unknown): unknown {
  if (place instanceof Range)
    return array.slice(Number(place.begin ?? 0), place.end === null ? undefined : Number(place.end) + (place.excludesEnd ? 0 : 1))
  return array.at(place as number) ?? null
}

function ofMap(map: Map<unknown, unknown>, method: string, [first]: readonly unknown[]): unknown {
  if (method === 'keys') return [...map.keys()]
  if (method === 'size') return map.size
  if (method === '[]') return map.get(first) ?? null
  throw new TypeError(`${method} of a map isn't played`)
}

function ofHash(hash: Record<string, unknown>, method: string, args: readonly unknown[]): unknown {
  const names = args.flat() as string[]
  switch (method) {
    case 'keys':
      return Object.keys(hash)
    case 'param_key':
      return hash['paramKey']
    case '[]':
      return hash[names[0]!] ?? null
    case '[]=':
      return (hash[names[0]!] = args[1])
    case 'slice':
      return Object.fromEntries(Object.entries(hash).filter(([name]) => names.includes(name)))
    case 'except':
      return Object.fromEntries(Object.entries(hash).filter(([name]) => !names.includes(name)))
    case 'rows':
      return hash['rows']
    case 'to_a':
      return hash['toArray'] === undefined ? Object.entries(hash) : (hash['toArray'] as () => unknown)()
  }
  throw new TypeError(`${method} of a hash isn't played`)
}
