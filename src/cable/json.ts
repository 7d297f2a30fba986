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

/** Reads JSON text from outside: keys that could reach a prototype are left out.
 * @throws SyntaxError when it isn't JSON
 */
export function decodeMessage(text: string): unknown {
  return suspicious.test(text) ? JSON.parse(text, withoutPrototypeKeys) : JSON.parse(text)
}

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
