import { isDeepStrictEqual } from 'node:util'
import { RegaugeError } from '../../../src/errors/index.ts'
import { Duration } from '../../../src/jobs/index.ts'
import type { MessageMetadata, SerializerName } from '../../../src/messages/index.ts'

/** One case: what was given under its names in Ruby, and what came of it. */
export type CryptoCase = { readonly id: string; readonly kind: string } & Readonly<Record<string, unknown>>

export interface CryptoGolden {
  readonly about: {
    readonly now: string
    readonly secret_key_base: string
    readonly encryption_config: { readonly primary_key: string; readonly deterministic_key: string; readonly key_derivation_salt: string }
  }
  readonly cases: readonly CryptoCase[]
}

/** Throws when ours differs from Rails'. */
export type Check = (one: never, golden: CryptoGolden) => void | Promise<void>

/** What came of something in Ruby. */
export interface Recorded {
  readonly result?: unknown
  readonly error?: { readonly class: string; readonly message: string }
}

// Ruby's class → ours. That a message can't be read is one error here, whichever parser noticed.
const errorNames: Readonly<Record<string, string>> = {
  'ActiveSupport::MessageVerifier::InvalidSignature': 'InvalidSignature',
  'ActiveSupport::MessageEncryptor::InvalidMessage': 'InvalidMessage',
  'ActionDispatch::Cookies::CookieOverflow': 'CookieOverflow',
  'ActiveRecord::RecordNotFound': 'RecordNotFound',
  'ActiveRecord::Encryption::Errors::Decryption': 'DecryptionFailed',
  'BCrypt::Errors::InvalidHash': 'InvalidDigest',
  'JSON::ParserError': 'UnreadableMessage',
  TypeError: 'UnreadableMessage',
  RuntimeError: 'UnreadableMessage',
}

/** Runs something and compares what comes of it.
 * @param kinds what Ruby's general errors, such as ArgumentError, are called here
 */
export async function expectOutcome(recorded: Recorded, work: () => unknown, kinds: Readonly<Record<string, string>> = {}): Promise<void> {
  let value: unknown
  try {
    value = await work()
  } catch (error) {
    const expected = recorded.error === undefined ? undefined : (kinds[recorded.error.class] ?? errorNames[recorded.error.class])
    if (error instanceof RegaugeError && error.name === expected) return
    throw new Error(`expected ${show(recorded)}, got ${error instanceof Error ? error.stack : String(error)}`)
  }
  if (recorded.error !== undefined) throw new Error(`expected ${recorded.error.class}, got ${show(value)}`)
  expectSame(value ?? null, decode(recorded.result ?? null))
}

export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`expected ${show(expected)}, got ${show(actual)}`)
}

/** The values of Ruby that JSON can't say. Symbols are strings here. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const [tag, member] = Object.entries(value)[0] ?? ['', undefined]
  switch (tag) {
    case '$sym':
      return member
    case '$int':
      return BigInt(member)
    case '$time':
      return new Date(member)
    case '$twz':
      return new Date(member[0])
    case '$duration':
      return new Duration([['seconds', member[1]]])
    case '$bytes':
      return Buffer.from(member, 'hex')
    case '$hash':
      return Object.fromEntries((member as [unknown, unknown][]).map(([key, one]) => [String(decode(key)), decode(one)]))
    default:
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decode(one)]))
  }
}

/** Options of Ruby as ours: `expires_in` is `expiresIn`. */
export function metadataOf(options: unknown): MessageMetadata {
  const { purpose, expires_at, expires_in } = decode(options ?? {}) as { purpose?: string; expires_at?: Date; expires_in?: number }
  return { purpose, expiresAt: expires_at, expiresIn: expires_in }
}

/** The name here of what a recorded configuration calls its serializer. */
export function serializerOf(name: string | undefined): SerializerName | undefined {
  const others: Readonly<Record<string, SerializerName>> = {
    JSON: 'plain_json',
    'ActiveSupport::JSON': 'json',
    'ActiveSupport::MessageEncryptor::NullSerializer': 'null',
  }
  return name === undefined ? undefined : (others[name] ?? (name as SerializerName))
}

export function hex(text: unknown): Buffer {
  return Buffer.from(String(text), 'hex')
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? `${member}n` : member)) ?? 'undefined'
}
