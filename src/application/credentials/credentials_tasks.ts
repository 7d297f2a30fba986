import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomHex } from '../../messages/index.ts'
import { environment } from '../environment.ts'
import { RegaugeError } from '../../errors/index.ts'
import { NoApplication } from '../errors.ts'
import { credentialsFile, parseCredentials } from './credentials.ts'
import { NoCredentials } from './errors.ts'

/** What the commands do with the encrypted credentials of an environment. */
export interface CredentialsTasks {
  /** The file, from the root. */
  readonly file: string
  /** The text in it.
   * @throws NoCredentials, MissingMasterKey, InvalidMasterKey, UnreadableCredentials
   */
  read(): string
  /** The value under a path of names.
   * @example tasks.fetch('aws.access_key_id')
   * @throws MissingCredential beside what `read` throws
   */
  fetch(path: string): unknown
  /** What there is to edit: the text, or what a new file begins with.
   * @throws MissingMasterKey for a file that is there
   */
  draft(): string
  /** Encrypts a text, with a new key if there was no file and no key; leaves the file as it is when it holds that text. */
  save(text: string): SavedCredentials
}

/** What came of saving. */
export interface SavedCredentials {
  readonly isChanged: boolean
  /** The file of the key that was made. */
  readonly newKey?: string
  /** Why the application will not be able to read them. */
  readonly problem?: string
}

/** What can be done with the credentials of an environment.
 *
 * @param name the environment whose own file is meant; without it the one that the application reads in the current environment
 * @throws NoApplication
 */
export function credentialsTasks(root: string, name?: string): CredentialsTasks {
  if (!existsSync(join(root, 'config'))) throw new NoApplication({ root })
  const own = credentialsFile(root, environment(name), name === undefined ? undefined : true)
  const read = (file = name === undefined || own.isThere ? own : credentialsFile(root, environment(name))) => {
    if (!file.isThere) throw new NoCredentials({ file: own.path })
    return file.read()
  }
  return {
    file: own.path,
    read,
    fetch: (path) => parseCredentials(read(), own.path).fetch(...(path.split('.') as [string, ...string[]])),
    draft: () => (own.isThere ? own.read() : template(name)),
    save: (text) => {
      if (own.isThere && own.read() === text) return { isChanged: false }
      const isNew = !own.isThere && !own.hasKey
      if (isNew) {
        own.makeKey()
        ignore(root, own.keyPath)
      }
      own.write(text)
      return { isChanged: true, ...(isNew && { newKey: own.keyPath }), ...problemOf(text, own.path) }
    },
  }
}

// As Rails begins it: development and test make a secret of their own.
function template(name: string | undefined): string {
  const example = '# aws:\n#   access_key_id: 123\n#   secret_access_key: 345\n'
  if (name === 'development' || name === 'test') return example
  return `${example}
# Used as the base secret for all MessageVerifiers, including the one protecting cookies.
secret_key_base: ${randomHex(64)}
`
}

/** Keeps a key out of the repository. */
function ignore(root: string, keyFile: string): void {
  const file = join(root, '.gitignore')
  const line = `/${keyFile}`
  const ignored = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const lines = ignored.split('\n')
  if (!lines.includes(line) && !lines.includes(`/${dirname(keyFile)}/*.key`))
    appendFileSync(file, `${ignored === '' || ignored.endsWith('\n') ? '' : '\n'}${line}\n`)
}

function problemOf(text: string, file: string): { problem?: string } {
  try {
    parseCredentials(text, file)
    return {}
  } catch (error) {
    if (error instanceof RegaugeError) return { problem: error.message }
    throw error
  }
}
