import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { InvalidMessageOption } from './errors.ts'
import { randomUrlSafe } from './random_token.ts'

const tokenLength = 32

/** Where a token may be used: the path and verb of one form's request. */
export interface FormTarget {
  readonly path: string
  readonly method: string
}

/** A new secret of a session, kept there under `_csrf_token`. It never leaves unmasked. */
export function generateCsrfToken(): string {
  return randomUrlSafe(tokenLength)
}

/** The token that a page carries, of a session's secret: masked with a new random pad each time, so that compression can't give it away.
 *
 * @param form narrows the token to one form's request
 * @throws InvalidMessageOption when the secret isn't one that `generateCsrfToken` made
 * @example maskedCsrfToken(session._csrf_token, { path: '/posts', method: 'post' })
 * @see ActionController::RequestForgeryProtection
 */
export function maskedCsrfToken(secret: string, form?: FormTarget): string {
  const real = decodeBase64(secret, true)
  if (real?.length !== tokenLength)
    throw new InvalidMessageOption({ option: 'the secret of CSRF tokens', value: 'this', expected: '32 bytes in base64' })
  const pad = randomBytes(tokenLength)
  return encodeBase64(Buffer.concat([pad, xor(pad, form === undefined ? globalToken(real) : formToken(real, form))]), true)
}

/** Whether a request's token belongs to a session's secret.
 *
 * @param target the request's path and verb; tokens of one form are taken only when it is given
 * @returns false for anything that isn't a token
 */
export function isValidCsrfToken(secret: string, token: unknown, target?: FormTarget): boolean {
  const real = decodeBase64(secret, true)
  const given = typeof token === 'string' && token.length <= tokenLength * 4 ? decodeBase64(token, true) : undefined
  if (real?.length !== tokenLength || given === undefined) return false
  if (given.length === tokenLength) return timingSafeEqual(given, real)
  if (given.length !== tokenLength * 2) return false
  const unmasked = xor(given.subarray(0, tokenLength), given.subarray(tokenLength))
  const candidates = [globalToken(real), real, ...(target === undefined ? [] : [formToken(real, target)])]
  return candidates.filter((candidate) => timingSafeEqual(unmasked, candidate)).length > 0
}

function globalToken(real: Buffer): Buffer {
  return hmac(real, '!real_csrf_token')
}

function formToken(real: Buffer, { path, method }: FormTarget): Buffer {
  return hmac(real, `${path}#${method.toLowerCase()}`)
}

function hmac(real: Buffer, identifier: string): Buffer {
  return createHmac('sha256', createSecretKey(real)).update(identifier).digest()
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ b[index]!))
}
