import { randomFillSync } from 'node:crypto'

/** The id of a request: the client's X-Request-Id without anything but letters, digits, `_`, `-` and `@`, or a new UUID. */
export function requestIdFrom(header: string | undefined): string {
  if (header === undefined) return randomId()
  return (
    header
      .slice(0, 1024)
      .replace(/[^\w\-@]/g, '')
      .slice(0, 255) || randomId()
  )
}

// Random UUIDs (RFC 9562, version 4), many at a time: a request should not wait for the system's generator, and a piece of a flat text
// goes into a header without being put together first.
const idsAtOnce = 128
const length = 36
const random = Buffer.alloc(16 * idsAtOnce)
const characters = Buffer.alloc(length * idsAtOnce, '-')
const digits = Buffer.from('0123456789abcdef')
/** Where the two digits of each random byte go in an id. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
let ids = ''
let used = 0

function randomId(): string {
  if (used === ids.length) {
    ids = newIds()
    used = 0
  }
  const at = used
  used += length
  return ids.slice(at, used)
}

function newIds(): string {
  randomFillSync(random)
  for (let id = 0; id < idsAtOnce; id++) {
    const version = 16 * id + 6
    random[version] = (random[version]! & 0x0f) | 0x40
    random[version + 2] = (random[version + 2]! & 0x3f) | 0x80
    for (let i = 0; i < 16; i++) {
      const byte = random[16 * id + i]!
      const place = length * id + places[i]!
      characters[place] = digits[byte >> 4]!
      characters[place + 1] = digits[byte & 15]!
    }
  }
  return characters.toString('latin1')
}
