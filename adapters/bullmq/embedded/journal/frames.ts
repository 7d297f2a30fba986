import { crc32 } from 'node:zlib'

/** Bytes in front of each payload: its length and its checksum. */
export const frameHeaderBytes = 8

/** A stretch of bytes that is no frame. */
export interface Gap {
  readonly offset: number
  readonly bytes: number
  /** Nothing follows it. */
  readonly isTail: boolean
}

/** Wraps a payload. The salt of the file goes into its checksum, so that a copy of another file's bytes is no frame here. */
export function encodeFrame(payload: string, salt: number): Buffer {
  const length = Buffer.byteLength(payload)
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length)
  frame.write(payload, frameHeaderBytes)
  frame.writeUInt32LE(length, 0)
  frame.writeUInt32LE(crc32(frame.subarray(frameHeaderBytes), salt), 4)
  return frame
}

/** Calls `onFrame` with each payload from `offset` on, and `onGap` with what can't be read, where it looks for the next frame. */
export function readFrames(
  bytes: Buffer,
  offset: number,
  salt: number,
  onFrame: (payload: Buffer) => void,
  onGap: (gap: Gap) => void,
): void {
  let position = offset
  while (position < bytes.length) {
    const payload = frameAt(bytes, position, salt)
    if (payload !== undefined) {
      onFrame(payload)
      position += frameHeaderBytes + payload.length
      continue
    }
    let next = position + 1
    while (next < bytes.length && frameAt(bytes, next, salt) === undefined) next++
    onGap({ offset: position, bytes: next - position, isTail: next >= bytes.length })
    position = next
  }
}

/** The payload of the frame that starts at `offset`. Ours are JSON arrays or objects, which spares most checksums in a search. */
export function frameAt(bytes: Buffer, offset: number, salt: number): Buffer | undefined {
  const start = offset + frameHeaderBytes
  if (start >= bytes.length) return undefined
  const length = bytes.readUInt32LE(offset)
  if (length === 0 || start + length > bytes.length) return undefined
  const first = bytes[start]
  if (first !== 0x5b && first !== 0x7b) return undefined
  const payload = bytes.subarray(start, start + length)
  return crc32(payload, salt) === bytes.readUInt32LE(offset + 4) ? payload : undefined
}
