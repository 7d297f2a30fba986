import { types } from 'node:util'
import { currentClassLocator } from '../class_locator.ts'
import { Duration, type DurationUnit } from '../duration.ts'
import type { AnyJobSerializer, JobSerializer } from './serializer.ts'

const rails = (name: string) => `ActiveJob::Serializers::${name}Serializer`
/** What a JavaScript symbol is written as: `Symbol.for('pending')` is Ruby's `:pending`. It comes back as a string, as Ruby's symbols do. */
export const symbolName = rails('Symbol')
/** What a class is written as. */
export const moduleName = rails('Module')

/** Rails writes nanoseconds: JavaScript's milliseconds with six zeros. */
const date: JobSerializer<Date> = {
  name: rails('Time'),
  matches: (value) => types.isDate(value),
  serialize: (value) => ({ value: value.toISOString().replace('Z', '000000Z') }),
  deserialize: ({ value }) => parseTime(value),
}

const duration: JobSerializer<Duration> = {
  name: rails('Duration'),
  matches: (value) => value instanceof Duration,
  serialize: (value) => ({
    value: value.seconds,
    parts: value.parts.map(([unit, amount]) => [{ _aj_serialized: symbolName, value: unit }, amount]),
  }),
  deserialize: ({ parts }, nested) =>
    new Duration((parts as [unknown, number][]).map(([unit, amount]) => [nested(unit) as DurationUnit, amount])),
}

const map: JobSerializer<Map<unknown, unknown>> = {
  name: 'Regauge::MapSerializer',
  matches: (value) => types.isMap(value),
  serialize: (value, nested) => ({ entries: [...value].map(([key, item]) => [nested(key, 'key'), nested(item, String(key))]) }),
  deserialize: ({ entries }, nested) => new Map((entries as [unknown, unknown][]).map(([key, item]) => [nested(key), nested(item)])),
}

/** What only Rails writes: read here, never written. */
const readOnly = (name: string, deserialize: AnyJobSerializer['deserialize']): AnyJobSerializer => ({
  name,
  matches: () => false,
  serialize: () => ({}),
  deserialize,
})

/** `bigint` isn't an object; the walker writes it under this name. */
export const bigintName = 'Regauge::BigIntSerializer'

/** The serializers that every application has: dates, durations, Maps, bigints, and what Rails writes. */
export const builtInSerializers: readonly AnyJobSerializer[] = [
  date,
  duration,
  map,
  readOnly(bigintName, ({ value }) => BigInt(String(value))),
  readOnly(symbolName, ({ value }) => value),
  readOnly(moduleName, ({ value }) => classNamed(String(value))),
  readOnly(rails('TimeWithZone'), ({ value }) => parseTime(value)),
  readOnly(rails('DateTime'), ({ value }) => parseTime(value)),
  readOnly(rails('Date'), ({ value }) => parseTime(value)),
  readOnly(rails('BigDecimal'), ({ value }) => value),
]

function classNamed(name: string): Function {
  const found = currentClassLocator()?.named(name)
  if (found === undefined) throw new Error(`there is no class ${name}`)
  return found
}

function parseTime(value: unknown): Date {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined
  if (time === undefined || Number.isNaN(time.getTime())) throw new Error(`invalid xmlschema format: ${JSON.stringify(value)}`)
  return time
}
