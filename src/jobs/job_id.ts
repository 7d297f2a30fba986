import { randomFillSync } from 'node:crypto'

const idBytes = 16
const pool = Buffer.allocUnsafeSlow(256 * idBytes)
let used = pool.length
const digits = Buffer.from('0123456789abcdef')
const text = Buffer.from('00000000-0000-4000-8000-000000000000')
const view = new DataView(text.buffer, text.byteOffset, text.length)
/** The two digits of each byte, as they are in memory. */
const pairs = Uint16Array.from({ length: 256 }, (_, byte) => digits[byte >> 4]! | (digits[byte & 15]! << 8))
/** Where the two digits of each byte are. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

/** A random UUID (RFC 9562, version 4). Those of `randomUUID` are texts in twenty pieces, which whoever reads one has to put together. */
export function newJobId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  for (let index = 0; index < idBytes; index++) view.setUint16(places[index]!, pairs[pool[used + index]!]!, true)
  text[14] = 0x34
  text[19] = digits[8 | ((pool[used + 8]! >> 4) & 3)]!
  used += idBytes
  return text.toString('latin1')
}
