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
  return copyInto(createParameterHash(), hash, plainCopy)
}

/** Parameters as JSON has them: what a column of JSON can hold. */
export interface JsonParameters {
  [name: string]: JsonParameter
}
type JsonParameter = string | number | boolean | null | JsonParameter[] | JsonParameters

// As createParameterHash makes them, and with the marker: any keys may be in it, so it has no methods that one of them could hide.
const PermittedHash = function ParameterHash() {} as unknown as { new (): ParameterHash; prototype: object }
PermittedHash.prototype = Object.freeze(Object.create(null, { [permittedMarker]: { value: true } }))

/** A deep copy that counts as permitted, whatever its keys. What can't be a parameter is left out. */
export function permittedCopy(hash: Hash): ParameterHash {
  return copyInto(new PermittedHash(), hash, permittedCopy, (value) => Array.isArray(value) || isHash(value) || isScalar(value))
}

type Keep = (value: unknown) => boolean
type CopyHash = (hash: Hash) => ParameterHash

function copyInto(copy: ParameterHash, hash: Hash, copyHash: CopyHash, keep?: Keep): ParameterHash {
  for (const key of Object.keys(hash)) {
    const value = hash[key]
    if (key !== '__proto__' && keep?.(value) !== false) copy[key] = copyValue(value, copyHash, keep) as ParameterHash
  }
  return copy
}

function copyValue(value: unknown, copyHash: CopyHash, keep?: Keep): unknown {
  if (Array.isArray(value)) return (keep === undefined ? value : value.filter(keep)).map((element) => copyValue(element, copyHash, keep))
  return isHash(value) ? copyHash(value) : value
}
