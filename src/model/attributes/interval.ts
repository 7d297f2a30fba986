import { Duration, type DurationUnit } from '../../values/index.ts'

const dateUnits: Readonly<Record<string, DurationUnit>> = { Y: 'years', M: 'months', W: 'weeks', D: 'days' }
const timeUnits: Readonly<Record<string, DurationUnit>> = { H: 'hours', M: 'minutes', S: 'seconds' }
const iso = /^([+-])?P((?:[+-]?\d+(?:[.,]\d+)?[YMWD])*)(?:T((?:[+-]?\d+(?:[.,]\d+)?[HMS])+))?$/
const lengths: readonly (readonly [DurationUnit, number])[] = [
  ['years', 31_556_952],
  ['months', 2_629_746],
  ['weeks', 604_800],
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
]

/** Casts as Active Record's Interval: a duration, the text of one in ISO 8601, or seconds. What can't be read is null. */
export function castInterval(value: unknown): Duration | null {
  if (value instanceof Duration) return value
  if (typeof value === 'number') return Number.isFinite(value) ? durationOf(value) : null
  return typeof value === 'string' ? readIso(value) : null
}

/** The duration of what a server answers: `1 year 2 mons 3 days 04:05:06.5`, or ISO 8601 where it is set so. */
export function readInterval(text: string): Duration | null {
  if (/^[+-]?P/.test(text)) return readIso(text)
  const amounts = new Map<DurationUnit, number>()
  const add = (unit: DurationUnit, amount: number): void => {
    if (amount !== 0) amounts.set(unit, amount)
  }
  for (const [, amount, unit] of text.matchAll(/([+-]?\d+) (year|mon|day)/g))
    add(unit === 'year' ? 'years' : unit === 'mon' ? 'months' : 'days', Number(amount))
  const time = /([+-])?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)/.exec(text)
  if (time !== null) {
    const sign = time[1] === '-' ? -1 : 1
    for (const [place, unit] of (['hours', 'minutes', 'seconds'] as const).entries()) add(unit, sign * Number(time[place + 2]))
  }
  return new Duration([...amounts])
}

function readIso(text: string): Duration | null {
  const found = iso.exec(text)
  if (found === null) return null
  const [, sign, date = '', time = ''] = found
  const parts = [...partsOf(date, dateUnits), ...partsOf(time, timeUnits)]
  const isMixed = parts.some(([unit]) => unit === 'weeks') && parts.some(([unit]) => ['years', 'months', 'days'].includes(unit))
  const isFractionInside = parts.slice(0, -1).some(([, amount]) => !Number.isInteger(amount))
  const isTwice = new Set(parts.map(([unit]) => unit)).size < parts.length
  if (parts.length === 0 || isMixed || isFractionInside || isTwice) return null
  return new Duration(parts.filter(([, amount]) => amount !== 0).map(([unit, amount]) => [unit, sign === '-' ? -amount : amount]))
}

function partsOf(text: string, units: Readonly<Record<string, DurationUnit>>): [DurationUnit, number][] {
  return [...text.matchAll(/([+-]?\d+(?:[.,]\d+)?)([A-Z])/g)].map(([, amount, unit]) => [units[unit!]!, Number(amount!.replace(',', '.'))])
}

/** Seconds in units, the largest first, as ActiveSupport::Duration.build makes them. */
function durationOf(seconds: number): Duration {
  const parts: [DurationUnit, number][] = []
  const sign = seconds < 0 ? -1 : 1
  let rest = Math.abs(seconds)
  for (const [unit, length] of lengths) {
    const amount = Math.floor(rest / length)
    rest -= amount * length
    if (amount > 0) parts.push([unit, sign * amount])
  }
  // As exact as the column: millionths of a second.
  const last = Math.round(rest * 1e6) / 1e6
  if (last > 0) parts.push(['seconds', sign * last])
  return new Duration(parts)
}
