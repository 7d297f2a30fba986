import { crc32 } from 'node:zlib'
import { polynomial, RangeChecksums } from './range_checksums.ts'

/** Bytes before the body of a frame: two magic bytes, length, checksum. */
export const frameBytes = 10
/** Two bytes that no UTF-8 text contains, so that the search for the next frame stops at few false places. */
const frameMagic = 0xfbf7
/** No body is longer; what claims to be is corrupt. */
export const maxBodyBytes = 512 * 1024 * 1024

/** A part of a file that couldn't be read. */
export interface Gap {
  readonly offset: number
  readonly bytes: number
  /** Nothing readable follows: the end of the file, as a crash leaves it. */
  readonly isTail: boolean
}

/** Writes what stands before a body: all but its checksum, see {@link sealFrames}. */
export function beginFrame(bytes: Buffer, at: number, bodyBytes: number): void {
  bytes[at] = frameMagic & 255
  bytes[at + 1] = frameMagic >> 8
  writeNumber(bytes, at + 2, bodyBytes)
}

/** As `writeUInt32LE`, which checks what is known here, and takes several times as long. */
export function writeNumber(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/** Where the frame ends that begins at `at`. */
export function frameEnd(bytes: Buffer, at: number): number {
  return at + frameBytes + bytes.readUInt32LE(at + 2)
}

/** Writes the checksums of the frames between two offsets. The salt of the file goes into them, so that a copy of another file's bytes,
 * or a payload that looks like a frame, is none here. */
export function sealFrames(bytes: Buffer, from: number, to: number, salt: number): void {
  for (let at = from; at < to; ) {
    const end = frameEnd(bytes, at)
    writeNumber(bytes, at + 6, crc32(bytes.subarray(at + frameBytes, end), salt))
    at = end
  }
}

/** A text as a frame of its own. */
export function textFrame(text: string, salt: number): Buffer {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(frameBytes + length)
  beginFrame(frame, 0, length)
  frame.write(text, frameBytes)
  sealFrames(frame, 0, frame.length, salt)
  return frame
}

/** A frame that says nothing, of so many bytes; undefined when there is no room for one. */
export function emptyFrame(size: number, salt: number): Buffer | undefined {
  if (size <= frameBytes) return undefined
  const frame = Buffer.alloc(size)
  beginFrame(frame, 0, size - frameBytes)
  sealFrames(frame, 0, size, salt)
  return frame
}

/** Hands the bounds of each body to `visit`, in order; what can't be read, or what `visit` answers false to, is handed to `damaged`.
 *
 * A frame whose checksum is wrong is passed over; since its length can't be trusted either, the next place where a frame with a right
 * checksum begins is looked for. That takes a time in proportion to the file, whatever is in it.
 *
 * @param offset where the first frame begins
 */
export function readFrames(
  bytes: Buffer,
  offset: number,
  salt: number,
  visit: (start: number, end: number) => boolean,
  damaged: (gap: Gap) => void,
): void {
  let checksums: RangeChecksums | undefined
  /** Where frames begin that `visit` doesn't understand. */
  let strangeFrom = -1
  const tellOfStrange = (end: number): void => {
    if (strangeFrom >= 0) damaged({ offset: strangeFrom, bytes: end - strangeFrom, isTail: false })
    strangeFrom = -1
  }
  let at = offset
  while (at < bytes.length) {
    const end = intactEnd(bytes, at, salt, checksums)
    if (end !== undefined && !visit(at + frameBytes, end)) {
      if (strangeFrom < 0) strangeFrom = at
      at = end
      continue
    }
    tellOfStrange(at)
    if (end !== undefined) {
      at = end
      continue
    }
    checksums ??= new RangeChecksums(bytes, at)
    const next = nextFrame(bytes, at + 1, salt, checksums)
    damaged({ offset: at, bytes: (next ?? bytes.length) - at, isTail: next === undefined })
    at = next ?? bytes.length
  }
  tellOfStrange(at)
}

/** The salt under which the frame at `at`, and the one behind it, are intact: checksums can be calculated backwards. */
export function saltOfFrame(bytes: Buffer, at: number): number | undefined {
  const end = claimedEnd(bytes, at)
  if (end === undefined) return undefined
  let register = ~bytes.readUInt32LE(at + 6)
  for (let index = end - 1; index >= at + frameBytes; index--) register = stepBack(register, bytes[index]!)
  const salt = ~register >>> 0
  return end >= endOfWritten(bytes) || intactEnd(bytes, end, salt) !== undefined ? salt : undefined
}

/** Where the zeros begin that a file ends with. A frame may end within them. */
export function endOfWritten(bytes: Buffer): number {
  let end = bytes.length
  while (end >= zeros.length && bytes.compare(zeros, 0, zeros.length, end - zeros.length, end) === 0) end -= zeros.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

const zeros = Buffer.alloc(4096)

function stepBack(register: number, byte: number): number {
  let value = register
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? ((value ^ polynomial) << 1) | 1 : value << 1
  return value ^ byte
}

function claimedEnd(bytes: Buffer, at: number): number | undefined {
  if (at + frameBytes > bytes.length || bytes.readUInt16LE(at) !== frameMagic) return undefined
  const length = bytes.readUInt32LE(at + 2)
  const end = at + frameBytes + length
  return length === 0 || length > maxBodyBytes || end > bytes.length ? undefined : end
}

/** @param checksums where many that are corrupt may be looked at */
function intactEnd(bytes: Buffer, at: number, salt: number, checksums?: RangeChecksums): number | undefined {
  const end = claimedEnd(bytes, at)
  if (end === undefined) return undefined
  const start = at + frameBytes
  const checksum = checksums === undefined ? crc32(bytes.subarray(start, end), salt) : checksums.of(start, end, salt)
  return checksum === bytes.readUInt32LE(at + 6) ? end : undefined
}

function nextFrame(bytes: Buffer, from: number, salt: number, checksums: RangeChecksums): number | undefined {
  const mark = Buffer.from([frameMagic & 255, frameMagic >> 8])
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    if (intactEnd(bytes, at, salt, checksums) !== undefined) return at
  }
  return undefined
}
