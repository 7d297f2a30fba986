import { settingsInForce } from '../settings.ts'
import { type AsJsonOptions, asJson, hasRoot, isIterable } from './as_json.ts'

/** JSON text as Rails writes it: dates in UTC with milliseconds, big integers as numbers, what isn't finite as `null`, absent values left out.
 *
 * Plain data goes straight through `JSON.stringify`. `<`, `>` and `&` are escaped so that the text may stand in an HTML page,
 * unless `isEscaped` is false.
 * @example toJson({ total: 10n, at: new Date(0) }) // {"total":10,"at":"1970-01-01T00:00:00.000Z"}
 */
export function toJson(value: unknown, options?: AsJsonOptions, isEscaped = true): string {
  const json = stringify(value, options)
  return isEscaped ? escapeHtml(json) : json
}

/** What `render({ json })` writes; a text is taken as JSON already. */
export function renderJson(value: unknown, options: AsJsonOptions | undefined, isEscaped?: boolean): string {
  if (typeof value === 'string') return value
  const json = stringify(value, options)
  return (isEscaped ?? settingsInForce().escapeHtmlInJson) ? escapeHtml(json) : json
}

function stringify(value: unknown, options: AsJsonOptions | undefined): string {
  if (options === undefined && !hasHook(value)) {
    try {
      return JSON.stringify(value) ?? 'null'
    } catch (error) {
      // JSON.stringify knows no BigInt; there are few, so nobody else should pay for them.
      if (!(error instanceof TypeError) || !/BigInt/.test(error.message)) throw error
    }
  }
  return encode(asJson(value, options)) ?? 'null'
}

/** Whether there is something that `JSON.stringify` would get wrong: hooks it doesn't know, maps, sets, errors. It is looked for in a value, in
 * the first element of a list, and two objects deep; further down, hooks need a `toJSON`. */
function hasHook(value: unknown, depth = 2): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.length > 0 && hasHook(value[0], depth)
  if (Object.getPrototypeOf(value) === Object.prototype && !isHooked(value)) {
    if (depth > 0 && !('toJSON' in value))
      for (const key in value) if (hasHook((value as Record<string, unknown>)[key], depth - 1)) return true
    return false
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return 'serializableHash' in value && hasRoot(value)
  return isHooked(value) || value instanceof Error
}

function isHooked(value: object): boolean {
  return isIterable(value) || 'asJson' in value || 'serializableHash' in value
}

function encode(value: unknown): string | undefined {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as { toJSON?: () => unknown }
  if (typeof object.toJSON === 'function') return encode(object.toJSON())
  if (Array.isArray(value)) return `[${value.map((element) => encode(element) ?? 'null').join(',')}]`
  const pairs: string[] = []
  for (const [key, element] of value instanceof Map ? (value as ReadonlyMap<string, unknown>) : Object.entries(value)) {
    const json = encode(element)
    if (json !== undefined) pairs.push(`${JSON.stringify(key)}:${json}`)
  }
  return `{${pairs.join(',')}}`
}

const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }

function escapeHtml(json: string): string {
  // Looking for a character is many times faster than an expression, and mostly there is none.
  if (!json.includes('<') && !json.includes('>') && !json.includes('&')) return json
  return json.replace(/[<>&]/g, (character) => escapes[character]!)
}
