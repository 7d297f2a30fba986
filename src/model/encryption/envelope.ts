import { decodeBase64 } from '../../messages/index.ts'
import { DecryptionFailed } from './errors.ts'

/** A header of an encrypted value: bytes, a flag or number, or another envelope (a key that is encrypted itself). */
export type HeaderValue = Buffer | boolean | number | Envelope

/** An encrypted value as Rails keeps it in a column: the payload, and under short names what decrypting needs.
 * `iv`, `at` (the authentication tag), `c` (compressed), `e` (encoding), `i` (id of the key), `k` (a key of its own, encrypted).
 */
export interface Envelope {
  readonly payload: Buffer
  readonly headers: ReadonlyMap<string, HeaderValue>
}

/** Longer column values are refused before they are parsed. */
const longestEnvelope = 64 * 2 ** 20

/** The JSON of an envelope. */
export function writeEnvelope(envelope: Envelope): string {
  return JSON.stringify(plainEnvelope(envelope))
}

function plainEnvelope({ payload, headers }: Envelope): object {
  const plain = [...headers].map(([name, value]) => [name, plainHeader(value)])
  return { p: payload.toString('base64'), h: Object.fromEntries(plain) }
}

function plainHeader(value: HeaderValue): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  return typeof value === 'object' ? plainEnvelope(value) : value
}

/** The envelope of a column's text.
 * @throws DecryptionFailed when it is none
 */
export function readEnvelope(text: string): Envelope {
  if (text.length > longestEnvelope) throw new DecryptionFailed({})
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new DecryptionFailed({})
  }
  return envelopeOf(data, 1)
}

/** Whether a text is an envelope: what it takes to be decrypted, though perhaps not with our keys. */
export function isEnvelope(text: string): boolean {
  try {
    readEnvelope(text)
    return true
  } catch {
    return false
  }
}

function envelopeOf(data: unknown, level: number): Envelope {
  if (level > 2 || typeof data !== 'object' || data === null || !Object.hasOwn(data, 'p')) throw new DecryptionFailed({})
  const { p, h } = data as { p?: unknown; h?: unknown }
  if (typeof p !== 'string' || (h !== undefined && (typeof h !== 'object' || h === null))) throw new DecryptionFailed({})
  const headers = new Map<string, HeaderValue>()
  for (const [name, value] of Object.entries(h ?? {})) {
    const header = headerOf(value, level)
    if (header !== undefined) headers.set(name, header)
  }
  return { payload: bytesOf(p), headers }
}

function headerOf(value: unknown, level: number): HeaderValue | undefined {
  if (typeof value === 'string') return bytesOf(value)
  if (typeof value === 'boolean' || typeof value === 'number') return value
  return value === null ? undefined : envelopeOf(value, level + 1)
}

function bytesOf(text: string): Buffer {
  const bytes = decodeBase64(text)
  if (bytes === undefined) throw new DecryptionFailed({})
  return bytes
}
