import { cronLineOf } from './cron_line.ts'
import { dayPatterns } from './day_patterns.ts'
import { cronOfWords } from './natural.ts'
import { timeAfter } from './times.ts'

/** What a schedule means. */
export interface ParsedSchedule {
  readonly cron: string
  readonly timeZone: string | undefined
}

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@noon': '0 12 * * *',
  '@hourly': '0 * * * *',
}

/** Longer ones say nothing that a shorter one doesn't. */
const longestSchedule = 1000
/** One line may name so many days from the end of the month, each with some of the weeks: the times of each are looked for by themselves. */
const mostPatterns = 32

/** Reads a schedule as Solid Queue does: a cron line (with seconds in front or not), a nickname such as `@daily`, or words, each with a
 * time zone behind it or not. Undefined for what is none of these, and for what never comes, such as the 30th of February.
 *
 * @example parseSchedule('0 5 * * * Europe/Paris')              // { cron: '0 5 * * *', timeZone: 'Europe/Paris' }
 * @example parseSchedule('every day at noon America/New_York')  // { cron: '0 12 * * *', timeZone: 'America/New_York' }
 */
export function parseSchedule(text: string): ParsedSchedule | undefined {
  if (text.length > longestSchedule) return undefined
  const words = text.trim().split(/\s+/)
  const zone = timeZoneOf(words.at(-1) ?? '')
  if (zone !== undefined) words.pop()
  if (zone !== undefined && /^(?:in|on)$/.test(words.at(-1) ?? '')) words.pop()
  const line = words.join(' ')
  const cron = Object.hasOwn(nicknames, line) ? nicknames[line] : (cronLineOf(line) ?? cronLineOf(cronOfWords(line) ?? ''))
  if (cron === undefined) return undefined
  try {
    if (dayPatterns(cron).length > mostPatterns) return undefined
    return timeAfter(cron, zone, Date.now()) === undefined ? undefined : { cron, timeZone: zone }
  } catch {
    return undefined
  }
}

/** Zones are named `Area/Place`, UTC, or by their distance in whole hours: `+09:00`. */
function timeZoneOf(text: string): string | undefined {
  const [, sign, hours] = /^([+-])(\d\d)(?::?00)?$/.exec(text) ?? []
  // The zones of this family count westwards.
  const name = hours === undefined ? text : `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`
  if (!/^(?:[A-Z][A-Za-z_]+\/[A-Za-z_+\-\d/]+|UTC|GMT|Z)$/.test(name)) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: name === 'Z' ? 'UTC' : name })
    return name
  } catch {
    return undefined
  }
}
