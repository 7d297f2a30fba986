import { InvalidHeader } from '../errors.ts'

const plain = /^[\t\x20-\x7e]*$/
// What no header may contain (RFC 9110, section 5.5).
const unsafe = /[^\t\x20-\x7e\x80-\uffff]/
const strict = new TextDecoder('utf-8', { fatal: true })
let somebodySentText = false

/** A header's value as `node:http` sends it, a character a byte: other text than ASCII is UTF-8, as Rails sends it. What came as such bytes, as the
 * headers of requests do, stays as it is.
 * @throws InvalidHeader (REGAUGE_INVALID_HEADER) when the value contains a line break or another control character
 */
export function headerBytes(name: string, value: string): string {
  if (plain.test(value)) return value
  if (unsafe.test(value)) throw new InvalidHeader({ name })
  somebodySentText = true
  return decoded(value) === undefined ? Buffer.from(value, 'utf8').toString('latin1') : value
}

/** Whether a head has other text than ASCII: `node:http` would encode it a second time together with a body of text. */
export function isBeyondAscii(headers: readonly string[]): boolean {
  return somebodySentText && headers.some((one) => !plain.test(one))
}

/** The text of such bytes. */
export function headerText(bytes: string): string {
  return plain.test(bytes) ? bytes : (decoded(bytes) ?? bytes)
}

function decoded(bytes: string): string | undefined {
  if (/[^\0-\xff]/.test(bytes)) return undefined
  try {
    return strict.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}
