import { isPlainObject } from '../../values/index.ts'

const html: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }

/** JSON text as ActiveSupport writes it: `<`, `>` and `&` escaped, dates in UTC with milliseconds, big integers as numbers, Maps as objects.
 * @param forHtml false for what Ruby's own `JSON.generate` writes
 */
export function encodeJson(value: unknown, forHtml = true): string {
  const json = stringify(value)
  return forHtml ? json.replace(/[<>&]/g, (character) => html[character]!) : json
}

function stringify(value: unknown): string {
  if (isPlain(value)) return JSON.stringify(value) ?? 'null'
  const integers: string[] = []
  const mark = `\u0000${Math.random()}:`
  const json =
    JSON.stringify(value, (_key, member: unknown) => {
      if (member instanceof Map) return Object.fromEntries(member)
      if (member instanceof Set) return [...member]
      return typeof member === 'bigint' ? `${mark}${integers.push(String(member)) - 1}:` : member
    }) ?? 'null'
  const quoted = JSON.stringify(mark).slice(0, -1)
  return integers.reduce((text, integer, index) => text.replace(`${quoted}${index}:"`, integer), json)
}

/** Whether JSON.stringify alone writes it right. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  if (Array.isArray(value)) return value.every(isPlain)
  return isPlainObject(value) && Object.values(value).every(isPlain)
}

// A text, or a number of at least 16 digits: the only ones that may not fit into a JavaScript number. A text without an end is one too, or
// each quote in it would be tried; JSON.parse refuses it.
const textOrLongInteger = /"[^"\\]*(?:\\.[^"\\]*)*"?|(?<![\d.eE+-])(-?\d{16,})(?![\d.eE])/g

/** The value of a JSON text. Integers that a number can't hold become bigints; a key `__proto__` is left out, so that no merge can reach a prototype.
 * @throws SyntaxError when it isn't JSON
 */
export function decodeJson(text: string): unknown {
  if (!/\d{16}|__proto__|\\u005f/i.test(text)) return JSON.parse(text)
  const mark = `\u0001${Math.random()}:`
  const quoted = JSON.stringify(mark).slice(0, -1)
  const marked = text.replace(textOrLongInteger, (token, integer: string | undefined) =>
    integer === undefined || Number.isSafeInteger(Number(integer)) ? token : `${quoted}${integer}"`,
  )
  return JSON.parse(marked, (key, member: unknown) => {
    if (key === '__proto__') return undefined
    return typeof member === 'string' && member.startsWith(mark) ? BigInt(member.slice(mark.length)) : member
  })
}
