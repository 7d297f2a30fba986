import { isDeepStrictEqual } from 'node:util'
import type { SqlValue } from '../database.ts'
import type { AttributeType } from './attribute_type.ts'
import { castCalendarDate } from './calendar_date.ts'
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
  return (value) => (value === null || value === undefined ? null : type.cast(value))
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
  const stored = (value: unknown): unknown => (type.serialize === undefined ? value : type.serialize(value as never))
  const read = (raw: unknown): unknown => {
    const plain = column.deserialize?.(column.wrap?.(raw) ?? raw) ?? raw
    return plain === null ? null : (type.deserialize ?? type.cast).call(type, plain)
  }
  return {
    name: 'custom',
    cast,
    deserialize: (value) => (value instanceof StoredValue ? read(value.raw) : value),
    wrap: (raw) => (raw === null || raw === undefined ? raw : new StoredValue(raw)),
    serialize: (value): SqlValue => (value === null || value === undefined ? null : column.serialize(column.cast(stored(value)))),
    equals: (a, b) => (a === null || b === null ? a === b : (type.equals?.(a as never, b as never) ?? isDeepStrictEqual(a, b))),
  }
}

/** The type of any value that a text column holds. */
export function serializedType(dump: (value: unknown) => string, load: (text: string) => unknown): CustomType {
  return { cast: (value) => value, serialize: dump, deserialize: (text) => load(String(text)) }
}
