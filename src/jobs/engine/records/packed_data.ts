import type { Slab } from './slab.ts'
import { wordsOf } from './written_names.ts'

/** The first bytes of values, as MessagePack has them; of small numbers and short texts it is the sum of the tag and the number or the length.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md */
export const Tag = {
  shortText: 0xa0,
  null: 0xc0,
  false: 0xc2,
  true: 0xc3,
  float64: 0xcb,
  int32: 0xd2,
  text16: 0xda,
  text32: 0xdb,
  list16: 0xdc,
  list32: 0xdd,
  hash16: 0xde,
} as const

/** Values that are deeper in others are written as JSON text. */
const deepest = 50
/** Shorter texts are written character by character: a call into C++ takes as long as a dozen of them. */
const shortText = 12
/** The bytes of longer keys aren't kept… */
const longestKey = 28
/** …and those of others take no more than this. */
const keyBytes = 32
const { hasOwnProperty: isOwn } = Object.prototype
/** What `write` calls when it has looked at its arguments. Where Node has it no longer, `write` does. */
const writeUtf8: (this: Buffer, text: string, at: number, most: number) => number =
  (Buffer.prototype as { utf8Write?: (text: string, at: number, most: number) => number }).utf8Write ?? Buffer.prototype.write

/** Every Node that runs this has it; not every library of types that an application chooses. */
const { isWellFormed } = String.prototype as unknown as { readonly isWellFormed: (this: string) => boolean }

/** A key, and what is written for it. */
interface WrittenKey {
  readonly key: string
  /** The bytes, four at a time. */
  readonly words: Int32Array
  readonly bytes: number
}

/** Keys that were written before, each in a place that follows from its characters: of two that share one, the last. */
const writtenKeys = new Array<WrittenKey | undefined>(256).fill(undefined)

/** Writes as MessagePack what `JSON.stringify` would make of a value that is plain: objects and arrays of numbers, booleans and texts. A JSON text takes
 * twice the time, since each character of each text has to be looked at.
 *
 * @returns where it ends; -1 when the value isn't plain, and when there is no room for it: then `JSON.stringify` has to do it
 */
export function packData(slab: Slab, at: number, value: object): number {
  const end = packObject(slab, at, value, 0)
  return end > slab.size ? -1 : end
}

function packValue(slab: Slab, at: number, value: unknown, depth: number): number {
  if (typeof value === 'string') return packText(slab, at, value)
  if (typeof value === 'number') return packNumber(slab, at, value)
  if (typeof value === 'object') {
    if (value !== null) return depth < deepest ? packObject(slab, at, value, depth + 1) : -1
    slab.bytes[at] = Tag.null
    return at + 1
  }
  if (typeof value !== 'boolean') return -1
  slab.bytes[at] = value ? Tag.true : Tag.false
  return at + 1
}

function packObject(slab: Slab, at: number, value: object, depth: number): number {
  if ((value as { toJSON?: unknown }).toJSON !== undefined) return -1
  if (Array.isArray(value)) return packList(slab, at, value, depth)
  // To ask for the prototype of what may be anything is a call into C++.
  if (value.constructor === Object) return packHash(slab, at, value, depth)
  return Object.getPrototypeOf(value) === null ? packHash(slab, at, value, depth) : -1
}

function packList(slab: Slab, at: number, values: readonly unknown[], depth: number): number {
  const { length } = values
  // A proxy may say anything.
  if (length >>> 0 !== length) return -1
  let end = packLength(slab, at, length)
  for (let index = 0; index < length; index++) {
    end = packValue(slab, end, values[index], depth)
    if (end < 0 || end > slab.size) return -1
  }
  return end
}

function packLength({ bytes, view, size }: Slab, at: number, length: number): number {
  if (at + 5 > size) return size + 1
  if (length > 0xffff) {
    bytes[at] = Tag.list32
    view.setUint32(at + 1, length)
    return at + 5
  }
  bytes[at] = Tag.list16
  view.setUint16(at + 1, length)
  return at + 3
}

function packHash(slab: Slab, at: number, value: object, depth: number): number {
  let end = at + 3
  let size = 0
  // As fast as an object's own fields are read; what a prototype has, JSON leaves out.
  for (const key in value) {
    if (!isOwn.call(value, key)) continue
    const item = (value as Record<string, unknown>)[key]
    if (item === undefined) continue
    size++
    end = packKey(slab, end, key)
    if (end < 0) return -1
    end = packValue(slab, end, item, depth)
    if (end < 0 || end > slab.size) return -1
  }
  if (size > 0xffff || end > slab.size) return -1
  slab.bytes[at] = Tag.hash16
  slab.view.setUint16(at + 1, size)
  return end
}

/** Writes a key: those of jobs are the same few again and again, and are copied. */
function packKey(slab: Slab, at: number, key: string): number {
  const { length } = key
  if (length === 0 || length > longestKey || at + keyBytes > slab.size) return packText(slab, at, key)
  const place = (key.charCodeAt(0) * 7 + key.charCodeAt(length - 1) * 3 + length * 31) & 255
  const written = writtenKeys[place]
  if (written === undefined || written.key !== key) {
    const end = packText(slab, at, key)
    if (end >= 0 && end - at <= keyBytes) writtenKeys[place] = { key, words: wordsOf(slab, at, end), bytes: end - at }
    return end
  }
  const { view } = slab
  const { words, bytes } = written
  for (let index = 0; index < words.length; index++) view.setInt32(at + index * 4, words[index]!, true)
  return at + bytes
}

function packText(slab: Slab, at: number, text: string): number {
  const { length } = text
  if (length < shortText) {
    const end = packShortText(slab, at, text)
    if (end !== 0) return end
  }
  const { bytes, view, size } = slab
  const isWide = length > 21_845 // more could take 64 KB
  const start = at + (isWide ? 5 : 3)
  // What isn't ASCII takes up to three bytes a character.
  if (start + length * 3 > size && start + Buffer.byteLength(text) > size) return -1
  const written = writeUtf8.call(bytes, text, start, size - start)
  // JSON has an escape for half of a pair of surrogates, UTF-8 hasn't.
  if (written !== length && !isWellFormed.call(text)) return -1
  bytes[at] = isWide ? Tag.text32 : Tag.text16
  if (isWide) view.setUint32(at + 1, written)
  else view.setUint16(at + 1, written)
  return start + written
}

/** @returns where it ends; 0 when it isn't ASCII, -1 when there is no room for it */
function packShortText({ bytes, size }: Slab, at: number, text: string): number {
  const { length } = text
  const start = at + 1
  if (start + length > size) return -1
  bytes[at] = Tag.shortText + length
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return 0
    bytes[start + index] = code
  }
  return start + length
}

function packNumber({ bytes, view, size }: Slab, at: number, value: number): number {
  if (at + 9 > size) return -1
  if ((value | 0) === value) {
    if (value >= 0 && value < 0x80) {
      bytes[at] = value
      return at + 1
    }
    bytes[at] = Tag.int32
    view.setInt32(at + 1, value)
    return at + 5
  }
  if (!Number.isFinite(value)) {
    bytes[at] = Tag.null
    return at + 1
  }
  bytes[at] = Tag.float64
  view.setFloat64(at + 1, value)
  return at + 9
}
