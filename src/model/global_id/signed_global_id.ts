import { currentMessages, encodeBase64, MessageVerifier, type Seconds } from '../../messages/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { globalIdOf, type GlobalIdParams } from './global_id.ts'
import { locateRecord, type LocateOptions, locateRecords } from './locator.ts'

/** What a signed GlobalID is for, and until when; other options become its parameters. */
export interface SignedGlobalIdOptions {
  /** Finding must name the same purpose. Default `default`. */
  readonly for?: string
  /** Default one month; null for never. */
  readonly expiresIn?: Seconds | null
  readonly expiresAt?: Date | null
  readonly [param: string]: unknown
}

/** @throws InvalidArgument for a record that isn't saved */
export function signedGlobalIdOf(record: object, options: SignedGlobalIdOptions): string {
  const globalId = globalIdOf(record, paramsOf(options))
  if (typeof globalId !== 'string') throw new InvalidArgument({ reason: `A ${record.constructor.name} that isn't saved has no GlobalID.` })
  return verifier().generate(globalId, { purpose: options.for ?? 'default', expiresAt: expiryOf(options) })
}

/** Finds the record of a signed GlobalID; null when it isn't valid, has expired or is for something else.
 * @throws RecordNotFound when the row is gone
 * @example await locateSigned(params.string('gid'), { for: 'sharing', only: Project })
 */
export async function locateSigned(signed: unknown, options: LocateOptions & { readonly for?: string } = {}): Promise<ModelRecord | null> {
  const globalId = verifiedGlobalId(signed, options.for)
  return globalId === undefined ? null : locateRecord(globalId, options)
}

/** Finds the records of signed GlobalIDs, in their order; those that aren't valid are left out. */
export async function locateManySigned(
  signed: readonly unknown[],
  options: LocateOptions & { readonly for?: string; readonly ignoreMissing?: boolean } = {},
): Promise<ModelRecord[]> {
  return locateRecords(
    signed.map((each) => verifiedGlobalId(each, options.for)),
    options,
  )
}

function verifiedGlobalId(signed: unknown, purpose = 'default'): string | undefined {
  const globalId = verifier().verified(signed, { purpose }) ?? legacyGlobalId(verifier().verified(signed), purpose)
  return typeof globalId === 'string' ? globalId : undefined
}

/** Before GlobalID 1.0 the expiry and the purpose were a part of what was signed. */
function legacyGlobalId(data: unknown, purpose: string): unknown {
  if (typeof data !== 'object' || data === null || !('gid' in data) || !('purpose' in data)) return undefined
  const expiry = 'expires_at' in data ? data.expires_at : null
  const isCurrent = expiry === null || (typeof expiry === 'string' && Date.now() <= Date.parse(expiry))
  return isCurrent && data.purpose === purpose ? data.gid : undefined
}

/** Writes URL-safe base64 with padding, as GlobalID does and nobody else. */
class GlobalIdVerifier extends MessageVerifier {
  protected override encode(bytes: Buffer): string {
    return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_')
  }
}

const verifiers = new WeakMap<object, MessageVerifier>()

function verifier(): MessageVerifier {
  const { keyGenerator } = currentMessages()
  let found = verifiers.get(keyGenerator)
  if (found === undefined) {
    found = new GlobalIdVerifier(keyGenerator.generateKey('signed_global_ids'), { urlSafe: true })
    verifiers.set(keyGenerator, found)
  }
  return found
}

function expiryOf({ expiresAt, expiresIn }: SignedGlobalIdOptions): Date | null {
  if (expiresAt !== undefined) return expiresAt
  if (expiresIn === null) return null
  if (expiresIn === undefined) return monthLater(new Date(Date.now()))
  return new Date(Date.now() + (typeof expiresIn === 'number' ? expiresIn : expiresIn.seconds) * 1000)
}

function monthLater(time: Date): Date {
  const later = new Date(time)
  const day = later.getUTCDate()
  later.setUTCMonth(later.getUTCMonth() + 1)
  if (later.getUTCDate() !== day) later.setUTCDate(0) // the 31st of a month that has 30 days: its last
  return later
}

// Rails' GlobalIDs carry all options but the purpose, the expiry too.
function paramsOf(options: SignedGlobalIdOptions): GlobalIdParams {
  const params: Record<string, string | null> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'for' || value === undefined) continue
    params[name === 'expiresIn' ? 'expires_in' : name === 'expiresAt' ? 'expires_at' : name] = paramOf(value)
  }
  return params
}

function paramOf(value: unknown): string | null {
  if (value === null) return null
  if (value instanceof Date) return `${value.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return typeof value === 'object' && 'seconds' in value ? String(value.seconds) : String(value)
}
