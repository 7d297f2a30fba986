import { addJobSerializers, Duration, type DurationUnit, type RecordLocator } from '../../../src/jobs/index.ts'

/** A record of the recorded models. */
export class User {
  readonly id: number | undefined
  constructor(id: number | undefined) {
    this.id = id
  }
}

/** The recorder's model lookups: users 1 and 2 exist. */
export const recordedLocator: RecordLocator = {
  identify: (value) => (value instanceof User ? (value.id === undefined ? null : `gid://golden/User/${value.id}`) : undefined),
  async locate(id) {
    const [, model, key] = /^gid:\/\/\w+\/(\w+)\/(\d+)$/.exec(id) ?? []
    if (model === undefined) return null
    if (model !== 'User') throw new Error(`uninitialized constant ${model}`)
    if (Number(key) > 2) throw new Error(`Couldn't find User with 'id'=${key}`)
    return new User(Number(key))
  },
}

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}

class Decimal {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

class Range {
  readonly parts: readonly [unknown, unknown, boolean]
  constructor(parts: readonly [unknown, unknown, boolean]) {
    this.parts = parts
  }
}

/** What an application would add for its own kinds of values. */
export function addRecordedSerializers(): void {
  addJobSerializers(
    {
      name: 'PointSerializer',
      matches: (value) => value instanceof Point,
      serialize: (point: Point) => ({ x: point.x }),
      deserialize: ({ x }) => new Point(x as number),
    },
    {
      name: 'ActiveJob::Serializers::BigDecimalSerializer',
      matches: (value) => value instanceof Decimal,
      serialize: (decimal: Decimal) => ({ value: decimal.text }),
      deserialize: ({ value }) => new Decimal(value as string),
    },
    {
      name: 'ActiveJob::Serializers::RangeSerializer',
      matches: (value) => value instanceof Range,
      serialize: ({ parts: [begin, end, isExclusive] }: Range, nested) => ({
        begin: nested(begin, 'begin'),
        end: nested(end, 'end'),
        exclude_end: isExclusive,
      }),
      deserialize: (fields, nested) => new Range([nested(fields['begin']), nested(fields['end']), fields['exclude_end'] === true]),
    },
  )
}

const units: Record<string, DurationUnit> = { Y: 'years', W: 'weeks', D: 'days', H: 'hours', S: 'seconds' }

function durationOf(iso: string): Duration {
  const [date = '', time = ''] = iso.replace('P', '').split('T')
  const parse = (text: string, month: DurationUnit) =>
    [...text.matchAll(/(-?[\d.]+)([YMWDHS])/g)].map(
      ([, amount, letter]) => [letter === 'M' ? month : units[letter!]!, Number(amount)] as const,
    )
  const parts = [...parse(date, 'months'), ...parse(time, 'minutes')]
  return new Duration(parts.length === 0 ? [['seconds', 0]] : parts)
}

const unsupported = (name: string) =>
  new (class {}.constructor as unknown as new () => object)() && Object.create({ constructor: { name } })

/** The value of ours that stands for a recorded Ruby value. */
export function decodeValue(recorded: unknown): unknown {
  if (Array.isArray(recorded)) return recorded.map(decodeValue)
  if (typeof recorded !== 'object' || recorded === null) return recorded
  const fields = recorded as Record<string, unknown>
  const [tag] = Object.keys(fields)
  const value = tag === undefined ? undefined : fields[tag]
  if (tag === '$symhash') return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, decodeValue(item)]))
  if (tag === '$hwia' || tag?.startsWith('$') !== true) return stringKeyed((tag === '$hwia' ? value : fields) as object)
  return decodeTagged(tag, value)
}

function stringKeyed(fields: object): object {
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(fields)) result[key] = decodeValue(item)
  return result
}

function decodeTagged(tag: string, value: unknown): unknown {
  if (tag === '$sym') return value
  if (tag === '$int') return BigInt(value as string)
  if (tag === '$float') return Number(value)
  if (tag === '$record') return new User((value as { id: number }).id)
  if (tag === '$time' || tag === '$datetime' || tag === '$date') return new Date(value as string)
  if (tag === '$twz') return new Date((value as string[])[0]!)
  if (tag === '$duration') return durationOf((value as string[])[0]!)
  if (tag === '$decimal') return new Decimal(value as string)
  if (tag === '$range') return new Range((value as unknown[]).map(decodeValue) as [unknown, unknown, boolean])
  if (tag === '$point') return new Point(value as number)
  if (tag === '$set') return new Set(value as unknown[])
  if (tag === '$regexp') return new RegExp((value as string[])[0]!)
  if (tag === '$hash') return new Map((value as [unknown, unknown][]).map(([key, item]) => [decodeValue(key), decodeValue(item)]))
  if (tag === '$class' || tag === '$module') return User
  if (tag === '$ruby' && value === 'User.new') return new User(undefined)
  if (tag === '$ruby' && value === '-> {}') return () => {}
  return unsupported(tag)
}
