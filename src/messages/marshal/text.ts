import { MarshalError } from './byte_reader.ts'

/** A string without an encoding is binary; Ruby takes one of ASCII letters only for equal to a text, so it is one here. */
export function textOf(bytes: Buffer): string | Buffer {
  return bytes.every((byte) => byte < 0x80) ? bytes.toString('latin1') : Buffer.from(bytes)
}

/** A string with the encoding that its instance variables name: `E` is true for UTF-8 and false for US-ASCII; others have their names. */
export function textWithEncoding(bytes: Buffer, variables: ReadonlyMap<string, unknown>): string | Buffer {
  if (variables.get('E') === true) return bytes.toString()
  const encoding = variables.get('encoding')
  if (encoding === undefined) return textOf(bytes)
  try {
    return new TextDecoder(String(encoding).toLowerCase(), { fatal: true }).decode(bytes)
  } catch {
    throw new MarshalError('a text in an unknown encoding')
  }
}
