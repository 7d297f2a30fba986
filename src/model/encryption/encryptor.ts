import { createHmac } from 'node:crypto'
import { Cipher, keyObject } from '../../messages/index.ts'
import { type Compressor, rubyZlib, zlib } from './compression.ts'
import { type Envelope, type HeaderValue, readEnvelope, writeEnvelope } from './envelope.ts'
import { DecryptionFailed } from './errors.ts'
import type { KeyProvider } from './keys.ts'

/** How one value is encrypted. */
export interface EncryptionOptions {
  /** The same text gives the same value, so that it can be searched for. */
  readonly deterministic?: boolean
  /** Default true: texts of more than 140 bytes are compressed. */
  readonly compress?: boolean
  readonly compressor?: Compressor
}

const cipher = new Cipher('aes-256-gcm')
const leastToCompress = 140
/** Encrypts a text, or bytes, into the envelope that Active Record's encryption writes.
 * @see ActiveRecord::Encryption::Encryptor
 */
export function encryptValue(value: string | Buffer, keys: KeyProvider, options: EncryptionOptions = {}): string {
  const { secret, headers: ofKey } = keys.encryptionKey()
  const clear = Buffer.from(value as string)
  const isCompressed = options.compress !== false && clear.length > leastToCompress
  const compressor = options.compressor ?? (options.deterministic ? rubyZlib : zlib)
  const payload = isCompressed ? compressor.deflate(clear) : clear
  const { data, iv, tag } = options.deterministic
    ? cipher.encrypt(payload, secret, derivedIv(payload, secret))
    : cipher.encrypt(payload, secret)
  const headers = new Map<string, HeaderValue>([
    ['iv', iv],
    ['at', tag!],
  ])
  if (typeof value !== 'string') headers.set('e', Buffer.from('ASCII-8BIT'))
  for (const [name, header] of ofKey ?? []) headers.set(name, header)
  if (isCompressed) headers.set('c', true)
  return writeEnvelope({ payload: data, headers })
}

/** The text of an envelope; bytes when bytes were encrypted.
 * @throws DecryptionFailed when no key fits, or the text is no envelope
 */
export function decryptValue(text: string, keys: KeyProvider, options: Pick<EncryptionOptions, 'compressor'> = {}): string | Buffer {
  const envelope = readEnvelope(text)
  for (const { secret } of keys.decryptionKeys(envelope)) {
    const clear = decryptEnvelope(envelope, secret)
    if (clear !== undefined) return decoded(inflated(clear, envelope, options.compressor ?? zlib), envelope)
  }
  throw new DecryptionFailed({})
}

/** The bytes in an envelope, or undefined when the key is another. */
export function decryptEnvelope({ payload, headers }: Envelope, secret: Buffer): Buffer | undefined {
  const [iv, tag] = [headers.get('iv'), headers.get('at')]
  if (!Buffer.isBuffer(iv) || !Buffer.isBuffer(tag)) return undefined
  return cipher.decrypt({ data: payload, iv, tag }, secret)
}

/** A random value of the cipher's key length, encrypted with another key: for envelopes that carry a key of their own. */
export function encryptKey(secret: Buffer, key: Buffer): Envelope {
  const { data, iv, tag } = cipher.encrypt(secret, key)
  const headers = new Map<string, HeaderValue>([
    ['iv', iv],
    ['at', tag!],
    ['e', Buffer.from('ASCII-8BIT')],
  ])
  return { payload: data, headers }
}

// Of the key and the text, so that equal texts have equal values and different ones never share an IV.
function derivedIv(payload: Buffer, secret: Buffer): Buffer {
  return createHmac('sha256', keyObject(secret)).update(payload).digest().subarray(0, cipher.ivLength)
}

function inflated(clear: Buffer, { headers }: Envelope, compressor: Compressor): Buffer {
  if (headers.get('c') !== true) return clear
  try {
    return compressor.inflate(clear)
  } catch {
    throw new DecryptionFailed({})
  }
}

function decoded(clear: Buffer, { headers }: Envelope): string | Buffer {
  const encoding = headers.get('e')
  if (!Buffer.isBuffer(encoding)) return clear.toString()
  const name = encoding.toString('latin1').toLowerCase()
  if (name === 'ascii-8bit' || name === 'binary') return clear
  try {
    return new TextDecoder(name, { fatal: true }).decode(clear)
  } catch {
    throw new DecryptionFailed({})
  }
}
