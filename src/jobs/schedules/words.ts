/** What intervals are counted in. */
export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** A time of day. */
export interface Time {
  readonly hour: number
  readonly minute: number
}

const units: Readonly<Record<Unit, readonly string[]>> = {
  second: ['second', 'seconds', 'sec', 'secs', 's'],
  minute: ['minute', 'minutes', 'min', 'mins', 'm'],
  hour: ['hour', 'hours', 'h'],
  day: ['day', 'days', 'd'],
  week: ['week', 'weeks'],
  month: ['month', 'months'],
  year: ['year', 'years'],
}
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const minutes: Readonly<Record<string, number>> = { fifteen: 15, thirty: 30, 'forty-five': 45 }

/** A number, in digits or words. */
export const number = `\\d+|${numbers.join('|')}`
/** A unit of time. */
export const unit = Object.values(units).flat().join('|')
/** A day of the week. */
export const weekday = '(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?s?'
/** A day of the month. */
export const ordinal = `\\d{1,2}(?:st|nd|rd|th)|${ordinals.join('|')}|last`
/** A time of day. */
export const time = `(?:12(?::\\d\\d)? )?(?:noon|midnight)|(?:\\d{1,2}|${numbers.join('|')})(?::\\d\\d| (?:${Object.keys(minutes).join('|')}))?(?: ?[ap]\\.?m\\.?)?(?: o'clock)?`

/** The unit that a word means. */
export function unitOf(word: string): Unit {
  return (Object.keys(units) as Unit[]).find((name) => units[name].includes(word))!
}

/** A number in digits or words. */
export function numberNamed(word: string): number | undefined {
  if (/^\d+$/.test(word)) return Number(word)
  const found = numbers.indexOf(word)
  return found < 0 ? undefined : found
}

/** The number of a day of the week, 0 for Sunday. */
export function weekdayOf(word: string): number {
  return weekdays.indexOf(word.slice(0, 3))
}

/** A day of the month as cron writes it, `L` for the last. */
export function dayOfMonth(word: string): string {
  const named = ordinals.indexOf(word) + 1
  return word === 'last' ? 'L' : String(named || Number.parseInt(word, 10))
}

/** A time of day in words; undefined when there is none such. */
export function timeOf(text: string): Time | undefined {
  const [, late, twelve] = /^(?:12(?::(\d\d))? )?(noon|midnight)$/.exec(text) ?? []
  if (twelve !== undefined) return Number(late ?? 0) > 59 ? undefined : { hour: twelve === 'noon' ? 12 : 0, minute: Number(late ?? 0) }
  const [, first, digits, word, half] = /^([a-z]+|\d+)(?::(\d\d)| (fifteen|thirty|forty-five))?(?: ?([ap])\.?m\.?)?/.exec(text) ?? []
  const given = first && numberNamed(first)
  const minute = word === undefined ? Number(digits ?? 0) : minutes[word]!
  if (typeof given !== 'number' || minute > 59) return undefined
  if (half === undefined) return given > 24 ? undefined : { hour: given % 24, minute }
  return given < 1 || given > 12 ? undefined : { hour: (given % 12) + (half === 'p' ? 12 : 0), minute }
}
