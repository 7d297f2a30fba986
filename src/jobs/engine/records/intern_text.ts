import { readText } from './put_record.ts'
import { isAsciiText } from './unpacked_data.ts'

const mostTexts = 10_000
const interned = new Map<string, string>()
/** The texts that were asked for last, by a hash of their bytes: to find one of them, no string is made. */
const recent = new Array<string | undefined>(256).fill(undefined)

/** A text of a record that repeats, such as the name of a queue: one string for all jobs that carry it. */
export function internText(bytes: Buffer, at: number): string {
  const length = bytes.readUInt32LE(at)
  const slot = slotOf(bytes, at + 4, length)
  const known = recent[slot]
  if (known !== undefined && isAsciiText(known, bytes, at + 4, length)) return known
  const text = intern(readText(bytes, at))
  recent[slot] = text
  return text
}

function intern(text: string): string {
  const known = interned.get(text)
  if (known !== undefined) return known
  if (interned.size < mostTexts) interned.set(text, text)
  return text
}

function slotOf(bytes: Buffer, at: number, length: number): number {
  if (length === 0) return 0
  return (length * 31 + bytes[at]! * 7 + bytes[at + (length >> 1)]! * 3 + bytes[at + length - 1]!) & 255
}
