import { randomBytes, randomInt } from 'node:crypto'

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Lower-case hexadecimal of random bytes, as `SecureRandom.hex`. */
export function randomHex(bytes = 16): string {
  return randomBytes(bytes).toString('hex')
}

/** URL-safe base64 of random bytes, without padding, as `SecureRandom.urlsafe_base64`. */
export function randomUrlSafe(bytes = 16): string {
  return randomBytes(bytes).toString('base64url')
}

/** Random letters and digits that can't be mistaken for each other, as `has_secure_token` writes.
 * @param length in characters; 24 carry 140 bits
 */
export function randomBase58(length = 24): string {
  let token = ''
  for (let i = 0; i < length; i++) token += base58[randomInt(base58.length)]
  return token
}
