import { Cron } from 'croner'

const made = new Map<string, Cron>()

/** The times of a cron line: one for all who ask, as reading it costs more than a time.
 * @throws whatever croner says is wrong with it */
function cronOf(cron: string, timeZone: string | undefined): Cron {
  const key = `${timeZone ?? ''} ${cron}`
  let found = made.get(key)
  if (found === undefined) {
    found = new Cron(cron, { paused: true, ...(timeZone !== undefined && { timezone: timeZone }) })
    if (made.size > 1000) made.clear()
    made.set(key, found)
  }
  return found
}

/** The first time of a cron line after another, in milliseconds since the epoch; undefined when there is none. */
export function timeAfter(cron: string, timeZone: string | undefined, time: number): number | undefined {
  return cronOf(cron, timeZone).nextRun(new Date(time))?.getTime()
}
