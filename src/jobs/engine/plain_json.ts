import type { Slab } from './slab.ts'

const deepest = 50
/** Texts up to this length are looked at as they are written, character by character. */
const shortText = 40
const quoteMark = 0x22
const backslash = 0x5c
const { hasOwnProperty: isOwn } = Object.prototype

/** Writes the JSON of a value that is plain: objects and arrays of numbers, booleans and texts that need no escape. `JSON.stringify` makes a text,
 * which is copied, and looks at each character by itself; to search for what it would escape takes a fifth of the time.
 *
 * @returns where it ends; -1 when the value isn't plain, and when there is no room for it: then `JSON.stringify` has to do it
 */
export function writePlainJson(slab: Slab, at: number, value: object): number {
  const end = writeObject(slab, at, value, 0)
  return end > slab.bytes.length ? -1 : end
}

function writeValue(slab: Slab, at: number, value: unknown, depth: number): number {
  if (typeof value === 'string') return writeText(slab, at, value)
  if (typeof value === 'number') return writeNumber(slab.bytes, at, value)
  if (typeof value === 'boolean' || value === null) return writeWord(slab.bytes, at, String(value))
  return typeof value === 'object' && depth < deepest ? writeObject(slab, at, value, depth + 1) : -1
}

function writeObject(slab: Slab, at: number, value: object, depth: number): number {
  if ('toJSON' in value) return -1
  if (Array.isArray(value)) return writeArray(slab, at, value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? writeHash(slab, at, value, depth) : -1
}

function writeArray(slab: Slab, at: number, values: readonly unknown[], depth: number): number {
  const { bytes } = slab
  let end = at
  bytes[end++] = 0x5b
  for (let index = 0; index < values.length; index++) {
    if (index > 0) bytes[end++] = 0x2c
    end = writeValue(slab, end, values[index], depth)
    if (end < 0 || end > bytes.length) return -1
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
    if (end < 0 || end > bytes.length) return -1
  }
  bytes[end++] = 0x7d
  return end
}

function writeText({ bytes, view }: Slab, at: number, text: string): number {
  const end = at + 1 + text.length
  if (end >= bytes.length) return -1
  bytes[at] = bytes[end] = quoteMark
  if (text.length <= shortText) return writeShortText(bytes, at + 1, text) ? end + 1 : -1
  if (text.includes('"') || text.includes('\\')) return -1
  return bytes.write(text, at + 1, 'utf8') === text.length && isPrintable(view, at + 1, end) ? end + 1 : -1
}

function writeShortText(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code > 0x7f || code === quoteMark || code === backslash) return false
    bytes[at + index] = code
  }
  return true
}

/** Whether there is no control character, and no part of a character that isn't ASCII: four bytes at a time. A byte below 0x20 sets its highest bit
 * when that is subtracted from it. */
function isPrintable(view: DataView, from: number, to: number): boolean {
  let found = 0
  let at = from
  for (; at + 4 <= to; at += 4) {
    const four = view.getInt32(at, true)
    found |= four | (four - 0x20202020)
  }
  if ((found & 0x80808080) !== 0) return false
  for (; at < to; at++) {
    const byte = view.getUint8(at)
    if (byte < 0x20 || byte > 0x7f) return false
  }
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
