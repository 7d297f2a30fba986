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

/** Reads a schedule as Solid Queue does: a cron line (with seconds in front or not), a nickname such as `@daily`, or words, each with a
 * time zone behind it or not. Undefined for what is none of these.
 *
 * @example parseSchedule('0 5 * * * Europe/Paris')              // { cron: '0 5 * * *', timeZone: 'Europe/Paris' }
 * @example parseSchedule('every day at noon America/New_York')  // { cron: '0 12 * * *', timeZone: 'America/New_York' }
 */
export function parseSchedule(text: string): ParsedSchedule | undefined {
  const words = text.trim().split(/\s+/)
  const zone = isTimeZone(words.at(-1) ?? '') ? words.pop() : undefined
  if (zone !== undefined && words.at(-1) === 'in') words.pop()
  const line = words.join(' ')
  const cron = Object.hasOwn(nicknames, line) ? nicknames[line] : isCron(line) ? line : cronOfWords(line)
  if (cron === undefined) return undefined
  try {
    timeAfter(cron, zone, Date.now())
    return { cron, timeZone: zone }
  } catch {
    return undefined
  }
}

function isCron(line: string): boolean {
  const fields = line.split(' ')
  return (fields.length === 5 || fields.length === 6) && /^[\d*?/,\-L#a-zA-Z ]+$/.test(line) && /^[\d*?]/.test(line)
}

/** Zones are named `Area/Place`, or UTC. */
function isTimeZone(text: string): boolean {
  if (!/^(?:[A-Z][A-Za-z_]+\/[A-Za-z_+\-\d/]+|UTC|GMT|Z)$/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text === 'Z' ? 'UTC' : text })
    return true
  } catch {
    return false
  }
}
