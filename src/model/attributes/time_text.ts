/** What a text says of a time. What it doesn't say is undefined. */
export interface TimeParts {
  readonly year: number | undefined
  readonly month: number | undefined
  readonly day: number | undefined
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  /** In minutes east of UTC. */
  readonly offset: number | undefined
}

type DateParts = Pick<TimeParts, 'year' | 'month' | 'day'>

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthName = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^-\\d\\s,/.]*'
const zones: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  cet: 60,
  cest: 120,
  bst: 60,
  jst: 540,
}

const timePattern =
  /(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm|a\.m\.|p\.m\.)?|\s*(am|pm|a\.m\.|p\.m\.))\s*(?:((?:gmt|utc)?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})\b)?/i
const compactPattern = /^\s*(\d{4})(\d{2})(\d{2})(?:[t\s]?(\d{2})(\d{2})(\d{2})?)?\s*(z|[+-]\d{2}(?::?\d{2})?)?(?![\d:])/i

const isoPattern = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(z|utc|[+-]\d{2}:?\d{2})?)?\s*$/i
/** Ruby reads no longer texts either. */
const longestText = 128

/** The forms of a date that Ruby reads, each tried in turn on what no other has taken. */
const datePatterns: readonly { readonly pattern: RegExp; readonly parts: (found: RegExpExecArray) => DateParts }[] = [
  { pattern: new RegExp(`(\\d{4,})[-\\s.]${monthName}[-\\s.](\\d{1,2})`, 'i'), parts: ([, year, month, day]) => named(year, month, day) },
  {
    pattern: new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?[-\\s.]*${monthName}(?:[-\\s.,/]*('?-?\\d{2,})(?![:\\d]))?`, 'i'),
    parts: ([, day, month, year]) => named(year, month, day),
  },
  {
    pattern: new RegExp(`${monthName}[-\\s.]*(\\d{1,2})(?:st|nd|rd|th)?(?![:\\d])(?:[-\\s.,/]+('?-?\\d{2,})(?![:\\d]))?`, 'i'),
    parts: ([, month, day, year]) => named(year, month, day),
  },
  { pattern: new RegExp(`${monthName}[-\\s.,]*(\\d{4})`, 'i'), parts: ([, month, year]) => named(year, month, undefined) },
  { pattern: /([+-]?\d{3,})-(\d{1,2})-(\d{1,2})/, parts: ([, year, month, day]) => numbers(year, month, day) },
  { pattern: /(\d{1,2})-(\d{1,2})-(\d{4})/, parts: ([, day, month, year]) => numbers(year, month, day) },
  { pattern: /(\d{4,})[/.](\d{1,2})[/.](\d{1,2})/, parts: ([, year, month, day]) => numbers(year, month, day) },
  { pattern: /(\d{1,2})[/.](\d{1,2})[/.](\d{4})/, parts: ([, day, month, year]) => numbers(year, month, day) },
]

/** Reads a date, a time or both as Ruby's `Date._parse` does: ISO 8601, RFC 2822, days with names of months, `15/01/2026`, `3:30 PM`.
 * Week dates and days of the year are not read.
 *
 * @returns undefined when the text says neither a day nor a time
 */
export function readTimeText(text: string): TimeParts | undefined {
  if (text.length > longestText) return undefined
  const iso = isoPattern.exec(text)
  if (iso !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = iso
    const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'))
    const time = { hour: Number(hour), minute: Number(minute), second: Number(second), millisecond, offset: offsetOf(zone) }
    return { ...numbers(year, month, day), ...time }
  }
  const compact = compactPattern.exec(text)
  if (compact !== null) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = compact
    return {
      ...numbers(year, month, day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      millisecond: 0,
      offset: offsetOf(zone),
    }
  }
  for (const { pattern, parts } of datePatterns) {
    const found = pattern.exec(text)
    if (found === null) continue
    const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`
    // The year of `Thu Jan 15 10:30:45 2026` stands behind the time.
    const date = parts(found)
    const year = date.year ?? yearIn(rest)
    return { ...timeIn(rest), ...date, year }
  }
  return timePattern.test(text) ? { year: undefined, month: undefined, day: undefined, ...timeIn(text) } : undefined
}

function yearIn(rest: string): number | undefined {
  const year = /(?:^|\s)(\d{4})\s*$/.exec(rest)?.[1]
  return year === undefined ? undefined : Number(year)
}

function numbers(year: string | undefined, month: string | undefined, day: string | undefined): DateParts {
  return { year: year === undefined ? undefined : Number(year), month: Number(month), day: day === undefined ? undefined : Number(day) }
}

function named(year: string | undefined, month: string | undefined, day: string | undefined): DateParts {
  return numbers(year?.replace("'", ''), String(months.indexOf(month!.toLowerCase()) + 1), day)
}

function timeIn(rest: string): Pick<TimeParts, 'hour' | 'minute' | 'second' | 'millisecond' | 'offset'> {
  const found = timePattern.exec(rest) ?? /^\s*[t\s]\s*(\d{1,2})\s*$/i.exec(rest)
  if (found === null) return { hour: 0, minute: 0, second: 0, millisecond: 0, offset: undefined }
  const [, hour, minute = '0', second = '0', fraction = '', half = found[6], , zone] = found
  const half24 = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0)
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return { hour: half24, minute: Number(minute), second: Number(second), millisecond, offset: offsetOf(zone ?? zoneBehind(rest, found)) }
}

/** A zone that doesn't stand right behind the time. */
function zoneBehind(rest: string, found: RegExpExecArray): string | undefined {
  return /^\s*([+-]\d{2}:?\d{2}|utc|gmt)\b/i.exec(rest.slice(found.index + found[0].length))?.[1]
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined
  const digits = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone)
  if (digits === null) return zones[zone.toLowerCase()]
  const minutes = Number(digits[2]) * 60 + Number(digits[3] ?? 0)
  return digits[1] === '-' ? -minutes : minutes
}
