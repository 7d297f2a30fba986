import { didYouMean } from '../../naming/index.ts'
import { number, ordinal, unit, weekday } from './words.ts'

/** What is said about schedules that are refused though somebody, or fugit, might understand them. The first that fits counts. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/~/, 'A ~ stands for a number that is drawn anew at each start: write the number.'],
  [/%/, 'Every second week is wed%2, the others are wed%2+1: one weekday, and a number from 1 on.'],
  [/^@reboot\b/i, 'Nothing recurs at a start: enqueue the job where the application boots.'],
  [/\bevery (?:other|second) (?:week|month|\w*day)\b/i, 'Every second week is such as "0 9 * * mon%2", every second month "0 9 1 */2 *".'],
  [/^every \d+ ?[a-z]/i, 'So long an interval fits no cron line; fugit would take it as another. Name the times, or a shorter interval.'],
  [/^(?:in )?(?:\d+ ?[a-z]+|P[\dT]\w*)$/i, 'A duration says how long, not when: "every 5 minutes".'],
  [/\d:\d\d.*\d:\d\d/, 'Several times of a day must be at the same minute: write a task for each of the others.'],
  [/\d+\/\d+$/, 'Fugit takes a step from one weekday as that day alone: write a list, such as 1,3,5.'],
  [/\*?\/\d/, 'A step is at least 1 and no longer than its field; fugit would take a longer one as another interval.'],
  [/\d--\d|-\d+-\d/, 'Days from the end are -2, or -7--1 for the last week; a range has both its ends there, or is such as 25-L.'],
]

/** Why a schedule is refused, where that can be told from how it is written.
 * @example refusalHint('~ 5 * * *') // A ~ stands for a number that is drawn anew at each start: write the number. */
export function refusalHint(schedule: string): string | undefined {
  const text = schedule.trim()
  return misspelled(text) ?? zoneNamedByItsPlace(text) ?? hints.find(([pattern]) => pattern.test(text))?.[1]
}

const interval = new RegExp(`^every (?:(${number}) ?)?([a-z]+)`)
const known = new RegExp(`^(?:other|weekdays?|weekends?|${unit}|${weekday}|${ordinal})$`)
/** Of two that are as near, the first is suggested: minutes before minute. */
const words = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years', ...unit.split('|').filter((word) => word.length > 3)]
for (const day of ['sun', 'mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'week']) words.push(`${day}day`)

function misspelled(schedule: string): string | undefined {
  const [, count, word] = interval.exec(schedule.toLowerCase()) ?? []
  if (word === undefined || known.test(word)) return undefined
  const meant = didYouMean(word, words)
  if (meant !== undefined) return `There is no '${word}'. Did you mean ${meant}?`
  return count && `Intervals are in seconds, minutes, hours, days, weeks, months or years, not in '${word}'.`
}

/** Rails has names of its own for zones, most of them of one place: Berlin is Europe/Berlin. */
function zoneNamedByItsPlace(schedule: string): string | undefined {
  const [, place] = /\s([A-Z][a-z]+)$/.exec(schedule) ?? []
  const zone = place && Intl.supportedValuesOf('timeZone').find((name) => name.endsWith(`/${place}`))
  return zone && `Time zones have their full names: ${zone} for ${place}.`
}
