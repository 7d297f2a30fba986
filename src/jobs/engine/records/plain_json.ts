import type { Slab } from './slab.ts'
import { wordsOf } from './written_names.ts'

const deepest = 50
/** Shorter texts are written character by character: a call into C++ takes as long as a dozen of them. */
const shortText = 12
/** In longer texts what must be escaped is searched for as a text. */
const longText = 100
/** The bytes of longer keys aren't kept… */
const longestKey = 28
/** …and those of others, with quotation marks and colon, take no more than this. */
const keyBytes = 32
const quoteMark = 0x22
const backslash = 0x5c
const { hasOwnProperty: isOwn } = Object.prototype
/** What `write` calls when it has looked at its arguments. Where Node has it no longer, `write` does. */
const writeUtf8: (this: Buffer, text: string, at: number, most: number) => number =
  (Buffer.prototype as { utf8Write?: (text: string, at: number, most: number) => number }).utf8Write ?? Buffer.prototype.write
/** 1 for each byte that doesn't stand for itself. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(code < 0x20 || code > 0x7e || code === quoteMark || code === backslash),
)

/** A key, and what is written for it. */
interface WrittenKey {
  readonly key: string
  /** The bytes, four at a time. */
  readonly words: Int32Array
  readonly bytes: number
}

/** Keys that were written before, each in a place that follows from its characters: of two that share one, the last. */
const writtenKeys = new Array<WrittenKey | undefined>(256).fill(undefined)

/** Writes the JSON of a value that is plain: objects and arrays of numbers, booleans and texts that need no escape. `JSON.stringify` makes a text,
 * which is copied, and looks at each character by itself; to search for what it would escape takes a fifth of the time.
 *
 * @returns where it ends; -1 when the value isn't plain, and when there is no room for it: then `JSON.stringify` has to do it
 */
export function writePlainJson(slab: Slab, at: number, value: object): number {
  const end = writeObject(slab, at, value, 0)
  return end > slab.size ? -1 : end
}

function writeValue(slab: Slab, at: number, value: unknown, depth: number): number {
  if (typeof value === 'string') return writeText(slab, at, value)
  if (typeof value === 'number') return writeNumber(slab.bytes, at, value)
  if (typeof value === 'boolean' || value === null) return writeWord(slab.bytes, at, String(value))
  return typeof value === 'object' && depth < deepest ? writeObject(slab, at, value, depth + 1) : -1
}

function writeObject(slab: Slab, at: number, value: object, depth: number): number {
  if ((value as { toJSON?: unknown }).toJSON !== undefined) return -1
  // To ask for the prototype of what may be anything is a call into C++.
  if (value.constructor === Object) return writeHash(slab, at, value, depth)
  if (Array.isArray(value)) return writeArray(slab, at, value, depth)
  return Object.getPrototypeOf(value) === null ? writeHash(slab, at, value, depth) : -1
}

function writeArray(slab: Slab, at: number, values: readonly unknown[], depth: number): number {
  const { bytes } = slab
  let end = at
  bytes[end++] = 0x5b
  for (let index = 0; index < values.length; index++) {
    if (index > 0) bytes[end++] = 0x2c
    end = writeValue(slab, end, values[index], depth)
    if (end < 0 || end > slab.size) return -1
  }
  bytes[end++] = 0x5d
  return end
}

function writeHash(slab: Slab, at: number, value: object, depth: number): number {
  const { bytes } = slab
  let end = at
  bytes[end++] = 0x7b
  // As fast as an object's own fields are read; what a prototype has, JSON leaves out.
  for (const key in value) {
    if (!isOwn.call(value, key)) continue
    const item = (value as Record<string, unknown>)[key]
    if (item === undefined) continue
    if (end > at + 1) bytes[end++] = 0x2c
    end = writeKey(slab, end, key)
    if (end < 0) return -1
    end = writeValue(slab, end, item, depth)
    if (end < 0 || end > slab.size) return -1
  }
  bytes[end++] = 0x7d
  return end
}

