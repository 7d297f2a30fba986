import { crc32 } from 'node:zlib'
import type { Gap } from '../../../../src/jobs/journal/index.ts'

const frameHeaderBytes = 8

/** Reads a file of version 1, whose frames were a length, a checksum and JSON, the first one a header with the salt of the others.
 * Such files aren't written any more; the next snapshot takes their place.
 *
 * @returns false when it is none
 */
export function readVersion1(bytes: Buffer, visit: (start: number, end: number) => boolean, damaged: (gap: Gap) => void): boolean {
  const header = frameEndAt(bytes, 0, 0)
  if (header === undefined) return false
  const fields: unknown = JSON.parse(bytes.toString('utf8', frameHeaderBytes, header))
  const { format, version, salt } = Object(fields) as { format?: unknown; version?: unknown; salt?: unknown }
  if (format !== 'regauge-bullmq' || version !== 1 || typeof salt !== 'number') return false
  let at = header
  while (at < bytes.length) {
    const end = frameEndAt(bytes, at, salt)
    if (end !== undefined && visit(at + frameHeaderBytes, end)) {
      at = end
      continue
    }
    let next = at + 1
    while (next < bytes.length && frameEndAt(bytes, next, salt) === undefined) next++
    damaged({ offset: at, bytes: next - at, isTail: next >= bytes.length })
    at = next
  }
  return true
}

/** Where the frame ends that begins at `at`. Its payload is a JSON array or object, which spares most checksums in a search. */
function frameEndAt(bytes: Buffer, at: number, salt: number): number | undefined {
  const start = at + frameHeaderBytes
  if (start >= bytes.length) return undefined
  const end = start + bytes.readUInt32LE(at)
  if (end === start || end > bytes.length) return undefined
  if (bytes[start] !== 0x5b && bytes[start] !== 0x7b) return undefined
  return crc32(bytes.subarray(start, end), salt) === bytes.readUInt32LE(at + 4) ? end : undefined
}
