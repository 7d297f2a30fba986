import { fromOutside } from '../values/index.ts'
import { MessageNotSerializable } from './errors.ts'

/** Writes a message as JSON text. `undefined` is null; a big integer is a number where it fits and a string where it doesn't.
 *
 * @throws MessageNotSerializable (REGAUGE_MESSAGE_NOT_SERIALIZABLE) for cycles
 */
export function encodeMessage(message: unknown): string {
  try {
    return JSON.stringify(message) ?? 'null'
  } catch {
    try {
      return JSON.stringify(message, bigIntegers) ?? 'null'
    } catch (error) {
      throw new MessageNotSerializable({ reason: (error as Error).message.split('\n')[0] ?? '' }, { cause: error })
    }
  }
}

/** Reads JSON text of a broadcast: keys that could reach a prototype are left out.
 * @throws SyntaxError when it isn't JSON
 */
export function decodeMessage(text: string): unknown {
  return fromOutside(suspicious.test(text) ? JSON.parse(text, withoutPrototypeKeys) : JSON.parse(text))
}

/** Reads JSON text that a client sent, as `fromClient` takes values.
 * @throws SyntaxError when it isn't JSON, RangeError when it is nested more than 100 levels deep
 */
export function decodeCommand(text: string): unknown {
  return fromClient(JSON.parse(text))
}

/** Copies a value that a client sent. Objects inherit nothing, so that a condition made of one is never taken for operators of the application,
 * and depth is bounded, so that nothing that walks the value (writing it, comparing it) can run out of stack.
 * @throws RangeError when it is nested more than 100 levels deep
 */
export function fromClient(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) throw new RangeError(`The message is nested more than ${deepest} levels deep`)
  if (Array.isArray(value)) return value.map((item) => fromClient(item, depth + 1))
  const copy = new ClientHash()
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = fromClient((value as Record<string, unknown>)[key], depth + 1)
  return copy
}

const deepest = 100

// An empty prototype instead of null: V8 keeps such objects in its fast mode.
const ClientHash = function ClientHash() {} as unknown as { new (): Record<string, unknown>; prototype: object }
ClientHash.prototype = Object.freeze(Object.create(null))

/** A plain object, as opposed to an array, a text, a number or null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `__proto__`, also with letters written as escapes. */
const suspicious = /__proto__|\\u00/i

function withoutPrototypeKeys(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function bigIntegers(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}
