import { isDeepStrictEqual } from 'node:util'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import type { AttributeType } from './attribute_type.ts'
import { castCalendarDate } from './calendar_date.ts'
import { ValueType } from './value_type.ts'
import { castBigInteger, castBoolean, castDateTime, castDecimal, castFloat, castInteger, castString } from './casting.ts'

/** A type of an application's own. None of its functions is called with null.
 * @example
 * const money: CustomType<Money> = {
 *   cast: (value) => Money.parse(value),
 *   serialize: (money) => money.cents,
 *   deserialize: (cents) => new Money(Number(cents)),
 * }
 */
export interface CustomType<T = unknown> {
  /** From what was assigned; a value of the type as well. */
  cast(value: unknown): T | null
  /** To what the column's own type takes. Left out, the value itself. */
  serialize?(value: T): unknown
  /** From a value of the column's own type. Left out, `cast` does it. */
  deserialize?(value: unknown): T | null
  equals?(a: T, b: T): boolean
  /** What null in the column stands for, made anew for each record; it is written as `serialize` says. */
  empty?(): T
}

const casts = {
  string: castString,
  integer: castInteger,
  bigint: castBigInteger,
  float: castFloat,
  decimal: castDecimal,
  boolean: castBoolean,
  datetime: castDateTime,
  date: castCalendarDate,
  json: (value: unknown) => value ?? null,
} as const

/** The types of attributes by name. */
export type TypeName = keyof typeof casts

/** How a type casts. */
export function castOf(type: TypeName | CustomType): (value: unknown) => unknown {
  if (typeof type === 'string') return casts[type]
  return (value) => (value === null || value === undefined ? (type.empty === undefined ? null : type.empty()) : type.cast(value))
}

/** A value as the database answered it, until it is first read. */
export class StoredValue {
  readonly raw: unknown
  constructor(raw: unknown) {
    this.raw = raw
  }
}

/** A column's type with another on top of it. */
export function typeOver(column: AttributeType, type: TypeName | CustomType): AttributeType {
  const cast = castOf(type)
  if (typeof type === 'string') return { ...column, name: type, cast: (value) => column.cast(cast(value)) }
  const isText = type instanceof ValueType && /^jsonb?$/.test(column.name)
  const stored = (value: unknown): unknown => {
    const written = type.serialize === undefined ? value : type.serialize(value as never)
    return isText && typeof written === 'string' ? JSON.parse(written) : written
  }
  const read = (raw: unknown): unknown => {
    const plain = column.deserialize?.(column.wrap?.(raw) ?? raw) ?? raw
    if (plain === null) return type.empty === undefined ? null : type.empty()
    return (type.deserialize ?? type.cast).call(type, isText ? JSON.stringify(plain) : plain)
  }
  const hasEmpty = type.empty !== undefined
  return {
    name: 'custom',
    cast,
    deserialize: (value) => (value instanceof StoredValue ? read(value.raw) : value),
    wrap: (raw) => (raw === undefined || (raw === null && !hasEmpty) ? raw : new StoredValue(raw)),
    hasEmpty,
    serialize: (value): SqlValue => (value === null || value === undefined ? null : column.serialize(column.cast(stored(value)))),
    equals: (a, b) => (a === null || b === null ? a === b : (type.equals?.(a as never, b as never) ?? isDeepStrictEqual(a, b))),
  }
}

/** The type of any value that a text column holds, or of one class of values: an empty one is written as null. */
export function serializedType(
  name: string,
  dump: (value: unknown) => string,
  load: (text: string) => unknown,
  type: ArrayConstructor | ObjectConstructor | undefined,
): CustomType {
  const plain = { cast: (value: unknown) => value, serialize: dump, deserialize: (text: unknown) => load(String(text)) }
  if (type === undefined) return plain
  const isOne = type === Array ? Array.isArray : (value: unknown) => typeof value === 'object' && !Array.isArray(value)
  return {
    ...plain,
    cast: (value) => {
      if (isOne(value)) return value
      throw new InvalidArgument({
        reason: `'${name}' is serialized as ${type === Array ? 'an Array' : 'an Object'}, and was given another value.`,
      })
    },
    serialize: (value) => (Object.keys(value as object).length === 0 ? null : dump(value)),
    empty: () => (type === Array ? [] : {}),
  }
}
