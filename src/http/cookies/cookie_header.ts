import { isUtf8 } from 'node:buffer'

/** Reads a Cookie header as Rack does: the first of two cookies of one name wins, values are form-encoded, names aren't.
 *
 * Cookies beyond the limit are left alone: browsers keep fewer for a host, and the length of all headers is bounded by the server.
 * @param header as `node:http` gives it, one character a byte
 * @example parseCookies('a=1; b=x+y%21').get('b') // 'x y!'
 */
export function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>()
  if (header === undefined) return cookies
  for (const pair of header.split(';', mostCookies)) {
    const start = pair.trimStart()
    if (start === '') continue
    const at = start.indexOf('=')
    const name = at === -1 ? start : start.slice(0, at)
    if (!cookies.has(name)) cookies.set(name, at === -1 ? '' : decodeValue(start.slice(at + 1)))
  }
  return cookies
}

const mostCookies = 300

/** Writes what cookies may hold, form-encoded: letters, digits, `*`, `-`, `.` and `_` stay. */
export function encodeValue(text: string): string {
  if (/^[\w*.-]*$/.test(text)) return text
  // Half of a surrogate pair can't be encoded; on the way through UTF-8 it becomes the character for what is none.
  return encodeURIComponent(/[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decodeValue(value: string): string {
  if (/^[\w*.-]*$/.test(value)) return value
  // What isn't well encoded is taken as it is.
  if (/%(?![\da-f]{2})/i.test(value)) return textOf(value)
  return textOf(value.replaceAll('+', ' ').replace(/%([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16))))
}

function textOf(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : latin1
}
