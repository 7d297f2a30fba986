import type { ParameterHash } from '../../http/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { ParameterMissing, UnfilteredParameters } from '../errors.ts'
import { permitFilters } from './filtering.ts'
import { Parameters } from './parameters.ts'
import type { PermitFilter } from './types.ts'
import { type Hash, isBlank, isHash, isPermitted, ownValue, permittedMarker, plainCopy } from './values.ts'

/** Hashes come out as Parameters, alone and in lists; what was permitted already stays as it is. */
export function read(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.some(isHash) ? value.map(read) : value
  return isHash(value) && !(permittedMarker in value) ? new Parameters(value) : value
}

/** The value of a name, undefined when it wasn't given. */
export function readValue(hash: Hash, key: string): unknown {
  return read(ownValue(hash, key))
}

/** Names and values. */
export function readEntries(hash: Hash): [string, unknown][] {
  return Object.keys(hash).map((key) => [key, read(hash[key])])
}

/** The part of a hash for which `keep` holds. */
export function pick(hash: Hash, keep: (key: string, value: unknown) => boolean): Hash {
  return Object.fromEntries(Object.entries(hash).filter(([key, value]) => keep(key, read(value))))
}

/** A plain copy of what is permitted.
 * @throws UnfilteredParameters (REGAUGE_UNFILTERED_PARAMETERS) when it isn't
 */
export function permittedHash(parameters: object, hash: Hash): ParameterHash {
  if (!isPermitted(parameters)) throw new UnfilteredParameters({})
  return plainCopy(hash)
}

/** A value that must say something; `false` does.
 * @throws ParameterMissing (REGAUGE_PARAMETER_MISSING)
 */
export function requiredValue(hash: Hash, key: string): unknown {
  const value = ownValue(hash, key)
  if (isBlank(value) && value !== false) throw missing(hash, key)
  return read(value)
}

/** The values that filters name, all of them there and of the named kind: the value itself when it is one.
 * @throws ParameterMissing (REGAUGE_PARAMETER_MISSING)
 */
export function expectedValues(hash: Hash, filters: readonly PermitFilter[]): unknown {
  const permitted = permitFilters(hash, filters, true) as unknown as Hash
  const values = filterNames(filters).map((name) => requiredValue(permitted, name))
  return values.length === 1 ? values[0] : values
}

/** The error of a name that wasn't given. */
export function missing(hash: Hash, param: string): ParameterMissing {
  const keys = Object.keys(hash).slice(0, 100) // there may be a million of them
  return new ParameterMissing({ param, keys, suggestion: didYouMean(param, keys) })
}

function filterNames(filters: readonly PermitFilter[]): string[] {
  return filters.flatMap((filter) => {
    if (typeof filter === 'string') return [filter]
    return Array.isArray(filter) ? filterNames(filter) : Object.keys(filter)
  })
}

/** Both hashes in one; the right one wins, hashes on both sides are merged in turn. */
export function mergeDeeply(left: Hash, right: Hash): Hash {
  const merged: Record<string, unknown> = { ...left }
  for (const [key, value] of Object.entries(right)) {
    const before = merged[key]
    if (key !== '__proto__') merged[key] = isHash(before) && isHash(value) ? mergeDeeply(before, value) : value
  }
  return merged
}
