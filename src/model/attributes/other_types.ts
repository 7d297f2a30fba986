import { isDeepStrictEqual } from 'node:util'
import { Duration, isPlainObject } from '../../values/index.ts'
import type { Codec, SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import type { FieldMetadata } from '../metadata.ts'
import type { AttributeType } from './attribute_type.ts'
import { castString } from './casting.ts'
import { StoredValue } from './custom_type.ts'
import { castHstore, readHstore, writeHstore } from './hstore.ts'
import { castInterval, readInterval } from './interval.ts'
import { listType } from './list_type.ts'
import { castBits } from './native_types.ts'
import { castNetwork } from './network.ts'
import { rangeTypes } from './range_type.ts'

/** The attribute type of a column that the schema calls `Unsupported("…")`: what Prisma's client leaves out is read and written as text.
 * Types that Active Record has no name for stay texts.
 */
export function otherType(field: FieldMetadata, codec: Codec | undefined): AttributeType {
  const name = field.nativeType?.[0] ?? 'value'
  const make = Object.hasOwn(rangeTypes, name) ? rangeTypes[name] : Object.hasOwn(types, name) ? types[name] : undefined
  const plain = make?.(codec) ?? textType(name)
  const type = codec === undefined || Object.hasOwn(rangeTypes, name) ? plain : coded(plain, codec)
  if (!field.list) return type
  const { cast, deserialize = cast, serialize } = type
  const each = (list: unknown, of: (value: unknown) => unknown): unknown[] =>
    (list as unknown[]).map((value): unknown => (value === null ? null : Array.isArray(value) ? each(value, of) : of(value)))
  return listType(cast, { decode: (list) => each(list, deserialize), encode: (list) => each(list, serialize) as SqlValue })
}

/** A type whose text the database holds in another form. */
function coded(type: AttributeType, { encode, decode }: Codec): AttributeType {
  const {
    wrap = (raw: unknown) => (raw === null || raw === undefined || typeof raw === 'string' ? raw : new StoredValue(raw)),
    deserialize = (value: unknown) => value,
  } = type
  const text = (raw: unknown): unknown => (decode === undefined ? raw : decode(raw as SqlValue))
  return {
    ...type,
    wrap,
    deserialize: (value) =>
      value instanceof StoredValue ? (type.wrap === undefined ? text(value.raw) : deserialize(new StoredValue(text(value.raw)))) : value,
    serialize: (value) => {
      const given = type.serialize(value)
      return given === null || encode === undefined ? given : encode(given)
    },
  }
}

const types: Readonly<Record<string, () => AttributeType>> = {
  bit: () => plainType('bit', castBits),
  varbit: () => plainType('bit_varying', castBits),
  'bit varying': () => plainType('bit_varying', castBits),
  cidr: () => plainType('cidr', castNetwork, castNetwork),
  macaddr: () => macType('macaddr'),
  macaddr8: () => macType('macaddr8'),
  interval: () => ({
    name: 'interval',
    cast: castInterval,
    deserialize: (value) => (typeof value === 'string' ? readInterval(value) : value),
    serialize: (value) => (value === null || value === undefined ? null : String(value)),
    // A day is as long as 24 hours.
    equals: (a, b) => a === b || (a instanceof Duration && b instanceof Duration && a.seconds === b.seconds),
  }),
  hstore: () => objectType('hstore', castHstore, readHstore, writeHstore),
  point: () => objectType('point', castPoint, castPoint, (point) => `(${(point as Point).x},${(point as Point).y})`),
}

/** Where something lies: what a column of type `point` holds. */
export interface Point {
  readonly x: number
  readonly y: number
}

function plainType(name: string, cast: (value: unknown) => unknown, deserialize?: (value: unknown) => unknown): AttributeType {
  return { name, cast, deserialize, serialize: (value) => (value ?? null) as SqlValue, equals: Object.is }
}

function textType(name: string): AttributeType {
  return plainType(name, castString)
}

/** Letters of an address have no case. */
function macType(name: string): AttributeType {
  const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
  return { ...textType(name), equals: (a, b) => lower(a) === lower(b) }
}

/** The type of values that are objects: changes inside of one that was read are seen. */
function objectType(
  name: string,
  cast: (value: unknown) => unknown,
  read: (text: string) => unknown,
  write: (value: unknown) => string,
): AttributeType {
  return {
    name,
    isWhole: isPlainObject,
    cast,
    deserialize: (value) => (value instanceof StoredValue ? read(String(value.raw)) : value),
    wrap: (raw) => (raw === null || raw === undefined ? raw : new StoredValue(raw)),
    serialize: (value) => (value === null || value === undefined ? null : write(value)),
    equals: isDeepStrictEqual,
  }
}

/** Casts as Active Record's Point: `(1,2)`, `1,2`, `[1, 2]` or `{ x: 1, y: 2 }`.
 * @throws InvalidArgument for what has no two numbers
 */
function castPoint(value: unknown): Point | null {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return null
  const [x, y, ...rest] = coordinatesOf(value).map((each) => (String(each).trim() === '' ? Number.NaN : Number(each)))
  if (x === undefined || y === undefined || rest.length > 0 || Number.isNaN(x) || Number.isNaN(y))
    throw new InvalidArgument({ reason: `${JSON.stringify(value)} is no point: write (1,2), or [1, 2].` })
  return { x, y }
}

function coordinatesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.replace(/^\((.*)\)$/, '$1').split(',')
  if (Array.isArray(value)) return value
  const { x, y } = Object(value) as { x?: unknown; y?: unknown }
  return [x, y]
}
