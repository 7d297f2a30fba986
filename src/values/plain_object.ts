/** Whether a value is an object as a literal or `JSON.parse` makes it, and no instance of a class, list or function.
 * @example isPlainObject({ a: 1 }) // true
 * @example isPlainObject(new Date()) // false */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether a value is an object as a literal makes it: unlike those of {@link isPlainObject}, it inherits from `Object.prototype`, which what is parsed
 * from a query or a form doesn't.
 * @example isObjectLiteral({ a: 1 }) // true
 * @example isObjectLiteral(Object.create(null)) // false */
export function isObjectLiteral(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
