import crypto, { randomBytes } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { type GoldenResult, runCases } from '../golden_file.ts'
import { cookies } from './crypto_cookies.ts'
import { digests } from './crypto_digests.ts'
import { encryption } from './crypto_encryption.ts'
import { messages } from './crypto_messages.ts'
import { closeModels } from './crypto_models.ts'
import { newSessionIdOf, sessions } from './crypto_sessions.ts'
import { tokens } from './crypto_tokens.ts'
import type { CryptoCase, CryptoGolden, Check } from './crypto_values.ts'

// Kept, since the import follows what is replaced.
const originalRandomBytes = randomBytes

const checks: Readonly<Record<string, Check>> = { ...messages, ...digests, ...cookies, ...sessions, ...tokens, ...encryption }

/** Writes and reads every message of `crypto.json` and compares with Rails: at Rails' time, with the random bytes that Rails had. */
export async function run(golden: CryptoGolden): Promise<GoldenResult> {
  try {
    return await runCases(golden.cases.map((one) => ({ id: one.id, run: () => runCase(one, golden) })))
  } finally {
    await closeModels(golden)
  }
}

async function runCase(one: CryptoCase, golden: CryptoGolden): Promise<void> {
  const check = checks[one.kind]
  if (check === undefined) throw new Error(`no runner for ${one.kind}`)
  await at(one['now'] ?? golden.about.now, () => withRandomBytes(one, () => check(one as never, golden)))
}

async function at<T>(time: unknown, work: () => T | Promise<T>): Promise<T> {
  const { now } = Date
  const frozen = Date.parse(String(time))
  Date.now = () => frozen
  try {
    return await work()
  } finally {
    Date.now = now
  }
}

/** The random bytes that were recorded (IVs, one-time pads), one after the other, and then real ones. */
async function withRandomBytes<T>(one: CryptoCase, work: () => T | Promise<T>): Promise<T> {
  const recorded = [newSessionIdOf(one), one['iv'], one['iv_hex'], ...list(one['ivs']), one['one_time_pad_hex']].filter(
    (hex) => typeof hex === 'string',
  )
  const replaced = (size: number, callback?: (error: Error | null, bytes: Buffer) => void): Buffer | undefined => {
    if (callback !== undefined) {
      originalRandomBytes(size, callback)
      return undefined
    }
    const next = recorded[0] === undefined ? undefined : Buffer.from(recorded[0], 'hex')
    if (next?.length !== size) return originalRandomBytes(size)
    recorded.shift()
    return next
  }
  Object.assign(crypto, { randomBytes: replaced })
  syncBuiltinESMExports()
  try {
    return await work()
  } finally {
    Object.assign(crypto, { randomBytes: originalRandomBytes })
    syncBuiltinESMExports()
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
