import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { InvalidMessage, MessageEncryptor, randomHex } from '../../messages/index.ts'
import { InvalidMasterKey, MissingMasterKey, UnreadableCredentials } from './errors.ts'

/** Where an encrypted file is, and its key. */
export interface EncryptedFileOptions {
  readonly root: string
  readonly file: string
  readonly keyFile: string
  /** The variable that holds the key, before the file. */
  readonly variable?: string
}

const cipher = 'aes-128-gcm'

/** A text kept encrypted in the repository, as Rails keeps `config/credentials.yml.enc`: AES-128-GCM under a key of 32 hexadecimal digits.
 * @see ActiveSupport::EncryptedFile
 */
export class EncryptedFile {
  readonly #options: EncryptedFileOptions

  constructor(options: EncryptedFileOptions) {
    this.#options = options
  }

  /** A new key for `keyFile`. */
  static generateKey(): string {
    return randomHex(MessageEncryptor.keyLength(cipher))
  }

  /** Whether both the file and its key are there. */
  get isReadable(): boolean {
    return existsSync(this.#options.file) && this.#key() !== undefined
  }

  /** The text.
   * @throws UnreadableCredentials when the key is another, or the file was changed
   */
  read(): string {
    const key = this.#key()
    if (key === undefined) throw this.#unreadable('there is no key')
    try {
      return textOf(encryptorOf(key).decryptAndVerify(readFileSync(this.#options.file, 'latin1').trim()))
    } catch (error) {
      if (error instanceof InvalidMessage) throw this.#unreadable('the key is another, or the file was changed')
      throw error
    }
  }

  /** Writes a text: the file is whole at any time.
   * @throws MissingMasterKey
   */
  write(text: string): void {
    const { root, file, keyFile } = this.#options
    const key = this.#key()
    if (key === undefined) throw new MissingMasterKey({ file: relative(root, file), keyFile: relative(root, keyFile) })
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.tmp`, encryptorOf(key).encryptAndSign(text))
    renameSync(`${file}.tmp`, file)
  }

  #key(): string | undefined {
    const { root, keyFile, variable } = this.#options
    const given = variable === undefined ? undefined : process.env[variable]
    const key = given || (existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : undefined)
    if (key === undefined || /^[0-9a-f]{32}$/i.test(key)) return key
    throw new InvalidMasterKey({ source: given ? variable! : relative(root, keyFile), length: key.length })
  }

  #unreadable(reason: string): UnreadableCredentials {
    return new UnreadableCredentials({ file: relative(this.#options.root, this.#options.file), reason })
  }
}

function encryptorOf(key: string): MessageEncryptor {
  return new MessageEncryptor(Buffer.from(key, 'hex'), { cipher, serializer: 'marshal' })
}

// Ruby marshals what an editor wrote as bytes.
function textOf(content: unknown): string {
  return Buffer.isBuffer(content) ? content.toString() : String(content)
}
