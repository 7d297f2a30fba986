import { decodeBase64, encodeBase64 } from './base64.ts'
import { InvalidMessageOption } from './errors.ts'
import { decodeJson, encodeJson } from './serializers/json.ts'
import type { MessageSerializer } from './serializers/serializer.ts'

/** A length of time in seconds, or a Duration such as `minutes(15)`. */
export type Seconds = number | { readonly seconds: number }

/** What a message is for, and until when. */
export interface MessageMetadata {
  /** Reading must name the same purpose, so that a message made for one thing isn't taken for another. */
  readonly purpose?: string | null | undefined
  /** Reading at this time or later finds the message expired. Wins over `expiresIn`. */
  readonly expiresAt?: Date | null | undefined
  readonly expiresIn?: Seconds | null | undefined
}

/** What reading came to: the value, or what was wrong with it: `format` (not authentic), `serialization` or `content` (expired, another purpose). */
export type Reading = { readonly value: unknown } | { readonly failure: 'format' | 'serialization' | 'content'; readonly cause?: unknown }

const mismatch: Reading = { failure: 'content' }
const legacyStart = Buffer.from('{"_rails":{"message":')

/** The bytes of a value, in an envelope with its purpose and expiry when it has any.
 *
 * Since 7.1 Rails serializes the envelope with the value; before, and for serializers of one's own, it is JSON around the base64 of the serialized value.
 * @see ActiveSupport::Messages::Metadata
 */
export function serializeWithMetadata(value: unknown, metadata: MessageMetadata, serializer: MessageSerializer, legacy: boolean): Buffer {
  const { purpose } = metadata
  const expiry = expiryOf(metadata)
  if (purpose == null && expiry === undefined) return toBuffer(serializer.dump(value))
  if (legacy || serializer.writesMetadata !== true) {
    const message = encodeBase64(serializer.dump(value))
    return Buffer.from(encodeJson({ _rails: { message, exp: expiry ?? null, pur: purpose ?? null } }))
  }
  const envelope = { data: value, ...(expiry !== undefined && { exp: expiry }), ...(purpose != null && { pur: purpose }) }
  return toBuffer(serializer.dump({ _rails: envelope }))
}

/** The value of authentic bytes, if it hasn't expired and is for the purpose. */
export function deserializeWithMetadata(bytes: Buffer, purpose: string | null | undefined, serializer: MessageSerializer): Reading {
  try {
    if (bytes.subarray(0, legacyStart.length).equals(legacyStart)) return readLegacy(bytes, purpose, serializer)
    const value = serializer.load(bytes)
    if (isEnvelope(value)) return isCurrent(value._rails, purpose) ? { value: value._rails['data'] } : mismatch
    return purpose == null ? { value } : mismatch
  } catch (cause) {
    return { failure: 'serialization', cause }
  }
}

function readLegacy(bytes: Buffer, purpose: string | null | undefined, serializer: MessageSerializer): Reading {
  let envelope: unknown
  try {
    envelope = decodeJson(bytes.toString())
  } catch {
    return { failure: 'format' }
  }
  if (!isEnvelope(envelope) || !isCurrent(envelope._rails, purpose)) return mismatch
  const { message } = envelope._rails
  const serialized = typeof message === 'string' ? (decodeBase64(message) ?? decodeBase64(message, true)) : undefined
  return serialized === undefined ? { failure: 'format' } : { value: serializer.load(serialized) }
}

function isEnvelope(value: unknown): value is { _rails: Record<string, unknown> } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '_rails')
}

function isCurrent(envelope: unknown, purpose: string | null | undefined): envelope is Record<string, unknown> {
  if (typeof envelope !== 'object' || envelope === null) return false
  const { exp, pur } = envelope as { exp?: unknown; pur?: unknown }
  if (exp !== null && exp !== undefined && exp !== false && !(Date.now() < expiryTime(exp))) return false
  return String(pur ?? '') === (purpose ?? '')
}

const iso8601 = /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/

// A time that is none has passed.
function expiryTime(exp: unknown): number {
  if (exp instanceof Date) return exp.getTime()
  return typeof exp === 'string' && iso8601.test(exp) ? Date.parse(exp) : Number.NaN
}

function expiryOf({ expiresAt, expiresIn }: MessageMetadata): string | undefined {
  if (expiresAt != null) return isoTime(expiresAt, 'expiresAt')
  if (expiresIn == null) return undefined
  const seconds = typeof expiresIn === 'number' ? expiresIn : expiresIn.seconds
  return isoTime(new Date(Date.now() + seconds * 1000), 'expiresIn')
}

function isoTime(time: Date, option: string): string {
  if (Number.isNaN(time.getTime())) throw new InvalidMessageOption({ option, value: 'no time', expected: 'a time' })
  return time.toISOString()
}

function toBuffer(data: string | Uint8Array): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
