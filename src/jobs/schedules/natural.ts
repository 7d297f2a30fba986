import { dayOfMonth, numberNamed, number, ordinal, time, type Time, timeOf, unit, unitOf, type Unit, weekday, weekdayOf } from './words.ts'

/** What a schedule in words says, clause by clause. */
interface Reading {
  count?: number
  unit?: Unit
  weekdays?: string
  monthdays?: string
  minute?: number
  times?: readonly Time[]
  hours?: readonly [from: Time, to: Time]
}

/** Puts what a clause says into the reading; undefined where it makes no sense. */
type Clause = readonly [pattern: RegExp, read: (...found: string[]) => Reading | undefined]

const list = (word: string) => `(?:${word})(?: and (?:${word}))*`
const clause = (pattern: string, read: Clause[1]): Clause => [new RegExp(`^(?:${pattern})(?= |$) ?`), read]
const days = (text: string) => text.split(' and ')

/** In the order in which they are tried: `every second of the month` is a day, `every second` is none. */
const clauses: readonly Clause[] = [
  clause(`(?:every|on the|on) (${list(ordinal)})(?: day)? of (?:the |every |each )?month`, (found) => ({ monthdays: monthdays(found!) })),
  clause(`on (?:the )?(${list(ordinal)})(?: day)?`, (found) => ({ monthdays: monthdays(found!) })),
  clause(`on days? (${list('\\d{1,2}')})`, (found) => ({ monthdays: monthdays(found!) })),
  clause(`every (?:(${number}) ?)?(${unit})`, (count, name) => counted(count === undefined ? 1 : numberNamed(count), unitOf(name!))),
  clause('(?:every |on )?(weekdays?|weekends?)', (found) => ({ weekdays: found!.startsWith('weekd') ? '1-5' : '6,0' })),
  clause(`(?:every |on |from )?(${weekday})(?: ?- ?| to | through )(${weekday})`, (from, to) => ({
    weekdays: `${weekdayOf(from!)}-${weekdayOf(to!)}`,
  })),
  clause(`(?:every |on )?(${list(weekday)})`, (found) => ({ weekdays: days(found!).map(weekdayOf).join(',') })),
  clause('(?:at|on) minute (\\d{1,2})', (minute) => (Number(minute) > 59 ? undefined : { minute: Number(minute) })),
  clause(`from (${time}) to (${time})`, (from, to) => hourly(timeOf(from!), timeOf(to!))),
  clause(`(?:at )?(${time}(?: and (?:at )?(?:${time}))*)`, (found) => timely(found!.split(/ and (?:at )?/).map(timeOf))),
]

/** The cron line of a schedule in words, in the forms that fugit (which Solid Queue asks) understands; undefined for what it isn't.
 *
 * @example cronOfWords('at 5am every day')               // 0 5 * * *
 * @example cronOfWords('every monday at 17:30')          // 30 17 * * 1
 * @example cronOfWords('every 15 minutes from 8 to 18')  // *\/15 8-17 * * *
 */
export function cronOfWords(text: string): string | undefined {
  const months = text.replace(/(\d) ?M\b/g, '$1 months')
  let rest = months
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?, ?(?:(?:and|or) )?| or /g, ' and ')
  const reading: Reading = {}
  while (rest !== '') {
    const read = nextClause(rest)
    if (read === undefined) return undefined
    if (Object.keys(read.said).some((name) => Object.hasOwn(reading, name))) return undefined
    Object.assign(reading, read.said)
    rest = rest.slice(read.length)
  }
  return lineOf(reading)
}

function nextClause(text: string): { said: Reading; length: number } | undefined {
  for (const [pattern, read] of clauses) {
    const found = pattern.exec(text)
    if (found === null) continue
    const said = read(...found.slice(1))
    return said && { said, length: found[0].length }
  }
  return undefined
}

function monthdays(text: string): string {
  return days(text).map(dayOfMonth).join(',')
}

/** How many of a unit make the next larger one, and which that is: `every 60 minutes` is every hour. */
const larger: Partial<Record<Unit, readonly [number, Unit]>> = { second: [60, 'minute'], minute: [60, 'hour'], hour: [24, 'day'] }
const largest: Readonly<Record<Unit, number>> = { second: 59, minute: 59, hour: 23, day: 31, week: 1, month: 12, year: 1 }

function counted(count: number | undefined, name: Unit): Reading | undefined {
  if (count === undefined || count < 1) return undefined
  const [most, next] = larger[name] ?? []
  if (next !== undefined && count === most) return { count: 1, unit: next }
  return count > largest[name] ? undefined : { count, unit: name }
}

function hourly(from: Time | undefined, to: Time | undefined): Reading | undefined {
  return from === undefined || to === undefined || from.minute !== 0 || to.minute !== 0 ? undefined : { hours: [from, to] }
}

/** Several times of a day are one line only when they are at the same minute. */
function timely(times: readonly (Time | undefined)[]): Reading | undefined {
  const first = times[0]
  return times.every((one) => one !== undefined && one.minute === first?.minute) ? { times: times as readonly Time[] } : undefined
}

function lineOf({ unit: name, count = 1, weekdays = '*', monthdays: dates = '*', minute, times, hours }: Reading): string | undefined {
  const every = count === 1 ? '*' : `*/${count}`
  const isOften = name === 'second' || name === 'minute' || name === 'hour'
  if (isOften) {
    if (times !== undefined || (minute !== undefined && name !== 'hour')) return undefined
    if (name === 'hour') return `${minute ?? 0} ${hours === undefined ? every : hourRange(hours, count)} ${dates} * ${weekdays}`
    const hour = hours === undefined ? '*' : hourRange([hours[0], { ...hours[1], hour: hours[1].hour - 1 }])
    return `${name === 'second' ? `${every} *` : every} ${hour} ${dates} * ${weekdays}`
  }
  if (hours !== undefined || minute !== undefined) return undefined
  if (name === undefined && times === undefined && weekdays === '*' && dates === '*') return undefined
  const at = times === undefined ? '0 0' : `${times[0]!.minute} ${times.map(({ hour }) => hour).join(',')}`
  const hasDays = weekdays !== '*' || dates !== '*'
  if (name === 'week') return `${at} ${dates} * ${hasDays ? weekdays : '0'}`
  if (name === 'month') return `${at} ${hasDays ? dates : '1'} ${every} ${weekdays}`
  if (name === 'year') return hasDays ? undefined : `${at} 1 1 *`
  return `${at} ${dates === '*' ? every : dates} * ${weekdays}`
}

function hourRange([from, to]: readonly [Time, Time], count = 1): string {
  return `${from.hour}-${(to.hour + 24) % 24}${count === 1 ? '' : `/${count}`}`
}
