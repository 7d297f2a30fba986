import { isUtf8 } from 'node:buffer'
import { BadRequest } from '../errors.ts'

/** The path of a request line's target: '/a?b' → '/a', 'http://host/a' → '/a' (RFC 9112, section 3.2). */
export function pathOf(target: string): string {
  const origin = originForm(target)
  const end = origin.indexOf('?')
  return end === -1 ? origin : origin.slice(0, end)
}

/** The text after the question mark, '' when there is none.
 * @throws BadRequest when it has bytes that aren't UTF-8 (`node:http` hands bytes out as latin1)
 */
export function queryOf(target: string): string {
  const start = target.indexOf('?')
  if (start === -1) return ''
  const query = target.slice(start + 1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside of ASCII is what is looked for
  if (!/[^\x00-\x7f]/.test(query)) return query
  const bytes = Buffer.from(query, 'latin1')
  if (!isUtf8(bytes)) throw new BadRequest({ reason: 'Invalid encoding for parameter' })
  return bytes.toString('utf8')
}

/** The same as `node:http` hands it out: latin1, a character a byte. */
export function rawQueryOf(target: string): string {
  const start = target.indexOf('?')
  return start === -1 ? '' : target.slice(start + 1)
}

/** A target without the protocol and host that a client of a proxy writes: 'http://host/a?b' → '/a?b'. */
export function originForm(target: string): string {
  if (target.charCodeAt(0) === 47) return target
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i.exec(target)
  if (match === null) return target
  const rest = target.slice(match[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}
