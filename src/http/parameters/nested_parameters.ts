import { BadRequest } from '../errors.ts'
import { createParameterHash, isParameterHash, type ParameterHash, type ParameterValue } from './parameter_hash.ts'

/** Stores one `name=value` pair, reading `a[b]`, `a[]` and `a[][b]` as Rails does (ActionDispatch::ParamBuilder, Rack's query parser).
 * A `null` is dropped from arrays (Rails' deep munge), and kept in hashes.
 *
 * @param depthLimit how many levels of brackets are allowed
 * @throws BadRequest when the name contradicts an earlier one (`a=1&a[b]=2`) or is nested too deeply
 * @example storeParameter(params, 'article[tags][]', 'ruby', 100)   // { article: { tags: ['ruby'] } }
 */
export function storeParameter(params: ParameterHash, name: string, value: ParameterValue, depthLimit: number): void {
  const bracket = name.indexOf('[', 1)
  if (bracket === -1) {
    if (name !== '') params[name] = value
  } else {
    store(params, name, name.slice(0, bracket), name.slice(bracket), value, 0, depthLimit)
  }
}

function storeNested(params: ParameterHash, name: string, value: ParameterValue, depth: number, limit: number): ParameterValue {
  if (depth >= limit) throw new BadRequest({ reason: `Parameters are nested more than ${limit} levels deep` })
  let key = name
  let rest = ''
  let close: number
  if (name.startsWith('[]')) {
    key = '[]'
    rest = name.slice(2)
  } else if (name[0] === '[' && (close = name.indexOf(']', 1)) !== -1) {
    key = name.slice(1, close)
    rest = name.slice(close + 1)
  }
  if (key === '') return null
  if (rest === '' && key === '[]') return value === null ? [] : [value]
  return store(params, name, key, rest, value, depth, limit)
}

function store(
  params: ParameterHash,
  name: string,
  key: string,
  rest: string,
  value: ParameterValue,
  depth: number,
  limit: number,
): ParameterHash {
  if (rest === '') {
    params[key] = value
  } else if (rest === '[') {
    params[name] = value
  } else if (rest === '[]') {
    const array = arrayAt(params, key)
    if (value !== null) array.push(value)
  } else if (rest.startsWith('[]')) {
    storeInArray(arrayAt(params, key), childKey(rest), value, depth, limit)
  } else {
    storeNested(hashAt(params, key), rest, value, depth + 1, limit)
  }
  return params
}

// `a[][b]`: the last hash of the array takes the key until it has it already, then a new hash begins.
function storeInArray(array: ParameterValue[], child: string, value: ParameterValue, depth: number, limit: number): void {
  const last = array.at(-1)
  if (isParameterHash(last) && !hasNestedKey(last, child)) {
    storeNested(last, child, value, depth + 1, limit)
  } else {
    const stored = storeNested(createParameterHash(), child, value, depth + 1, limit)
    if (stored !== null) array.push(stored)
  }
}

function childKey(rest: string): string {
  if (rest[2] === '[' && rest.endsWith(']')) {
    const child = rest.slice(3, -1)
    if (child !== '' && !child.includes('[') && !child.includes(']')) return child
  }
  return rest.slice(2)
}

function hasNestedKey(hash: ParameterHash, key: string): boolean {
  if (key.includes('[]')) return false
  let current: ParameterValue = hash
  for (const part of key.split(/[[\]]+/)) {
    if (part === '') continue
    if (!isParameterHash(current) || !Object.hasOwn(current, part)) return false
    current = current[part]!
  }
  return true
}

function arrayAt(params: ParameterHash, key: string): ParameterValue[] {
  const existing = params[key]
  if (existing === undefined || existing === null) return (params[key] = [])
  if (!Array.isArray(existing)) throw conflict('Array', existing, key)
  return existing
}

function hashAt(params: ParameterHash, key: string): ParameterHash {
  const existing = params[key]
  if (existing === undefined || existing === null) return (params[key] = createParameterHash())
  if (!isParameterHash(existing)) throw conflict('Hash', existing, key)
  return existing
}

function conflict(expected: string, existing: ParameterValue, key: string): BadRequest {
  const got = Array.isArray(existing)
    ? 'Array'
    : isParameterHash(existing)
      ? 'Hash'
      : typeof existing === 'string'
        ? 'String'
        : 'UploadedFile'
  return new BadRequest({ reason: `Invalid parameters: expected ${expected} (got ${got}) for param '${key}'` })
}
