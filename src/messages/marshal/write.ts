import { isPlainObject } from '../../values/index.ts'
import { UnwritableValue } from '../errors.ts'
import { encodeInteger, marshalLimits, marshalSignature, type } from './format.ts'
import { timeToDump } from './time.ts'

/** Writes plain data as Ruby's `Marshal.dump` writes it: texts in UTF-8, objects as hashes with string keys, Buffers as binary strings, Dates as Times.
 *
 * @throws UnwritableValue for functions, symbols and objects of classes
 */
export function writeMarshal(value: unknown): Buffer {
  const writing = new Writing()
  writing.value(value, 0)
  return Buffer.concat([marshalSignature, ...writing.chunks])
}

class Writing {
  readonly chunks: Uint8Array[] = []
  readonly #symbols = new Map<string, number>()
  /** Where each object was written first, for links. Keys of hashes are the same object in Ruby when they are equal, as are equal floats. */
  readonly #links = new Map<unknown, number>()
  #entries = 0

  value(value: unknown, depth: number): void {
    if (depth > marshalLimits.depth) throw new UnwritableValue({ value: 'data nested that deeply', serializer: 'marshal' })
    if (value === null || value === undefined) this.#byte(type.nil)
    else if (typeof value === 'boolean') this.#byte(value ? type.true : type.false)
    else if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'bigint') this.#integer(value)
    else if (typeof value === 'object') this.#object(value, depth)
    else throw new UnwritableValue({ value: `a ${typeof value}`, serializer: 'marshal' })
  }

  #object(value: object, depth: number): void {
    if (this.#linked(value)) return
    if (Array.isArray(value)) this.#array(value, depth)
    else if (value instanceof Map) this.#hash([...value], depth, value)
    else if (value instanceof Date) this.#time(value)
    else if (value instanceof Uint8Array) {
      this.#register(value)
      this.#byte(type.string)
      this.#block(value)
    } else if (isPlainObject(value)) this.#hash(Object.entries(value), depth, value)
    else throw new UnwritableValue({ value: `an object of ${value.constructor?.name ?? 'a class'}`, serializer: 'marshal' })
  }

  #array(value: readonly unknown[], depth: number): void {
    this.#register(value)
    this.#byte(type.array)
    this.#length(value.length)
    for (const element of value) this.value(element, depth + 1)
  }

  #hash(pairs: readonly (readonly [unknown, unknown])[], depth: number, identity: object): void {
    this.#register(identity)
    this.#byte(type.hash)
    this.#length(pairs.length)
    for (const [key, element] of pairs) {
      if (typeof key === 'string') this.#key(key)
      else this.value(key, depth + 1)
      this.value(element, depth + 1)
    }
  }

  #key(key: string): void {
    const name = `key:${key}`
    if (this.#linked(name)) return
    this.#text(key, name)
  }

  #text(text: string, identity?: string): void {
    this.#register(identity ?? {})
    this.#byte(type.instanceVariables)
    this.#byte(type.string)
    this.#block(Buffer.from(text))
    this.#length(1)
    this.#symbol('E')
    this.#byte(type.true)
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#integer(value)
    else this.#float(value)
  }

  #integer(value: number | bigint): void {
    if (value >= -(2 ** 30) && value < 2 ** 30) {
      this.#byte(type.fixnum)
      this.#length(Number(value))
      return
    }
    this.#register({})
    let rest = BigInt(value)
    this.#byte(type.bignum)
    this.#byte(rest < 0n ? 0x2d : 0x2b)
    if (rest < 0n) rest = -rest
    const bytes: number[] = []
    for (; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn))
    if (bytes.length % 2 === 1) bytes.push(0)
    this.#length(bytes.length / 2)
    this.chunks.push(Uint8Array.from(bytes))
  }

  #float(value: number): void {
    const identity = isImmediate(value) ? value : {}
    if (this.#linked(identity)) return
    this.#register(identity)
    this.#byte(type.float)
    this.#block(Buffer.from(floatText(value)))
  }

  // Ruby registers a Time after its instance variables, so the zone comes before it in the numbering of links.
  #time(time: Date): void {
    const [year, isValid] = [time.getUTCFullYear(), !Number.isNaN(time.getTime())]
    if (!isValid || year < 1900 || year > 67_435) throw new UnwritableValue({ value: `the time ${time}`, serializer: 'marshal' })
    this.#byte(type.instanceVariables)
    this.#byte(type.userDump)
    this.#symbol('Time')
    this.#block(timeToDump(time))
    this.#length(1)
    this.#symbol('zone')
    this.#register({})
    this.#byte(type.instanceVariables)
    this.#byte(type.string)
    this.#block(Buffer.from('UTC'))
    this.#length(1)
    this.#symbol('E')
    this.#byte(type.false)
    this.#register(time)
  }

  #symbol(name: string): void {
    const index = this.#symbols.get(name)
    if (index === undefined) {
      this.#symbols.set(name, this.#symbols.size)
      this.#byte(type.symbol)
      this.#block(Buffer.from(name))
    } else {
      this.#byte(type.symbolLink)
      this.#length(index)
    }
  }

  #linked(identity: unknown): boolean {
    const index = this.#links.get(identity)
    if (index === undefined) return false
    this.#byte(type.link)
    this.#length(index)
    return true
  }

  #register(identity: unknown): void {
    this.#links.set(identity, this.#entries++)
  }

  #byte(byte: number): void {
    this.chunks.push(Uint8Array.of(byte))
  }

  #length(length: number): void {
    this.chunks.push(Uint8Array.from(encodeInteger(length)))
  }

  #block(bytes: Uint8Array): void {
    this.#length(bytes.length)
    this.chunks.push(bytes)
  }
}

/** Ruby keeps floats of moderate size in the reference itself: equal ones are one object, and the second is written as a link. */
function isImmediate(value: number): boolean {
  const size = Math.abs(value)
  return Object.is(value, 0) || (size >= 2 ** -255 && size < 2 ** 257)
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0'
  return rubyDigits(value)
}

/** The shortest digits that read back, with an exponent when there would be zeros behind them, or more than three before. */
function rubyDigits(value: number): string {
  const [, sign, first, rest, exponent] = /^(-?)(\d)\.?(\d*)e([+-]\d+)$/.exec(value.toExponential())!
  const digits = `${first}${rest}`
  const point = Number(exponent) + 1
  if (point < -3 || point > digits.length) return `${sign}${first}${rest === '' ? '' : `.${rest}`}e${point - 1}`
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point)}${digits.length > point ? `.${digits.slice(point)}` : ''}`
}
