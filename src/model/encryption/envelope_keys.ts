import { randomBytes } from 'node:crypto'
import { decryptEnvelope, encryptKey } from './encryptor.ts'
import type { Envelope, HeaderValue } from './envelope.ts'
import type { EncryptionKey, KeyProvider } from './keys.ts'

/** Encrypts each value with a random key of its own, and that key with one of `primary`: a primary key can then be replaced without rewriting the values.
 * @example config.encryption.keyProvider = (keys) => new EnvelopeKeyProvider(keys)
 * @see ActiveRecord::Encryption::EnvelopeEncryptionKeyProvider
 */
export class EnvelopeKeyProvider implements KeyProvider {
  readonly #primary: KeyProvider

  constructor(primary: KeyProvider) {
    this.#primary = primary
  }

  encryptionKey(): EncryptionKey {
    const secret = randomBytes(32)
    const primary = this.#primary.encryptionKey()
    const headers = new Map<string, HeaderValue>([['k', encryptKey(secret, primary.secret)]])
    for (const [name, value] of primary.headers ?? []) headers.set(name, value)
    return { secret, headers }
  }

  decryptionKeys(envelope: Envelope): readonly EncryptionKey[] {
    const own = envelope.headers.get('k')
    if (typeof own !== 'object' || Buffer.isBuffer(own)) return []
    for (const { secret } of this.#primary.decryptionKeys(envelope)) {
      const key = decryptEnvelope(own, secret)
      if (key !== undefined) return [{ secret: key }]
    }
    return []
  }
}
