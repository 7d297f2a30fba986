import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  getCipherInfo,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { InvalidMessageOption } from './errors.ts'

/** What encryption yields: all of it is needed to decrypt. `tag` is undefined for ciphers that don't authenticate. */
export interface Encrypted {
  readonly data: Buffer
  readonly iv: Buffer
  readonly tag: Buffer | undefined
}

/** Bytes of an authentication tag: shorter ones could be guessed, and are refused. */
export const tagLength = 16

/** A cipher of OpenSSL by name, with the lengths it asks for. */
export class Cipher {
  readonly name: string
  readonly keyLength: number
  readonly ivLength: number
  /** Whether it notices what was changed; others need a signature. */
  readonly isAuthenticated: boolean
  readonly #authenticated: CipherGCMTypes | undefined

  /** @throws InvalidMessageOption for ciphers that don't exist, and those of modes that Rails' messages don't use (GCM, CBC, CTR and ChaCha20-Poly1305 they do) */
  constructor(name: string) {
    const info = getCipherInfo(name)
    const authenticated = isAuthenticated(name) ? name : undefined
    if (info?.ivLength === undefined || !(authenticated !== undefined || info.mode === 'cbc' || info.mode === 'ctr'))
      throw new InvalidMessageOption({ option: 'cipher', value: JSON.stringify(name), expected: "a cipher such as 'aes-256-gcm'" })
    this.name = name
    this.keyLength = info.keyLength
    this.ivLength = info.ivLength
    this.#authenticated = authenticated
    this.isAuthenticated = authenticated !== undefined
  }

  /** @throws InvalidMessageOption when a key isn't exactly as long as the cipher needs it */
  expectKey(key: Uint8Array): void {
    if (key.length === this.keyLength) return
    const expected = `${this.keyLength} bytes for ${this.name}`
    throw new InvalidMessageOption({ option: 'the key', value: `${key.length} bytes long`, expected })
  }

  /** @param iv random unless given; the same one twice for one key gives AES-GCM away, so only derived ones are ever given */
  encrypt(bytes: Uint8Array, key: Uint8Array, iv: Buffer = randomBytes(this.ivLength)): Encrypted {
    if (this.#authenticated === undefined) {
      const cipher = createCipheriv(this.name, keyObject(key), iv)
      return { data: Buffer.concat([cipher.update(bytes), cipher.final()]), iv, tag: undefined }
    }
    const cipher = createCipheriv(this.#authenticated, keyObject(key), iv)
    return { data: Buffer.concat([cipher.update(bytes), cipher.final()]), iv, tag: cipher.getAuthTag() }
  }

  /** The bytes, or undefined when the key is another or something was changed. */
  decrypt({ data, iv, tag }: Encrypted, key: Uint8Array): Buffer | undefined {
    if (iv.length !== this.ivLength || (this.isAuthenticated && tag?.length !== tagLength)) return undefined
    try {
      const decipher =
        this.#authenticated === undefined
          ? createDecipheriv(this.name, keyObject(key), iv)
          : createDecipheriv(this.#authenticated, keyObject(key), iv, { authTagLength: tagLength }).setAuthTag(tag!)
      return Buffer.concat([decipher.update(data), decipher.final()])
    } catch {
      return undefined
    }
  }
}

const keyObjects = new WeakMap<Uint8Array, KeyObject>()

/** A key as OpenSSL takes it. Made once a key: from bytes, a signature takes seven times as long on Node 24, and a cipher four times. */
export function keyObject(key: Uint8Array): KeyObject {
  let object = keyObjects.get(key)
  if (object === undefined) {
    object = createSecretKey(key)
    keyObjects.set(key, object)
  }
  return object
}

// ChaCha20-Poly1305 has the interface of the GCM ciphers. OpenSSL takes microseconds to answer: asked once.
function isAuthenticated(name: string): name is CipherGCMTypes {
  const info = getCipherInfo(name)
  return info?.mode === 'gcm' || info?.name === 'chacha20-poly1305'
}
