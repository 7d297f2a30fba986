import { createHash } from 'node:crypto'
import { randomHex } from './random_token.ts'

/** A new id of a session: 128 random bits in hexadecimal, which is what browsers get. */
export function generateSessionId(): string {
  return randomHex(16)
}

/** The id under which a server-side store keeps a session, so that whoever reads the store can't take sessions over.
 * @example privateSessionId('abc') // '2::ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
 * @see Rack::Session::SessionId
 */
export function privateSessionId(publicId: string): string {
  return `2::${createHash('sha256').update(publicId).digest('hex')}`
}
