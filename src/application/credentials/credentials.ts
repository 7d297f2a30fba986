import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { didYouMean } from '../../naming/index.ts'
import type { Environment } from '../environment.ts'
import { EncryptedFile, type EncryptedFileOptions } from './encrypted_file.ts'
import { MissingCredential, UnreadableCredentials } from './errors.ts'

/** Secrets of an application, as they are in its encrypted credentials. Nothing of it is shown when it is printed. */
export class Credentials {
  readonly #values: ReadonlyMap<string, unknown>

  constructor(values: ReadonlyMap<string, unknown> = new Map()) {
    this.#values = values
  }

  /** The value under some names, or undefined.
   * @example application().credentials.get('aws', 'access_key_id')
   */
  get(...path: readonly string[]): unknown {
    let value: unknown = this.#values
    for (const name of path) value = value instanceof Map ? value.get(name) : undefined
    return value instanceof Map ? plain(value) : value
  }

  /** The value under some names.
   * @throws MissingCredential with a suggestion
   */
  fetch(...path: readonly [string, ...string[]]): unknown {
    const value = this.get(...path)
    if (value !== undefined && value !== null) return value
    const above = path.length === 1 ? this.#values : this.#group(path.slice(0, -1))
    throw new MissingCredential({ path: path.join('.'), suggestion: didYouMean(path.at(-1)!, [...above.keys()].map(String)) })
  }

  /** The value under some names, if it is a text. */
  text(...path: readonly string[]): string | undefined {
    const value = this.get(...path)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  #group(path: readonly string[]): ReadonlyMap<unknown, unknown> {
    let value: unknown = this.#values
    for (const name of path) value = value instanceof Map ? value.get(name) : undefined
    return value instanceof Map ? value : new Map()
  }
}

/** Where Rails keeps the credentials of an environment: in a file of its own if there is one.
 * @param own whether it is the environment's own file that is meant, there or not
 */
export function credentialsFile(root: string, env: Pick<Environment, 'name'>, own?: boolean): EncryptedFile {
  return new EncryptedFile(filesOf(root, env, own))
}

/** The credentials of an environment; none when there is no file, or no key for it.
 * @throws UnreadableCredentials when the key is another, or what is in the file isn't YAML
 * @throws InvalidMasterKey
 */
export function readCredentials(root: string, env: Environment): Credentials {
  const file = credentialsFile(root, env)
  return file.isReadable ? parseCredentials(file.read(), file.path) : new Credentials()
}

/** The credentials in a YAML text.
 * @throws UnreadableCredentials without a word of the text
 */
export function parseCredentials(text: string, file = 'the credentials'): Credentials {
  let values: unknown
  try {
    values = parse(text, { mapAsMap: true, merge: true })
  } catch {
    throw new UnreadableCredentials({ file, reason: 'it holds no YAML' })
  }
  if (values === null || values === undefined) return new Credentials()
  if (!(values instanceof Map)) throw new UnreadableCredentials({ file, reason: 'it holds no names and values' })
  return new Credentials(values as Map<string, unknown>)
}

function filesOf(root: string, env: Pick<Environment, 'name'>, own?: boolean): EncryptedFileOptions {
  const ofEnvironment = join(root, 'config/credentials', `${env.name}.yml.enc`)
  const isOwn = own ?? existsSync(ofEnvironment)
  return {
    root,
    file: isOwn ? ofEnvironment : join(root, 'config/credentials.yml.enc'),
    keyFile: isOwn ? join(root, 'config/credentials', `${env.name}.key`) : join(root, 'config/master.key'),
    variable: 'RAILS_MASTER_KEY',
  }
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, member] of value) object[String(key)] = plain(member)
  return object
}
