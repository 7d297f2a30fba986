const leadingInteger = /^\s*([+-]?\d+)/
const leadingNumber = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/
const falseValues = new Set<unknown>([false, 0, 0n, '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF'])

/** Casts as Active Record's Integer: numbers are truncated, texts read up to the first other character, blank is null. */
export function castInteger(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return null
  return Number(leadingInteger.exec(value)?.[1] ?? 0)
}

/** Casts as Active Record's BigInteger. */
export function castBigInteger(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string') return value.trim() === '' ? null : BigInt((leadingInteger.exec(value)?.[1] ?? '0').replace('+', ''))
  const integer = castInteger(value)
  return integer === null ? null : BigInt(integer)
}

/** Casts as Active Record's Float. */
export function castFloat(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return null
  return Number(leadingNumber.exec(value)?.[1] ?? 0)
}

/** Casts a decimal to its exact text. */
export function castDecimal(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'object' ? String(value) : typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
  if (text.trim() === '') return null
  const number = leadingNumber.exec(text)?.[1] ?? '0'
  return /[eE]/.test(number) ? String(Number(number)) : number
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
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) return JSON.stringify(value)
  return String(value)
}

const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i

/** Casts a date or a date with time; texts without a zone are UTC, what can't be read is null. */
export function castDateTime(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value
  if (typeof value === 'number') return new Date(value)
  if (typeof value !== 'string') return null
  const parts = isoDate.exec(value.trim())
  if (parts === null) return castLooseDate(value)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds)
  const date = new Date(time)
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23) return null
  return zone === undefined ? date : new Date(time - zoneOffset(zone))
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** "20260115", "15/01/2026" and "Jan 15 2026". */
function castLooseDate(value: string): Date | null {
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(value.trim())
  if (compact !== null) return castDateTime(`${compact[1]}-${compact[2]}-${compact[3]}`)
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value.trim())
  if (slashed !== null) return castDateTime(`${slashed[3]}-${slashed[2]}-${slashed[1]}`)
  const named = /^([a-z]{3})[a-z]* (\d{1,2}),? (\d{4})$/i.exec(value.trim())
  if (named === null) return null
  const month = monthNames.indexOf(named[1]!.toLowerCase())
  return month < 0 ? null : castDateTime(`${named[3]}-${month + 1}-${named[2]}`)
}

function zoneOffset(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0
  const digits = zone.replace(/[+:-]/g, '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
