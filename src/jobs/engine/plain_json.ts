/** Anything that JSON may have to escape, or that isn't ASCII. */
const unusual = /[^\x20\x21\x23-\x5b\x5d-\x7e]/
const deepest = 50

/** A value whose JSON is written without making a text of it. */
export interface PlainJson {
  readonly value: object
  /** How long it is. */
  readonly bytes: number
}

/** Says how long the JSON of a value is when it is plain: objects and arrays of numbers, booleans and texts that need no escape. Undefined
 * for all other values, which are left to `JSON.stringify`: it looks at each character by itself, where a regular expression tells in a
 * fifth of the time that there is nothing to escape. */
export function plainJson(value: object): PlainJson | undefined {
  const bytes = lengthOf(value, 0)
  return bytes > 0 ? { value, bytes } : undefined
}

/** Writes what `plainJson` measured.
 * @returns where it ends */
export function writePlainJson(bytes: Buffer, at: number, value: unknown): number {
  if (typeof value === 'string') return quote(bytes, at, value)
  if (typeof value !== 'object' || value === null) return writeAscii(bytes, at, wordOf(value))
  const isArray = Array.isArray(value)
  let end = at
  bytes[end++] = isArray ? 0x5b : 0x7b
  if (isArray) {
    for (let index = 0; index < value.length; index++) {
      if (index > 0) bytes[end++] = 0x2c
      end = writePlainJson(bytes, end, value[index])
    }
  } else {
    for (const key of Object.keys(value)) {
      const item = Reflect.get(value, key) as unknown
      if (item === undefined) continue
      if (end > at + 1) bytes[end++] = 0x2c
      end = quote(bytes, end, key)
      bytes[end++] = 0x3a
      end = writePlainJson(bytes, end, item)
    }
  }
  bytes[end++] = isArray ? 0x5d : 0x7d
  return end
}

/** The length of the JSON; -1 when the value isn't plain. */
function lengthOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return unusual.test(value) ? -1 : value.length + 2
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return wordOf(value).length
  if (typeof value !== 'object' || depth > deepest || 'toJSON' in value) return -1
  return Array.isArray(value) ? lengthOfArray(value, depth + 1) : lengthOfObject(value, depth + 1)
}

function lengthOfArray(values: readonly unknown[], depth: number): number {
  let sum = 1 + Math.max(1, values.length)
  for (let index = 0; index < values.length; index++) {
    const length = lengthOf(values[index], depth)
    if (length < 0) return -1
    sum += length
  }
  return sum
}

function lengthOfObject(value: object, depth: number): number {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return -1
  let sum = 1
  for (const key of Object.keys(value)) {
    const item = Reflect.get(value, key) as unknown
    if (item === undefined) continue
    const length = lengthOf(item, depth)
    if (length < 0 || unusual.test(key)) return -1
    sum += key.length + 4 + length
  }
  return sum === 1 ? 2 : sum
}

function wordOf(value: unknown): string {
  return typeof value === 'number' && !Number.isFinite(value) ? 'null' : String(value)
}

function quote(bytes: Buffer, at: number, text: string): number {
  bytes[at] = 0x22
  const end = writeAscii(bytes, at + 1, text)
  bytes[end] = 0x22
  return end + 1
}

/** A loop beats the call into C++ for a short text. */
function writeAscii(bytes: Buffer, at: number, text: string): number {
  if (text.length > 40 && at + text.length <= bytes.length) return at + bytes.write(text, at, 'latin1')
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index)
  return at + text.length
}
