/** A time as a calendar and a clock of a time zone show it. */
export interface LocalTime {
  readonly year: number
  /** 1 for January. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const formats = new Map<string | undefined, Intl.DateTimeFormat>()

/** What calendar and clock show in a time zone (without one: the machine's) at a time, in milliseconds since the epoch. */
export function localTime(time: number, timeZone: string | undefined): LocalTime {
  let format = formats.get(timeZone)
  if (format === undefined) {
    const numeric = 'numeric'
    const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts })
    formats.set(timeZone, format)
  }
  const found = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  return found as unknown as LocalTime
}

/** The length of the month of a time, in days. */
export function daysOfMonth({ year, month }: LocalTime): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

const hour = 3_600_000
const day = 24 * hour

/** The last millisecond of the day of a time, also of a day that is an hour longer or shorter. */
export function endOfDay(time: number, timeZone: string | undefined): number {
  const midnight = time + day - sinceMidnight(time, timeZone)
  const past = sinceMidnight(midnight, timeZone)
  return (past < day / 2 ? midnight - past : midnight + day - past) - 1
}

function sinceMidnight(time: number, timeZone: string | undefined): number {
  const { hour: hours, minute, second } = localTime(time, timeZone)
  return hours * hour + minute * 60_000 + second * 1000 + (time % 1000)
}
