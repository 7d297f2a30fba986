/** The units a duration is made of, largest first, with their lengths in seconds (a month is a twelfth of a Gregorian year of 365.2425 days). */
const unitSeconds = { years: 31_556_952, months: 2_629_746, weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 } as const

/** One unit of a duration. */
export type DurationUnit = keyof typeof unitSeconds

/** A length of time that remembers its units, as ActiveSupport::Duration does. As a number it is its seconds.
 *
 * @example
 * Number(minutes(5))               // 300
 * hours(1).plus(minutes(30)).milliseconds // 5_400_000
 */
export class Duration {
  readonly parts: readonly (readonly [DurationUnit, number])[]

  constructor(parts: readonly (readonly [DurationUnit, number])[]) {
    this.parts = parts
  }

  get seconds(): number {
    let sum = 0
    for (const [unit, amount] of this.parts) sum += unitSeconds[unit] * amount
    return sum
  }

  get milliseconds(): number {
    return this.seconds * 1000
  }

  /** The two together; amounts of one unit are added up. */
  plus(other: Duration): Duration {
    const amounts = new Map<DurationUnit, number>(this.parts)
    for (const [unit, amount] of other.parts) amounts.set(unit, (amounts.get(unit) ?? 0) + amount)
    return new Duration([...amounts])
  }

  /** The time this long after `start`, which is now unless given. Years and months are those of the calendar, as in ActiveSupport: a month after
   * the 31st of January is the last of February. */
  from(start: Date = new Date()): Date {
    return advance(start, this.parts, 1)
  }

  /** The same as `from`. */
  since(start: Date = new Date()): Date {
    return this.from(start)
  }

  /** The time this long from now. */
  fromNow(): Date {
    return this.from()
  }

  /** The time this long before `end`, which is now unless given. */
  ago(end: Date = new Date()): Date {
    return advance(end, this.parts, -1)
  }

  valueOf(): number {
    return this.seconds
  }

  toJSON(): string {
    return this.toString()
  }

  /** ISO 8601, such as `P1DT2H`. */
  toString(): string {
    const text = (units: readonly DurationUnit[]) =>
      units
        .map((unit) => [unit, this.parts.find(([name]) => name === unit)?.[1] ?? 0] as const)
        .filter(([, amount]) => amount !== 0)
        .map(([unit, amount]) => `${amount}${unit[0]!.toUpperCase()}`)
        .join('')
    const date = text(['years', 'months', 'weeks', 'days'])
    const time = text(['hours', 'minutes', 'seconds'])
    return date + time === '' ? 'PT0S' : `P${date}${time === '' ? '' : `T${time}`}`
  }
}

function advance(start: Date, parts: Duration['parts'], sign: 1 | -1): Date {
  let time = start
  for (const [unit, amount] of parts) {
    const months = unit === 'years' ? amount * 12 : unit === 'months' ? amount : 0
    const whole = Math.trunc(months)
    if (whole !== 0) time = advanceMonths(time, sign * whole)
    const rest = unit === 'years' || unit === 'months' ? (months - whole) * unitSeconds.months : amount * unitSeconds[unit]
    time = new Date(time.getTime() + sign * rest * 1000)
  }
  return time
}

/** The same day of another month, or its last one where it has no such day. */
function advanceMonths(start: Date, months: number): Date {
  const time = new Date(start)
  time.setUTCDate(1)
  time.setUTCMonth(time.getUTCMonth() + months)
  const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate()
  time.setUTCDate(Math.min(start.getUTCDate(), last))
  return time
}

const of = (unit: DurationUnit) => (amount: number) => new Duration([[unit, amount]])

/** @example SendReminder.set({ wait: seconds(30) }).performLater(id) */
export const seconds = of('seconds')
/** @example SendReminder.set({ wait: minutes(5) }).performLater(id) */
export const minutes = of('minutes')
/** @example hours(2).ago() */
export const hours = of('hours')
/** @example days(1).from() */
export const days = of('days')
/** @example weeks(2).seconds // 1_209_600 */
export const weeks = of('weeks')
/** @example months(1).seconds // 2_629_746 */
export const months = of('months')
/** @example years(1).seconds // 31_556_952 */
export const years = of('years')

/** Seconds of a number of seconds or a duration. */
export function toSeconds(value: number | Duration): number {
  return typeof value === 'number' ? value : value.seconds
}
