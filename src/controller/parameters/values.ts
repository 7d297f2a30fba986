import { createParameterHash, isParameterHash, type ParameterHash, UploadedFile } from '../../http/index.ts'

/** A hash of any make: a parsed one, permitted parameters, a literal of the application. */
export type Hash = Readonly<Record<string, unknown>>

/** Whether a value has named values below it, and is neither a list, a file, a date nor an object of some class of its own. */
export function isHash(value: unknown): value is Hash {
  if (typeof value !== 'object' || value === null) return false
  if (isParameterHash(value) || permittedMarker in value) return true
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Says of an object that it came through the permit list (`true`) or that it did not (`false`); absent on everything else.
 * The model layer refuses `false` in mass assignment. */
export const permittedMarker: unique symbol = Symbol.for('regauge.permitted')

/** Whether an object may be mass-assigned: permitted parameters, or an object that never was parameters. */
export function isPermitted(value: object): boolean {
  return (value as { [permittedMarker]?: boolean })[permittedMarker] !== false
}

/** Whether a value counts as a single one: what Rails permits for a plain name. */
export function isScalar(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'function' && value !== undefined
  return value === null || value instanceof Date || value instanceof UploadedFile
}

/** Whether a value says nothing: absent, `false`, an empty list or hash, a text of spaces. Rails' `blank?`. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true
  if (typeof value === 'string') return /^\s*$/.test(value)
  if (Array.isArray(value)) return value.length === 0
  return isHash(value) && Object.keys(value).length === 0
}

/** The value of a key that was really given; never something inherited, and nothing for the place of an absent attribute. */
export function ownValue(hash: Hash, key: string): unknown {
  return hasKey(hash, key) ? hash[key] : undefined
}

/** Whether a key was given. */
export function hasKey(hash: Hash, key: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(hash, key)
}

/** A deep copy without any of our classes in it: inherits nothing, and has no key `__proto__`. */
export function plainCopy(hash: Hash): ParameterHash {
  const copy = createParameterHash()
  for (const key of Object.keys(hash)) if (key !== '__proto__') copy[key] = plainValue(hash[key]) as ParameterHash
  return copy
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  return isHash(value) ? plainCopy(value) : value
}
