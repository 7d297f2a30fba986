/** Writes a time as Prisma's SQLite adapters do: `2026-01-01T00:00:00.000+00:00`. */
export function formatDateTime(time: Date): string {
  return `${time.toISOString().slice(0, -1)}+00:00`
}

/** Reads a time as a database gives it. Text without a zone is UTC, as Rails and `CURRENT_TIMESTAMP` write it; numbers are milliseconds.
 *
 * @example parseDateTime('2026-01-01 00:00:00')   // midnight, UTC
 */
export function parseDateTime(value: string | number | bigint | Date): Date {
  if (typeof value === 'string') return value.length === 29 ? parseFixed(value) : parseText(value)
  return value instanceof Date ? value : new Date(Number(value))
}

/** The 29 characters that we write ourselves, without the cost of a general parser. */
function parseFixed(text: string): Date {
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(19) !== 46 || !text.endsWith('+00:00')) return parseText(text)
  const time = Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
    digits(text, 20, 23),
  )
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return text.charCodeAt(0) === 48 || Number.isNaN(time) ? new Date(text) : new Date(time)
}

function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function parseText(text: string): Date {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return new Date(text)
  if (/^\d\d:\d\d/.test(text)) return parseText(`1970-01-01T${text}`)
  // A zone of hours alone (`+02`) only after a time: the end of a bare date looks alike.
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(iso.slice(11)) ? iso : `${iso}Z`)
}
