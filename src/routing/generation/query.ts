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
  if (isHash(value)) return toQuery(value, key)
  // A name without a value is read as null again.
  return value === null || value === undefined ? escapeQuery(key) : `${escapeQuery(key)}=${escapeQuery(toParam(value) ?? '')}`
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isHash(value) && Object.keys(value).length === 0
}

/** Whether a value is a plain object, as opposed to a record. */
export function isHash(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype as object) === null
}
