import { escapeQuery } from '../path/escape.ts'
import { toParam } from './parameter.ts'

/** A query string as Rails writes it: names sorted (but for those within a list), `key[]=` for lists, `key[name]=` for objects.
 * @example toQuery({ tags: ['a', 'b'], page: 2 }) // 'page=2&tags%5B%5D=a&tags%5B%5D=b'
 * @see https://api.rubyonrails.org/classes/Hash.html#method-i-to_query
 */
export function toQuery(values: object, namespace?: string): string {
  const pairs: string[] = []
  for (const [key, value] of Object.entries(values)) {
    if (isEmpty(value)) continue
    pairs.push(pairFor(namespace === undefined ? key : `${namespace}[${key}]`, value))
  }
  // Within a list the order says which pairs are of one object.
  return (namespace?.includes('[]') ? pairs : pairs.sort()).join('&')
}

function pairFor(key: string, value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? escapeQuery(`${key}[]`) : value.map((one) => pairFor(`${key}[]`, one)).join('&')
  }
  const hash = hashOf(value)
  if (hash !== undefined) return toQuery(hash, key)
  // A name without a value is read as null again.
  return value === null || value === undefined ? escapeQuery(key) : `${escapeQuery(key)}=${escapeQuery(toParam(value) ?? '')}`
}

function isEmpty(value: unknown): boolean {
  const hash = Array.isArray(value) ? value : hashOf(value)
  return hash !== undefined && Object.keys(hash).length === 0
}

/** What a hash or the parameters of a request hold; undefined for anything else. Parameters must be permitted: `toHash` throws otherwise. */
export function hashOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (isParameters(value)) return value.toHash()
  return isHash(value) ? value : undefined
}

/** Whether a value is what a client sent, and knows whether it was permitted. */
export function isParameters(value: unknown): value is { toHash(): Record<string, unknown> } {
  return typeof value === 'object' && value !== null && 'toHash' in value && typeof value.toHash === 'function'
}

/** Whether a value is a plain object, as opposed to a record. */
export function isHash(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype as object) === null
}
