/** A value as a path segment: a record's `toParam()`, a list joined by slashes, anything else as text. Null and undefined have none.
 * @see https://api.rubyonrails.org/classes/Object.html#method-i-to_param
 */
export function toParam(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map((one) => toParam(one) ?? '').join('/')
  if (typeof value === 'object' && 'toParam' in value && typeof value.toParam === 'function') return toParam(value.toParam())
  return String(value)
}
