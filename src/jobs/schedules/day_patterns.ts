import { daysOfMonth, type LocalTime } from './local_time.ts'

/** A cron line that croner reads, and which of the days that it finds count. */
export interface DayPattern {
  readonly line: string
  readonly isDay?: (day: LocalTime) => boolean
}

/** A part of a field of days. */
interface DayField {
  readonly field: string
  readonly isDay?: (day: LocalTime) => boolean
}

/** Takes a cron line apart that names days from the end of the month (`-2`) or some of the weeks (`3%2+1`); a time of any of the patterns is one of
 * the line.
 *
 * @example dayPatterns('0 9 -2 * *').map(({ line }) => line) // [ '0 9 27-30 * *' ]
 */
export function dayPatterns(cron: string): readonly DayPattern[] {
  const given = cron.split(' ')
  const [month, weekday] = [given.length - 2, given.length - 1]
  const [dates, days] = [given[month - 1]!, given[weekday]!]
  if (!/(?:^|,)-/.test(dates) && !days.includes('%')) return [{ line: cron }]
  const isBoth = days.startsWith('+')
  const byDate = partsOf(dates, fromEnd)
  const byWeekday = partsOf(days.replace(/^\+/, ''), someWeeks)
  const pattern = (date: DayField, day: DayField): DayPattern => {
    const plus = isBoth && date.field !== '*' && day.field !== '*' ? '+' : ''
    const line = [...given.slice(0, month - 1), date.field, given[month], `${plus}${day.field}`].join(' ')
    return { line, isDay: (time) => (date.isDay?.(time) ?? true) && (day.isDay?.(time) ?? true) }
  }
  // As in cron: where both are restricted, either is enough.
  if (!isBoth && isRestricted(byDate) && isRestricted(byWeekday))
    return [...byDate.map((date) => pattern(date, any)), ...byWeekday.map((day) => pattern(any, day))]
  return byDate.flatMap((date) => byWeekday.map((day) => pattern(date, day)))
}

const any: DayField = { field: '*' }

function isRestricted(parts: readonly DayField[]): boolean {
  return parts.every(({ field }) => field !== '*' && field !== '?')
}

/** What croner reads together, and each of the others by itself. */
function partsOf(field: string, read: (part: string) => DayField | undefined): DayField[] {
  const own: DayField[] = []
  const plain = field.split(',').filter((part) => {
    const one = read(part)
    if (one !== undefined) own.push(one)
    return one === undefined
  })
  return plain.length === 0 ? own : [{ field: plain.join(',') }, ...own]
}

/** `-2` is the last day but one, which is one of four dates. */
function fromEnd(part: string): DayField | undefined {
  if (!part.startsWith('-')) return undefined
  const back = -Number(part)
  return { field: `${Math.max(1, 29 - back)}-${32 - back}`, isDay: (time) => time.day === daysOfMonth(time) + 1 - back }
}

/** Weeks are counted from a Monday, as et-orbi does from its version 1.4 on. */
const firstMonday = Date.UTC(2018, 11, 31)
const week = 7 * 24 * 3_600_000

function someWeeks(part: string): DayField | undefined {
  const [day, modulo, plus] = part.split(/[%+]/)
  if (modulo === undefined) return undefined
  const isDay = ({ year, month, day: date }: LocalTime) =>
    Math.floor((Date.UTC(year, month - 1, date) - firstMonday) / week) % Number(modulo) === Number(plus)
  return { field: day!, isDay }
}
