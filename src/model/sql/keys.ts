import { isRecord } from '../record/attribute_access.ts'

/** Whether a value may be a key. Objects are none: as a condition, one that came with a request would say which rows are meant.
 * @example isKey({ gt: 0 }) // false
 */
export function isKey(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    value instanceof Date ||
    value instanceof Uint8Array ||
    isDecimal(value) ||
    isRecord(value)
  )
}

/** Decimals are objects of a class, which nothing that is parsed can be of. */
function isDecimal(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    typeof (value as { toFixed?: unknown }).toFixed === 'function' &&
    prototype !== null &&
    prototype !== Object.prototype &&
    !Object.hasOwn(value, 'toFixed')
  )
}

/** A key as an error shows it. */
export function keyText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
