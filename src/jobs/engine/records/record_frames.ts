import { frameBytes, frameEnd } from '../../journal/index.ts'

/** Bytes before each record of a frame: its length. */
export const lengthBytes = 4
/** A frame that has grown so large takes no more records. One checksum for some records takes a tenth of the time of one for each; what a disk loses is
 * seldom less than this, so that a damage hits few records more. */
export const frameFill = 4096

/** How long the record is that begins at `at`. */
export function recordBytes(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at - lengthBytes)
}

/** Where the records begin that stand in the frames between two offsets. */
export function* recordsInFrames(bytes: Buffer, from: number, to: number): Generator<number, void> {
  for (let frame = from; frame < to; frame = frameEnd(bytes, frame)) yield* recordsIn(bytes, frame + frameBytes, frameEnd(bytes, frame))
}

/** Where the records begin of the body of a frame. */
export function* recordsIn(bytes: Buffer, from: number, to: number): Generator<number, void> {
  for (let at = from + lengthBytes; at < to; at += recordBytes(bytes, at) + lengthBytes) yield at
}

/** Whether the body of a frame is made of records, of which `isWhole` accepts each. */
export function areRecords(bytes: Buffer, from: number, to: number, isWhole: (start: number, end: number) => boolean): boolean {
  let at = from
  while (at + lengthBytes < to) {
    const start = at + lengthBytes
    at = start + recordBytes(bytes, start)
    if (at > to || !isWhole(start, at)) return false
  }
  return at === to
}

/** Whether the body of a frame is nothing but zeros: it stands where something wasn't written. */
export function isSilent(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false
  return true
}
