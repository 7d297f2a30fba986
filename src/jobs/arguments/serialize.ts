import { types } from 'node:util'
import { currentClassLocator } from '../class_locator.ts'
import { SerializationError } from '../errors.ts'
import type { RecordLocator } from '../record_locator.ts'
import { bigintName, builtInSerializers, moduleName, symbolName } from './built_in_serializers.ts'
import { addedSerializers, type AnyJobSerializer } from './serializer.ts'

const reservedKeys: ReadonlySet<string> = new Set([
  '_aj_globalid',
  '_aj_ruby2_keywords',
  '_aj_symbol_keys',
  '_aj_hash_with_indifferent_access',
  '_aj_serialized',
])

const deepest = 100

/** Whether a key marks what Active Job did to a value; an argument may not contain such a one. */
export function isReserved(key: string): boolean {
  return key.startsWith('_aj_') && reservedKeys.has(key)
}

/** Turns arguments into JSON values as Active Job does: records become GlobalIDs, dates and durations tagged objects.
 *
 * A plain object is Ruby's Hash with symbol keys, an object without a prototype one with string keys; both come back as what they were.
 *
 * @throws SerializationError naming the path of a value that can't be carried, such as `arguments[0].user`
 */
export function serializeArguments(values: readonly unknown[], locator: RecordLocator | undefined): unknown[] {
  return values.map((value, index) => (isPlain(value) ? value : serialize(value, `[${index}]`, locator, 0)))
}

/** Most values are JSON as they are: for them no path is put together. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

function serialize(value: unknown, path: string, locator: RecordLocator | undefined, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw refusal(path, `${value} can't be written as JSON.`)
  }
  if (value === undefined) return null
  if (typeof value === 'bigint') return { _aj_serialized: bigintName, value: value.toString() }
  if (typeof value === 'symbol' && Symbol.keyFor(value) !== undefined) return { _aj_serialized: symbolName, value: Symbol.keyFor(value) }
  const className = typeof value === 'function' ? currentClassLocator()?.nameOf(value) : undefined
  if (className !== undefined) return { _aj_serialized: moduleName, value: className }
  if (typeof value === 'symbol')
    throw refusal(path, 'Unsupported argument type: symbol. One made by Symbol.for has a name to be stored by.')
  if (typeof value !== 'object') throw refusal(path, `Unsupported argument type: ${typeName(value)}.`)
  if (depth > deepest) throw refusal(`${path.slice(0, 40)}…`, 'it is nested too deeply, or contains itself.')
  if (Array.isArray(value)) return value.map((item, index) => serialize(item, `${path}[${index}]`, locator, depth + 1))
  return serializeObject(value, path, locator, depth)
}

function serializeObject(value: object, path: string, locator: RecordLocator | undefined, depth: number): unknown {
  const nested = (item: unknown, key: string) => serialize(item, `${path}.${key}`, locator, depth + 1)
  for (const serializer of addedSerializers()) if (serializer.matches(value)) return tagged(serializer, value, path, nested)
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === null || isObjectPrototype(prototype)) return serializeHash(value, prototype !== null, path, nested)
  const id = locator?.identify(value)
  if (id === null) {
    throw refusal(path, `Unable to serialize ${value.constructor.name} without an id. (Maybe you forgot to call save?)`)
  }
  if (id !== undefined) return { _aj_globalid: id }
  for (const serializer of builtInSerializers) if (serializer.matches(value)) return tagged(serializer, value, path, nested)
  if (types.isPromise(value)) throw refusal(path, 'it is a promise, and not what that resolves to: await it.')
  if (types.isBoxedPrimitive(value)) return serialize(value.valueOf(), path, locator, depth)
  throw refusal(path, `Unsupported argument type: ${typeName(value)}.`)
}

/** What all plain objects have, also those of another realm: of a console's, or of a test's that runs in a context of its own. */
function isObjectPrototype(prototype: object): boolean {
  return prototype === Object.prototype || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty'))
}

function tagged(serializer: AnyJobSerializer, value: object, path: string, nested: (item: unknown, key: string) => unknown): unknown {
  try {
    return { _aj_serialized: serializer.name, ...serializer.serialize(value as never, nested) }
  } catch (error) {
    throw error instanceof SerializationError ? error : refusal(path, (error as Error).message)
  }
}

function serializeHash(value: object, hasSymbolKeys: boolean, path: string, nested: (item: unknown, key: string) => unknown): unknown {
  const keys: string[] = []
  const result: Record<string, unknown> = Object.hasOwn(value, '__proto__') ? Object.create(null) : {}
  for (const [key, item] of Object.entries(value)) {
    if (isReserved(key)) throw refusal(path, `Can't serialize a Hash with reserved key ${JSON.stringify(key)}.`)
    if (item === undefined) continue
    keys.push(key)
    result[key] = isPlain(item) ? item : nested(item, key)
  }
  result['_aj_symbol_keys'] = hasSymbolKeys ? keys : []
  return result
}

function typeName(value: unknown): string {
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'Object'
  return typeof value
}

/** Its stack begins at whoever asked, so that the line that enqueues is still on it however deep the value is. */
function refusal(path: string, reason: string): SerializationError {
  const error = new SerializationError({ path: `arguments${path}`, reason })
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = Math.max(stackTraceLimit, 20)
  Error.captureStackTrace(error, serializeArguments)
  Error.stackTraceLimit = stackTraceLimit
  return error
}
