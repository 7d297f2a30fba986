import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether two secrets are equal, in a time that says nothing of where they differ, nor of their lengths.
 *
 * Both are hashed first, since `timingSafeEqual` needs equal lengths (as ActiveSupport's `secure_compare` does).
 * @example constantTimeEqual(given, process.env.API_TOKEN ?? '')
 */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

function sha256(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest()
}
