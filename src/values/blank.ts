import { isPlainObject } from './plain_object.ts'

/** Tells whether a value is blank as Rails counts it: null, undefined, false, a string of white space only,
 * an empty array, map, set or plain object.
 *
 * @example isBlank('  ') // true
 * @example isBlank(0)    // false
 * @see https://guides.rubyonrails.org/active_support_core_extensions.html#blank-questionmark-and-present-questionmark
 */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true
  if (typeof value === 'string') return !/[^\s\u0085]/.test(value)
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.length === 0
  if (value instanceof Map || value instanceof Set) return value.size === 0
  if ('isEmpty' in value && typeof value.isEmpty === 'function') return value.isEmpty() === true
  return isPlainObject(value) && Object.keys(value).length === 0
}

/** The opposite of {@link isBlank}, and a type guard against null and undefined.
 * @example if (isPresent(params.get('tag'))) scope = scope.tagged(tag)
 */
export function isPresent<T>(value: T): value is NonNullable<T> {
  return !isBlank(value)
}

/** The value itself when it is present, else null.
 * @example presence('')      // null
 * @example presence(' a ')   // ' a '
 */
export function presence<T>(value: T): NonNullable<T> | null {
  return isPresent(value) ? value : null
}
