import { isUtf8 } from 'node:buffer'
import { BadRequest } from '../errors.ts'

/** The encoding of a parameter's bytes, by its name before any bracket; undefined for UTF-8. */
export type ParameterEncodings = (name: string) => string | undefined

/** Decodes `+` and `%xx` of a parameter in an encoding of its own.
 *
 * @param text the bytes as latin1 text, still percent-encoded
 * @param encoding `binary` or `iso-8859-1` (each byte a character), else a label of the Encoding Standard, such as `shift_jis`
 * @throws BadRequest on an incomplete `%` or bytes that the encoding doesn't have
 */
export function decodeInEncoding(text: string, encoding: string | undefined): string {
  const broken = /%(?![0-9a-f]{2}).{0,2}/is.exec(text)
  if (broken !== null) throw new BadRequest({ reason: `invalid %-encoding (${broken[0]})` })
  const characters = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  if (isBytes(encoding)) return characters
  const bytes = Buffer.from(characters, 'latin1')
  if (encoding === undefined && isUtf8(bytes)) return bytes.toString('utf8')
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new BadRequest({ reason: 'Invalid encoding for parameter' }, { cause: error })
  }
}

/** Whether there is such an encoding. */
export function isEncoding(name: string): boolean {
  if (isBytes(name)) return true
  try {
    return new TextDecoder(name).encoding !== ''
  } catch {
    return false
  }
}

// The Encoding Standard reads iso-8859-1 as windows-1252, which Ruby doesn't.
function isBytes(encoding: string | undefined): boolean {
  return encoding !== undefined && /^(?:binary|ascii-8bit|iso-?8859-1|latin1)$/i.test(encoding)
}
