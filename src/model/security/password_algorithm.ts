import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { digestPassword, maxPasswordBytes, passwordMatches } from '../../messages/index.ts'
import { InvalidArgument } from '../errors.ts'

/** How passwords are digested. */
export interface PasswordAlgorithm {
  digest(password: string): Promise<string>
  /** Whether a password is the one that was digested; takes as long where there is no digest. */
  matches(password: string, digest: string | null): Promise<boolean>
  /** What of a digest changes with the password: tokens that reset it end with that. */
  salt(digest: string): string | null
  /** How many bytes of a password are read; longer ones aren't valid. */
  readonly maxBytes?: number
}

/** The algorithms that have a name: bcrypt, and argon2 where the application has the package of that name. */
export type PasswordAlgorithmName = 'bcrypt' | 'argon2'

const bcrypt: PasswordAlgorithm = {
  digest: (password) => digestPassword(password),
  matches: passwordMatches,
  salt: (digest) => digest.slice(0, 29),
  maxBytes: maxPasswordBytes,
}

/** The algorithm that `hasSecurePassword` was given, or bcrypt.
 * @throws InvalidArgument for an unknown name, and for argon2 without its package
 */
export function passwordAlgorithm(given: PasswordAlgorithmName | PasswordAlgorithm = 'bcrypt'): PasswordAlgorithm {
  if (typeof given === 'object') return given
  if (given === 'bcrypt') return bcrypt
  if (given === 'argon2') return argon2()
  const reason = `hasSecurePassword knows no algorithm '${String(given)}': it takes bcrypt, argon2, or an object with digest, matches and salt.`
  throw new InvalidArgument({ reason })
}

interface Argon2 {
  hash(password: string, options?: object): Promise<string>
  verify(digest: string, password: string): Promise<boolean>
}

function argon2(): PasswordAlgorithm {
  const file = argon2File()
  const load = async (): Promise<Argon2> => {
    const loaded = (await import(file)) as Argon2 & { default?: Argon2 }
    return loaded.default ?? loaded
  }
  const digest = async (password: string): Promise<string> => {
    const { hash } = await load()
    return hash(password, process.env['NODE_ENV'] === 'test' ? { timeCost: 2, memoryCost: 1024 } : {})
  }
  return {
    digest,
    async matches(password, held) {
      if (held?.startsWith('$argon2')) return (await load()).verify(held, password).catch(() => false)
      await digest('')
      return false
    },
    salt: (held) => held.split('$').at(-2) ?? null,
  }
}

/** It is the application's dependency, not ours. */
function argon2File(): string {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve('argon2')).href
  } catch (error) {
    const reason = "hasSecurePassword with the algorithm argon2 needs the package argon2, which isn't installed: npm install argon2."
    throw new InvalidArgument({ reason }, { cause: error })
  }
}
