import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Credentials } from './credentials/credentials.ts'
import type { Environment } from './environment.ts'
import { InvalidSetting, MissingSecretKeyBase } from './errors.ts'

/** A shorter secret could be guessed from one signed message, without a request to us. */
const leastLength = 30

/** The secret that signatures and encryption keys are derived from: `SECRET_KEY_BASE`, else `secret_key_base` of the credentials, else, in
 * development and test, a random one kept in `tmp/local_secret.txt` so that sessions and tokens survive a restart. With
 * `SECRET_KEY_BASE_DUMMY` set that one serves everywhere, for builds that only compile.
 *
 * @throws MissingSecretKeyBase in other environments without any
 */
export function secretKeyBase(root: string, env: Environment, credentials?: Credentials): string {
  if (process.env['SECRET_KEY_BASE_DUMMY']) return localSecret(root)
  const given = process.env['SECRET_KEY_BASE'] || credentials?.text('secret_key_base')
  if (given) return given
  if (env.isDevelopment || env.isTest) return localSecret(root)
  throw new MissingSecretKeyBase({})
}

/** Checks the secret that an application boots with. The secret itself is never shown.
 * @throws InvalidSetting when it is too short
 */
export function checkSecretKeyBase(secret: unknown): void {
  const length = typeof secret === 'string' ? secret.trim().length : 0
  if (length >= leastLength) return
  const value = typeof secret === 'string' ? `${length} characters long` : `a ${typeof secret}`
  const expected = `at least ${leastLength} characters that nobody can guess, such as 128 random hexadecimal ones`
  throw new InvalidSetting({ setting: 'secretKeyBase', value, expected })
}

function localSecret(root: string): string {
  const file = join(root, 'tmp', 'local_secret.txt')
  try {
    const kept = readFileSync(file, 'utf8').trim()
    if (kept !== '') return kept
  } catch {} // not made yet
  return keep(randomBytes(64).toString('hex'), file)
}

function keep(secret: string, file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, secret, { mode: 0o600 })
  } catch {} // a folder that can't be written to: the secret lasts as long as the process
  return secret
}
