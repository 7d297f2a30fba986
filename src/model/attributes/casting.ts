import { isPlainObject } from '../../values/index.ts'
import { CalendarDate } from './calendar_date.ts'
import { FormParts } from './form_parts.ts'
import { readTimeText, type TimeParts } from './time_text.ts'

// Single underscores group digits, as in Ruby.
const leadingInteger = /^\s*([+-]?\d+(?:_\d+)*)/
const leadingNumber = /^\s*([+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?)/
const noNumber = /^\s*([+-]?Infinity|NaN)\s*$/
const falseValues = new Set<unknown>([false, 0, 0n, '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF'])

/** Casts as Active Record's Integer: numbers are truncated, texts read up to the first other character, blank is null. */
export function castInteger(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return null
  return Number(digitsOf(leadingInteger, value))
}

/** Casts as Active Record's BigInteger. */
export function castBigInteger(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string') return value.trim() === '' ? null : BigInt(digitsOf(leadingInteger, value).replace('+', ''))
  const integer = castInteger(value)
  return integer === null ? null : BigInt(integer)
}

/** Casts as Active Record's Float. */
export function castFloat(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return null
  return Number(noNumber.exec(value)?.[1] ?? digitsOf(leadingNumber, value))
}

/** Casts a decimal to its exact text. */
export function castDecimal(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'object' ? String(value) : typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
  if (text.trim() === '') return null
  return noNumber.exec(text)?.[1] ?? digitsOf(leadingNumber, text)
}

function digitsOf(pattern: RegExp, text: string): string {
  return (pattern.exec(text)?.[1] ?? '0').replaceAll('_', '')
}

/** Casts as Active Record's Boolean: blank is null, the known false values are false, everything else is true. */
export function castBoolean(value: unknown): boolean | null {
  if (value === '' || value === null || value === undefined) return null
  return !falseValues.has(value)
}

/** Casts as Active Record's String. */
export function castString(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return null
  if (value === true) return 't'
  if (value === false) return 'f'
  if (value instanceof CalendarDate) return value.toJSON()
  // As Ruby writes a time.
  if (value instanceof Date && Number.isNaN(value.getTime())) return null
  if (value instanceof Date)
    return value
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d{3}Z$/, ' UTC')
  if (Array.isArray(value) || isPlainObject(value)) return JSON.stringify(value)
  return String(value)
}

/** Casts a date or a date with time; texts without a zone are UTC, what can't be read or says no year is null. */
export function castDateTime(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value
  if (value instanceof FormParts) return value.toTime()
  if (typeof value === 'number') return castDateTime(new Date(value))
  if (typeof value !== 'string') return null
  const parts = readTimeText(value)
  return parts === undefined ? null : timeOf(parts)
}

/** Days beyond the end of a short month are days of the next, and 24:00 is the next midnight, as in Ruby. */
function timeOf({ year, month = 1, day = 1, hour, minute, second, millisecond, offset = 0 }: TimeParts): Date | null {
  const isOver = hour === 24 && (minute > 0 || second > 0)
  if (year === undefined || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 || isOver) return null
  const time = new Date(0)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute - offset, second, millisecond)
  return time
}

/** Casts a day to midnight in UTC: the day that the text says, whatever its time and zone. What can't be read, or is no day, is null. */
export function castDay(value: unknown): Date | null {
  if (typeof value !== 'string') {
    const time = value instanceof FormParts ? value.toDay() : castDateTime(value)
    return time === null ? null : new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()))
  }
  const parts = readTimeText(value)
  if (parts?.day === undefined) return null
  const day = timeOf({ ...parts, hour: 0, minute: 0, second: 0, millisecond: 0, offset: 0 })
  return day?.getUTCDate() === parts.day ? day : null
}
