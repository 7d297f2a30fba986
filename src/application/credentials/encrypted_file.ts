import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
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
    return this.isThere && this.hasKey
  }

  /** Whether the file is there. */
  get isThere(): boolean {
    return existsSync(this.#options.file)
  }

  /** Whether its key is there, in the variable or in the file of the key.
   * @throws InvalidMasterKey
   */
  get hasKey(): boolean {
    return this.#key() !== undefined
  }

  /** Where it is, from the root. */
  get path(): string {
    return relative(this.#options.root, this.#options.file)
  }

  /** Where the file of its key is, from the root. */
  get keyPath(): string {
    return relative(this.#options.root, this.#options.keyFile)
  }

  /** Makes a key and writes it to its file, for this user alone to read; never over one that is there. */
  makeKey(): void {
    const { keyFile } = this.#options
    mkdirSync(dirname(keyFile), { recursive: true })
    writeFileSync(keyFile, EncryptedFile.generateKey(), { flag: 'wx', mode: 0o600 })
  }

  /** The text.
   * @throws UnreadableCredentials when the key is another, or the file was changed
   * @throws MissingMasterKey
   */
  read(): string {
    const key = this.#key()
    if (key === undefined) throw this.#missingKey()
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
    const key = this.#key()
    if (key === undefined) throw this.#missingKey()
    const file = this.isThere ? realpathSync(this.#options.file) : this.#options.file
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

  #missingKey(): MissingMasterKey {
    return new MissingMasterKey({ file: this.path, keyFile: this.keyPath })
  }

  #unreadable(reason: string): UnreadableCredentials {
    return new UnreadableCredentials({ file: this.path, reason })
  }
}

function encryptorOf(key: string): MessageEncryptor {
  return new MessageEncryptor(Buffer.from(key, 'hex'), { cipher, serializer: 'marshal' })
}

// Ruby marshals what an editor wrote as bytes.
function textOf(content: unknown): string {
  return Buffer.isBuffer(content) ? content.toString() : String(content)
}
