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

// Random UUIDs (RFC 9562, version 4) are cut from a long text of random digits: a request should not wait for the system's generator.
const bytes = Buffer.alloc(16 * 1024)
let digits = ''
let used = 0

function randomId(): string {
  if (used === digits.length) {
    digits = randomFillSync(bytes).toString('hex')
    used = 0
  }
  const at = used
  used += 32
  const variant = 'ab89'[digits.charCodeAt(at + 16) & 3]
  const start = `${digits.substring(at, at + 8)}-${digits.substring(at + 8, at + 12)}-4${digits.substring(at + 13, at + 16)}`
  return `${start}-${variant}${digits.substring(at + 17, at + 20)}-${digits.substring(at + 20, at + 32)}`
}
