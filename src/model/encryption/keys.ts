import { createHash } from 'node:crypto'
import { KeyGenerator } from '../../messages/index.ts'
import type { Envelope, HeaderValue } from './envelope.ts'

/** A key, and the headers that tell later which one it was. */
export interface EncryptionKey {
  readonly secret: Buffer
  readonly headers?: ReadonlyMap<string, HeaderValue>
}

/** Where keys come from: implement it to keep them in a vault. */
export interface KeyProvider {
  /** The key to encrypt with. */
  encryptionKey(): EncryptionKey
  /** The keys that a value may have been encrypted with, in the order to try. */
  decryptionKeys(envelope: Envelope): readonly EncryptionKey[]
}

/** How keys are derived from passwords. */
export interface Derivation {
  readonly salt: string
  /** `SHA256`, or `SHA1` for Rails before 7.1. */
  readonly digest: string
}

const derived = new Map<string, Buffer>()

/** The key of a password: 2^16 rounds of PBKDF2, which take some 20 ms, once a process. */
export function deriveKey(password: string, { salt, digest }: Derivation): Buffer {
  const name = JSON.stringify([digest, salt, password])
  let key = derived.get(name)
  if (key === undefined) {
    key = new KeyGenerator(password, { digest }).generateKey(salt, 32)
    if (derived.size >= 1000) derived.clear()
    derived.set(name, key)
  }
  return key
}

/** What a stored reference calls a key. */
export function keyId(secret: Buffer): string {
  return createHash('sha1').update(secret).digest('hex').slice(0, 4)
}

/** Keys in the order of their age: the last one encrypts, all decrypt. */
export class KeyRing implements KeyProvider {
  readonly #keys: readonly EncryptionKey[]
  readonly #storesReferences: boolean

  /** @param storesReferences writes the key's id beside each value, so that reading needn't try all */
  constructor(secrets: readonly Buffer[], storesReferences = false) {
    this.#keys = secrets.map((secret) => ({ secret }))
    this.#storesReferences = storesReferences
  }

  encryptionKey(): EncryptionKey {
    const { secret } = this.#keys.at(-1)!
    return this.#storesReferences ? { secret, headers: new Map([['i', Buffer.from(keyId(secret))]]) } : { secret }
  }

  decryptionKeys({ headers }: Envelope): readonly EncryptionKey[] {
    const id = headers.get('i')
    if (!Buffer.isBuffer(id)) return this.#keys
    return this.#keys.filter(({ secret }) => keyId(secret) === id.toString())
  }
}
