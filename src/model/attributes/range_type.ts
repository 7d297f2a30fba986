import type { Codec } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { Range } from '../range.ts'
import type { AttributeType } from './attribute_type.ts'
import { castCalendarDate } from './calendar_date.ts'
import { castBigInteger, castDateTime, castDecimal, castInteger } from './casting.ts'

/** How the bounds of a type of ranges are read and written. */
interface Bounds {
  read(text: string): unknown
  /** The text of a bound; null for what is none. */
  write(value: unknown): string | null
  /** Whether an open side of a range whose other side is closed is null, rather than infinite. */
  readonly opensAsNull?: boolean
}

const integers: Bounds = { read: Number, write: (value) => textOf(castInteger(value)) }
const bigIntegers: Bounds = { read: BigInt, write: (value) => textOf(castBigInteger(value)) }
const days: Bounds = { read: castCalendarDate, write: (value) => castCalendarDate(value)?.toJSON() ?? null }
const times: Bounds = {
  read: (text) => castDateTime(text.replace(/([+-]\d{2})$/, '$1:00')),
  write: (value) => castDateTime(value)?.toISOString() ?? null,
  opensAsNull: true,
}

/** The types of ranges that PostgreSQL has. */
export const rangeTypes: Readonly<Record<string, (codec: Codec | undefined) => AttributeType>> = {
  int4range: () => rangeType('int4range', integers),
  int8range: () => rangeType('int8range', bigIntegers),
  numrange: (codec) =>
    rangeType('numrange', { read: (text) => codec?.decode?.(text) ?? Number(text), write: (value) => castDecimal(value) }),
  daterange: () => rangeType('daterange', days),
  tsrange: () => rangeType('tsrange', times),
  tstzrange: () => rangeType('tstzrange', times),
}

/** Casts, reads and writes as Active Record's OID::Range: a range is kept as it is given until the row is read again. */
function rangeType(name: string, bounds: Bounds): AttributeType {
  const cast = (value: unknown): unknown => {
    if (value === null || value === undefined || value === '' || value === 'empty') return null
    if (value instanceof Range) return value
    if (typeof value === 'string') return readRange(name, bounds, value)
    throw unfit(name, value, 'it takes a range, or the text of one')
  }
  return {
    name,
    isWhole: (value) => value instanceof Range,
    cast,
    deserialize: cast,
    serialize: (value) => (value instanceof Range ? writeRange(name, bounds, value) : null),
    equals: (a, b) => a === b || (a instanceof Range && b instanceof Range && isSame(a, b)),
  }
}

const form = /^([[(])("(?:[^"\\]|""|\\.)*"|[^,]*),("(?:[^"\\]|""|\\.)*"|[^,]*)([\])])$/s

function readRange(name: string, bounds: Bounds, text: string): Range<unknown> {
  const found = form.exec(text.trim())
  if (found === null) throw unfit(name, text, 'a range is written as [1,5], [1,5) or [1,)')
  const [, opening, from, to, closing] = found
  const begin = readBound(bounds, from!, Number.NEGATIVE_INFINITY)
  const end = readBound(bounds, to!, Number.POSITIVE_INFINITY)
  if (opening === '(' && !isInfinite(begin)) throw unfit(name, text, 'a range includes its beginning')
  const isHalfOpen = bounds.opensAsNull === true && isInfinite(begin) !== isInfinite(end)
  const side = (bound: unknown): unknown => (isHalfOpen && isInfinite(bound) ? null : bound)
  return new Range(side(begin), side(end), closing === ')')
}

function readBound({ read }: Bounds, text: string, infinity: number): unknown {
  if (text === '' || text === 'infinity' || text === '-infinity') return infinity
  return read(text.startsWith('"') ? text.slice(1, -1).replace(/""|\\(.)/gs, (_, escaped: string | undefined) => escaped ?? '"') : text)
}

function writeRange(name: string, bounds: Bounds, range: Range<unknown>): string {
  const write = (bound: unknown): string => {
    if (bound === null || bound === undefined || isInfinite(bound)) return ''
    const text = bounds.write(bound)
    if (text === null) throw unfit(name, bound, 'it is no bound of such a range')
    return text
  }
  return `[${write(range.begin)},${write(range.end)}${range.excludesEnd ? ')' : ']'}`
}

function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
}

function isSame(a: Range<unknown>, b: Range<unknown>): boolean {
  return a.excludesEnd === b.excludesEnd && isSameBound(a.begin, b.begin) && isSameBound(a.end, b.end)
}

function isSameBound(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
  return a !== null && b !== null && String(a) === String(b)
}

function textOf(value: number | bigint | null): string | null {
  return value === null ? null : String(value)
}

function unfit(name: string, value: unknown, reason: string): InvalidArgument {
  return new InvalidArgument({ reason: `${JSON.stringify(String(value))} can't be in a column of type ${name}: ${reason}.` })
}
