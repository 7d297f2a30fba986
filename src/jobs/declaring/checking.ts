import { didYouMean } from '../../naming/index.ts'
import { Duration } from '../duration.ts'
import { InvalidJobOption } from '../errors.ts'

/** What is wrong with an option of a job class; `hint` says what it may be. */
export type Refusal = (reason: string, hint?: string) => InvalidJobOption

/** Makes the errors about one option of a job class. */
export function refusalOf(job: string, option: string): Refusal {
  return (reason, hint) => new InvalidJobOption({ job, option, reason, hint })
}

/** Refuses options that aren't an object, or that nobody reads: a mistyped one would be left out in silence.
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) with the name that was meant
 */
export function checkKeys(refusal: Refusal, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refusal(`takes an object of options, not ${printed(given)}`, `The options are ${listed(known)}.`)
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue
    const suggestion = didYouMean(key, known)
    throw refusal(
      `has no option '${key}'.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`,
      `The options are ${listed(known)}.`,
    )
  }
}

/** Refuses a value that isn't one of a few words. */
export function checkWord(refusal: Refusal, name: string, value: unknown, words: readonly string[]): void {
  if (value === undefined || words.includes(value as string)) return
  const suggestion = typeof value === 'string' ? didYouMean(value, words) : undefined
  throw refusal(
    `can't have ${printed(value)} as \`${name}\`${suggestion === undefined ? '' : `. Did you mean '${suggestion}'?`}`,
    `It is ${words.map((word) => `'${word}'`).join(' or ')}.`,
  )
}

/** Refuses what isn't a length of time. */
export function checkTime(refusal: Refusal, name: string, value: unknown, isPositive = false): void {
  const seconds = value instanceof Duration ? value.seconds : value
  if (typeof seconds === 'number' && Number.isFinite(seconds) && (isPositive ? seconds > 0 : seconds >= 0)) return
  throw refusal(
    `can't have ${printed(value)} as \`${name}\``,
    `It is ${isPositive ? 'a positive number' : 'a number'} of seconds, or a duration such as minutes(5).`,
  )
}

/** Refuses what isn't the name of a queue. */
export function checkQueue(refusal: Refusal, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '') throw refusal(`can't have ${printed(value)} as the name of a queue`)
}

/** Refuses what isn't a priority: whole numbers that are stored in four bytes. */
export function checkPriority(refusal: Refusal, value: unknown): void {
  if (Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31 - 1) return
  throw refusal(`can't have ${printed(value)} as the priority`, 'It is a whole number; smaller runs first.')
}

/** A value as it would be written. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return value.name === '' ? 'a function' : value.name
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Duration) return String(value)
  return Array.isArray(value) ? 'an array' : `an object of ${value.constructor?.name ?? 'no class'}`
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')}${words.length > 1 ? ' and ' : ''}${words.at(-1)}`
}
