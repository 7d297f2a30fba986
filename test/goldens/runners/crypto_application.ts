import { ApplicationMessages } from '../../../src/messages/index.ts'
import type { CryptoGolden } from './crypto_values.ts'

const bySecret = new Map<string, ApplicationMessages>()

/** The secrets of the application that was recorded. */
export function applicationMessages({ about }: CryptoGolden): ApplicationMessages {
  const secret = about.secret_key_base
  const known = bySecret.get(secret) ?? new ApplicationMessages(secret)
  bySecret.set(secret, known)
  return known
}
