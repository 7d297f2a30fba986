import { Tag } from './packed_data.ts'

/** What `utf8Slice` is to `toString` as `utf8Write` to `write`. */
const readUtf8: (this: Buffer, from: number, to: number) => string =
  (Buffer.prototype as { utf8Slice?: (from: number, to: number) => string }).utf8Slice ??
  function (this: Buffer, from, to) {
    return this.toString('utf8', from, to)
  }
/** The keys that were read last, by a hash of their bytes: to find one of them, no string is made. */
const recentKeys = new Array<string | undefined>(256).fill(undefined)
/** Values that claim to be deeper in others weren't written here. */
const deepest = 100

/** Reads what `packData` has written.
 * @throws SyntaxError when it is something else */
export function unpackData(bytes: Buffer, from: number, to: number): unknown {
  const reader = new PackedReader(bytes, from, to)
  const value = reader.value(0)
  if (reader.at !== to) throw new SyntaxError(`${to - reader.at} bytes follow`)
  return value
}

class PackedReader {
  readonly #bytes: Buffer
  readonly #end: number
  at: number

  constructor(bytes: Buffer, from: number, to: number) {
    this.#bytes = bytes
    this.at = from
    this.#end = to
  }

  value(depth: number): unknown {
    const tag = this.#bytes[this.#take(1)]!
    if (tag < 0x80) return tag
    if ((tag & 0xe0) === Tag.shortText) return this.#text(tag - Tag.shortText)
    if (depth > deepest) throw new SyntaxError('it is too deep')
    switch (tag) {
      case Tag.text16:
        return this.#text(this.#bytes.readUInt16BE(this.#take(2)))
      case Tag.text32:
        return this.#text(this.#bytes.readUInt32BE(this.#take(4)))
      case Tag.hash16:
        return this.#hash(this.#bytes.readUInt16BE(this.#take(2)), depth + 1)
      case Tag.list16:
        return this.#list(this.#bytes.readUInt16BE(this.#take(2)), depth + 1)
      case Tag.list32:
        return this.#list(this.#bytes.readUInt32BE(this.#take(4)), depth + 1)
      case Tag.int32:
        return this.#bytes.readInt32BE(this.#take(4))
      case Tag.float64:
        return this.#bytes.readDoubleBE(this.#take(8))
      case Tag.null:
        return null
      case Tag.true:
        return true
      case Tag.false:
        return false
      default:
        throw new SyntaxError(`a value can't begin with ${tag}`)
    }
  }

  /** Goes on behind so many bytes. @returns where they begin */
  #take(bytes: number): number {
    const { at } = this
    if (at + bytes > this.#end) throw new SyntaxError('it ends too early')
    this.at = at + bytes
    return at
  }

  #text(length: number): string {
    const at = this.#take(length)
    return readUtf8.call(this.#bytes, at, at + length)
  }

  #list(length: number, depth: number): unknown[] {
    const list: unknown[] = []
    for (let left = length; left > 0; left--) list.push(this.value(depth))
    return list
  }

  #hash(size: number, depth: number): object {
    const hash: Record<string, unknown> = {}
    for (let left = size; left > 0; left--) {
      const key = this.#key()
      const value = this.value(depth)
      if (key === '__proto__') Object.defineProperty(hash, key, { value, enumerable: true, configurable: true, writable: true })
      else hash[key] = value
    }
    return hash
  }

  #key(): string {
    const tag = this.#bytes[this.#take(1)]!
    if ((tag & 0xe0) === Tag.shortText) return this.#knownKey(tag - Tag.shortText)
    if (tag === Tag.text16) return this.#knownKey(this.#bytes.readUInt16BE(this.#take(2)))
    if (tag === Tag.text32) return this.#text(this.#bytes.readUInt32BE(this.#take(4)))
    throw new SyntaxError(`a key can't begin with ${tag}`)
  }

  #knownKey(length: number): string {
    const bytes = this.#bytes
    const at = this.#take(length)
    if (length === 0) return ''
    const place = (bytes[at]! * 7 + bytes[at + length - 1]! * 3 + length * 31) & 255
    const known = recentKeys[place]
    if (known !== undefined && isAsciiText(known, bytes, at, length)) return known
    const key = readUtf8.call(bytes, at, at + length)
    if (length < 100) recentKeys[place] = key
    return key
  }
}

/** Whether an ASCII text is what the bytes say. */
export function isAsciiText(text: string, bytes: Buffer, at: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    const byte = bytes[at + index]!
    if (byte > 127 || text.charCodeAt(index) !== byte) return false
  }
  return true
}
