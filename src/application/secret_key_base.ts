import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from './environment.ts'
import { MissingSecretKeyBase } from './errors.ts'

/** The secret that signatures and encryption keys are derived from: `SECRET_KEY_BASE`, else, outside of production,
 * a random one kept in `tmp/local_secret.txt` so that sessions and tokens survive a restart.
 *
 * @throws MissingSecretKeyBase in production without the variable
 */
export function secretKeyBase(root: string, env: Environment): string {
  const given = process.env['SECRET_KEY_BASE']
  if (given) return given
  if (env.isProduction) throw new MissingSecretKeyBase({})
  const file = join(root, 'tmp', 'local_secret.txt')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return keep(randomBytes(64).toString('hex'), file)
  }
}

function keep(secret: string, file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, secret, { mode: 0o600 })
  } catch {} // a folder that can't be written to: the secret lasts as long as the process
  return secret
}
