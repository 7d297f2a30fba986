import { ByteReader, MarshalError } from './byte_reader.ts'
import { marshalLimits, marshalSignature, type } from './format.ts'
import { textOf, textWithEncoding } from './text.ts'
import { timeFromDump } from './time.ts'

/** Reads what Ruby's `Marshal.dump` wrote, when it is plain data: no class is ever looked up, made or called.
 *
 * Symbols are strings; hashes are objects (Maps when a key is no text); integers beyond 2^53 are bigints; binary strings that aren't ASCII are Buffers;
 * a Time and a TimeWithZone are Dates; a HashWithIndifferentAccess is a hash. A key `__proto__` is left out.
 * @throws MarshalError for anything else, and beyond the limits (1 MiB, 100 levels, 100,000 values)
 */
export function readMarshal(bytes: Buffer): unknown {
  if (bytes.length > marshalLimits.bytes) throw new MarshalError('too large')
  if (!bytes.subarray(0, 2).equals(marshalSignature)) throw new MarshalError('not Marshal 4.8')
  const reading = new Reading(new ByteReader(bytes, 2))
  const value = reading.value(0)
  reading.expectEnd()
  return value
}

/** An object that links may point at. `size` counts all values in it, so that links can't multiply what is small. */
interface Entry {
  value: unknown
  size: number | undefined
}

const hashClasses = ['ActiveSupport::HashWithIndifferentAccess', 'HashWithIndifferentAccess']

class Reading {
  readonly #bytes: ByteReader
  readonly #symbols: string[] = []
  readonly #entries: Entry[] = []
  #count = 0

  constructor(bytes: ByteReader) {
    this.#bytes = bytes
  }

  expectEnd(): void {
    if (!this.#bytes.isAtEnd) throw new MarshalError('something follows')
  }

  value(depth: number): unknown {
    if (depth > marshalLimits.depth) throw new MarshalError('nested too deeply')
    this.#add(1)
    return this.#read(this.#bytes.byte(), depth)
  }

  #read(letter: number, depth: number): unknown {
    switch (letter) {
      case type.nil:
        return null
      case type.true:
        return true
      case type.false:
        return false
      case type.fixnum:
        return this.#bytes.integer()
      case type.bignum:
        return this.#registered(this.#bignum())
      case type.float:
        return this.#registered(this.#float())
      case type.string:
        return this.#registered(textOf(this.#bytes.block()))
      case type.symbol:
      case type.symbolLink:
        return this.#symbol(letter)
      case type.link:
        return this.#link()
      case type.array:
        return this.#array(depth)
      case type.hash:
      case type.hashWithDefault:
        return this.#hash(letter, depth)
      case type.instanceVariables:
        return this.#withInstanceVariables(depth)
      case type.userClass:
        return this.#userClass(depth)
      case type.userMarshal:
        return this.#timeWithZone(depth)
      default:
        throw new MarshalError('not plain data')
    }
  }

  #bignum(): number | bigint {
    const sign = this.#bytes.byte()
    const bytes = this.#bytes.take(this.#bytes.length() * 2)
    // As one text: to shift a long number byte by byte takes time that grows with its square.
    let value = BigInt(`0x0${Buffer.from(bytes).reverse().toString('hex')}`)
    if (sign === 0x2d) value = -value
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }

  #float(): number {
    const text = this.#bytes.block().toString('latin1')
    if (text === 'inf') return Number.POSITIVE_INFINITY
    if (text === '-inf') return Number.NEGATIVE_INFINITY
    if (text === 'nan') return Number.NaN
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) throw new MarshalError('no number')
    return Number(text)
  }

  #symbol(letter: number): string {
    if (letter === type.symbolLink) {
      const symbol = this.#symbols[this.#bytes.integer()]
      if (symbol === undefined) throw new MarshalError('a link to nothing')
      return symbol
    }
    if (letter !== type.symbol) throw new MarshalError('no symbol')
    const symbol = this.#bytes.block().toString()
    this.#symbols.push(symbol)
    return symbol
  }

  #link(): unknown {
    const entry = this.#entries[this.#bytes.integer()]
    if (entry?.size === undefined) throw new MarshalError('a link to nothing, or to what holds it')
    this.#add(entry.size)
    return entry.value
  }

  #array(depth: number): unknown[] {
    const entry = this.#open()
    const length = this.#bytes.length()
    const array: unknown[] = []
    for (let i = 0; i < length; i++) array.push(this.value(depth + 1))
    return this.#close(entry, array)
  }

  #hash(letter: number, depth: number): unknown {
    const entry = this.#open()
    const length = this.#bytes.length()
    const pairs: [unknown, unknown][] = []
    for (let i = 0; i < length; i++) pairs.push([this.value(depth + 1), this.value(depth + 1)])
    if (letter === type.hashWithDefault) this.value(depth + 1)
    return this.#close(entry, pairs.every(([key]) => typeof key === 'string') ? objectFrom(pairs as [string, unknown][]) : new Map(pairs))
  }

  // The instance variables of a text say its encoding; those of other data are read over.
  #withInstanceVariables(depth: number): unknown {
    const letter = this.#bytes.byte()
    if (letter === type.userDump) return this.#time(depth)
    if (letter !== type.string) {
      const value = this.#read(letter, depth)
      this.#instanceVariables(depth)
      return value
    }
    const bytes = this.#bytes.block()
    const entry: Entry = { value: undefined, size: 1 }
    this.#entries.push(entry)
    const text = textWithEncoding(bytes, this.#instanceVariables(depth))
    entry.value = text
    return text
  }

  #instanceVariables(depth: number): Map<string, unknown> {
    const variables = new Map<string, unknown>()
    for (let count = this.#bytes.length(); count > 0; count--) {
      const name = this.#symbol(this.#bytes.byte())
      variables.set(name, this.value(depth + 1))
    }
    return variables
  }

  #time(depth: number): Date {
    if (this.#symbol(this.#bytes.byte()) !== 'Time') throw new MarshalError('not plain data')
    const time = timeFromDump(this.#bytes.block(), this.#instanceVariables(depth))
    return this.#registered(time)
  }

  #userClass(depth: number): unknown {
    const name = this.#symbol(this.#bytes.byte())
    const letter = this.#bytes.byte()
    const isHash = letter === type.hash || letter === type.hashWithDefault
    if (!isHash || !hashClasses.includes(name)) throw new MarshalError('not plain data')
    return this.#hash(letter, depth)
  }

  #timeWithZone(depth: number): Date {
    if (this.#symbol(this.#bytes.byte()) !== 'ActiveSupport::TimeWithZone') throw new MarshalError('not plain data')
    const entry = this.#open()
    const parts = this.value(depth + 1)
    const time: unknown = Array.isArray(parts) ? parts[0] : undefined
    if (!(time instanceof Date)) throw new MarshalError('not plain data')
    return this.#close(entry, time)
  }

  #registered<T>(value: T): T {
    this.#entries.push({ value, size: 1 })
    return value
  }

  #open(): { entry: Entry; countBefore: number } {
    const entry: Entry = { value: undefined, size: undefined }
    this.#entries.push(entry)
    return { entry, countBefore: this.#count }
  }

  #close<T>({ entry, countBefore }: { entry: Entry; countBefore: number }, value: T): T {
    entry.value = value
    entry.size = this.#count - countBefore + 1
    return value
  }

  #add(values: number): void {
    this.#count += values
    if (this.#count > marshalLimits.values) throw new MarshalError('too many values')
  }
}

function objectFrom(pairs: readonly [string, unknown][]): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (const [key, value] of pairs) if (key !== '__proto__') object[key] = value
  return object
}
