import type { Slab } from './slab.ts'

const deepest = 50
/** Shorter texts are written character by character: a call into C++ takes as long as a dozen of them. */
const shortText = 12
/** In longer texts what must be escaped is searched for as a text. */
const longText = 100
const quoteMark = 0x22
const backslash = 0x5c
const { hasOwnProperty: isOwn } = Object.prototype
/** 1 for each byte that doesn't stand for itself. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(code < 0x20 || code > 0x7e || code === quoteMark || code === backslash),
)

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
  if ('toJSON' in value) return -1
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
    end = writeText(slab, end, key)
    if (end < 0) return -1
    bytes[end++] = 0x3a
    end = writeValue(slab, end, item, depth)
    if (end < 0 || end > slab.size) return -1
  }
  bytes[end++] = 0x7d
  return end
}

function writeText({ bytes, view, size }: Slab, at: number, text: string): number {
  const { length } = text
  const start = at + 1
  const end = start + length
  if (end >= size) return -1
  bytes[at] = bytes[end] = quoteMark
  if (length < shortText) return writeShortText(bytes, start, text) ? end + 1 : -1
  if (length > longText && (text.includes('"') || text.includes('\\'))) return -1
  if (bytes.write(text, start, 'utf8') !== length) return -1
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

/** Whether there is no control character, no part of a character that isn't ASCII, no quotation mark and no backslash: eight bytes at a time. A byte that is
 * smaller than another sets its highest bit when that is subtracted from it, and 0 does when 1 is subtracted. */
function isItself(view: DataView, from: number, to: number): boolean {
  let found = 0
  let at = from
  for (; at + 8 <= to; at += 8) {
    const four = view.getInt32(at, true)
    const next = view.getInt32(at + 4, true)
    found |= four | (four - 0x20202020) | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)
    found |= next | (next - 0x20202020) | ((next ^ 0x22222222) - 0x01010101) | ((next ^ 0x5c5c5c5c) - 0x01010101)
  }
  return (found & 0x80808080) === 0 && areThemselves(view, at, to)
}

/** Whether there is no control character, and no part of a character that isn't ASCII: sixteen bytes at a time. */
function isPrintable(view: DataView, from: number, to: number): boolean {
  let found = 0
  let at = from
  for (; at + 16 <= to; at += 16) {
    const first = view.getInt32(at, true)
    const second = view.getInt32(at + 4, true)
    const third = view.getInt32(at + 8, true)
    const fourth = view.getInt32(at + 12, true)
    found |= first | (first - 0x20202020) | second | (second - 0x20202020)
    found |= third | (third - 0x20202020) | fourth | (fourth - 0x20202020)
  }
  return (found & 0x80808080) === 0 && areThemselves(view, at, to)
}

function areThemselves(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isSpecial[view.getUint8(at)] === 1) return false
  return true
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if (value >>> 0 !== value) return writeWord(bytes, at, Number.isFinite(value) ? String(value) : 'null')
  let end = at + 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++
  let rest = value
  for (let index = end - 1; index >= at; index--) {
    const tens = Math.floor(rest / 10)
    bytes[index] = 0x30 + rest - tens * 10
    rest = tens
  }
  return end
}

function writeWord(bytes: Buffer, at: number, word: string): number {
  for (let index = 0; index < word.length; index++) bytes[at + index] = word.charCodeAt(index)
  return at + word.length
}
