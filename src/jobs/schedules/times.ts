import { Cron } from 'croner'
import { type DayPattern, dayPatterns } from './day_patterns.ts'
import { endOfDay, localTime } from './local_time.ts'

/** A pattern that was read. */
interface Times {
  readonly cron: Cron
  readonly isDay: DayPattern['isDay']
}

const made = new Map<string, readonly Times[]>()

/** The times of a cron line: once for all who ask, as reading it costs more than a time.
 * @throws whatever croner says is wrong with it */
function timesOf(cron: string, timeZone: string | undefined): readonly Times[] {
  const key = `${timeZone ?? ''} ${cron}`
  let found = made.get(key)
  if (found === undefined) {
    const options = { paused: true, ...(timeZone !== undefined && { timezone: timeZone }) }
    found = dayPatterns(cron).map(({ line, isDay }) => ({ cron: new Cron(line, options), isDay }))
    if (made.size > 1000) made.clear()
    made.set(key, found)
  }
  return found
}

/** The first time of a cron line after another, in milliseconds since the epoch; undefined when there is none.
 * @param cron as `cronLineOf` writes it */
export function timeAfter(cron: string, timeZone: string | undefined, time: number): number | undefined {
  let first: number | undefined
  for (const times of timesOf(cron, timeZone)) {
    const next = nextOf(times, timeZone, time)
    if (next !== undefined && (first === undefined || next < first)) first = next
  }
  return first
}

/** So many days are looked at before a pattern counts as one that never comes: those of about thirty years. */
const mostDays = 1500

function nextOf({ cron, isDay }: Times, timeZone: string | undefined, time: number): number | undefined {
  let after = time
  for (let days = 0; days < mostDays; days++) {
    const next = cron.nextRun(new Date(after))?.getTime()
    if (next === undefined || isDay === undefined || isDay(localTime(next, timeZone))) return next
    after = Math.max(next, endOfDay(next, timeZone))
  }
  return undefined
}