/** Writes a key and a colon: those of jobs are the same few again and again, and are copied. */
function writeKey(slab: Slab, at: number, key: string): number {
  const { length } = key
  if (length === 0 || length > longestKey || at + keyBytes > slab.size) return writeNewKey(slab, at, key)
  const place = (key.charCodeAt(0) * 7 + key.charCodeAt(length - 1) * 3 + length * 31) & 255
  const written = writtenKeys[place]
  if (written === undefined || written.key !== key) {
    const end = writeNewKey(slab, at, key)
    if (end >= 0) writtenKeys[place] = { key, words: wordsOf(slab, at, end), bytes: end - at }
    return end
  }
  const { view } = slab
  const { words, bytes } = written
  for (let index = 0; index < words.length; index++) view.setInt32(at + index * 4, words[index]!, true)
  return at + bytes
}

function writeNewKey(slab: Slab, at: number, key: string): number {
  const end = writeText(slab, at, key)
  if (end < 0 || end >= slab.size) return -1
  slab.bytes[end] = 0x3a
  return end + 1
}

function writeText({ bytes, view, size }: Slab, at: number, text: string): number {
  const { length } = text
  const start = at + 1
  const end = start + length
  if (end >= size) return -1
  bytes[at] = bytes[end] = quoteMark
  if (length < shortText) return writeShortText(bytes, start, text) ? end + 1 : -1
  if (length > longText && (text.includes('"') || text.includes('\\'))) return -1
  // What isn't ASCII takes more bytes than it has characters.
  if (writeUtf8.call(bytes, text, start, size - start) !== length) return -1
  return (length > longText ? isPrintable(view, start, end) : isItself(view, start, end)) ? end + 1 : -1
}

function writeShortText(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7e || isSpecial[code] === 1) return false
    bytes[at + index] = code
  }
  return true
}

/** Whether there is no control character, no quotation mark and no backslash: eight bytes of ASCII at a time. A byte that is smaller than another sets its
 * highest bit when that is subtracted from it, and 0 does when 1 is subtracted. */
function isItself(view: DataView, from: number, to: number): boolean {
  let found = 0
  let at = from
  for (; at + 8 <= to; at += 8) {
    const four = view.getInt32(at, true)
    const next = view.getInt32(at + 4, true)
    found |= (four - 0x20202020) | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)
    found |= (next - 0x20202020) | ((next ^ 0x22222222) - 0x01010101) | ((next ^ 0x5c5c5c5c) - 0x01010101)
  }
  return (found & 0x80808080) === 0 && areThemselves(view, at, to)
}

/** Whether there is no control character: sixteen bytes of ASCII at a time. */
function isPrintable(view: DataView, from: number, to: number): boolean {
  let found = 0
  let at = from
  for (; at + 16 <= to; at += 16) {
    found |= (view.getInt32(at, true) - 0x20202020) | (view.getInt32(at + 4, true) - 0x20202020)
    found |= (view.getInt32(at + 8, true) - 0x20202020) | (view.getInt32(at + 12, true) - 0x20202020)
  }
  return (found & 0x80808080) === 0 && areThemselves(view, at, to)
}

function areThemselves(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isSpecial[view.getUint8(at)] === 1) return false
  return true
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if ((value | 0) !== value || value < 0) return writeWord(bytes, at, Number.isFinite(value) ? String(value) : 'null')
  let end = at + 1
  for (let bound = 10; bound <= value; bound *= 10) end++
  let rest = value | 0
  for (let index = end - 1; index >= at; index--) {
    const tens = (rest / 10) | 0
    bytes[index] = 0x30 + rest - tens * 10
    rest = tens
  }
  return end
}

function writeWord(bytes: Buffer, at: number, word: string): number {
  for (let index = 0; index < word.length; index++) bytes[at + index] = word.charCodeAt(index)
  return at + word.length
}
