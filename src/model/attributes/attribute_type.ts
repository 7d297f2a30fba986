import { isDeepStrictEqual } from 'node:util'
import type { Codec, SqlValue } from '../database.ts'
import type { AttributeEncryption } from '../encryption/attribute_encryption.ts'
import type { FieldMetadata } from '../metadata.ts'
import { mayHoldOperators } from '../sql/operators.ts'
import { fromOutside, isPlainObject } from '../../values/index.ts'
import { CalendarDate, castCalendarDate, isCalendarDate } from './calendar_date.ts'
import { listType } from './list_type.ts'
import { castBits, castTimeOfDay, castUuid, nativeKindOf, plainAmount } from './native_types.ts'
import { castNetwork } from './network.ts'
import { otherType } from './other_types.ts'
import { castBigInteger, castBoolean, castDateTime, castDecimal, castFloat, castInteger, castString } from './casting.ts'

/** How the values of one column are cast from user input, read from the database and written to it. */
export interface AttributeType {
  readonly name: string
  /** From what a user assigned. */
  cast(value: unknown): unknown
  /** From what the database answered; left out when that is the value already. Called again with a value it gave, it gives it back. */
  readonly deserialize: ((value: unknown) => unknown) | undefined
  /** To what the database takes. */
  serialize(value: unknown): SqlValue
  equals(a: unknown, b: unknown): boolean
  /** What a value that was read stands in until it is deserialized, so that it isn't taken for one that a user assigned. */
  readonly wrap?: (raw: unknown) => unknown
  /** Whether null in the column stands for an empty value, which is then wrapped as well. */
  readonly hasEmpty?: boolean
  /** How the column is encrypted, if it is. */
  readonly encryption?: AttributeEncryption
  /** All that the column may hold for a value; left out when that is one thing. */
  readonly candidates?: (value: unknown) => readonly SqlValue[]
  /** To what a condition compares with; left out when it is what an assigned value is written as. */
  readonly toCondition?: (value: unknown) => SqlValue
  /** Whether a condition takes a value for one of the column's: a list where the column holds lists, a range where it holds ranges, an object of JSON. */
  readonly isWhole?: (value: unknown) => boolean
}

type Cast = (value: unknown) => unknown

interface Kind {
  readonly name: string
  readonly cast: Cast
  readonly equals?: (a: unknown, b: unknown) => boolean
  /** Whether a value is what the codec decodes to: values are decoded where they lie, once. */
  readonly isDecoded?: (value: unknown) => boolean
}

const kinds: Readonly<Record<string, Kind>> = {
  String: { name: 'string', cast: castString },
  Int: { name: 'integer', cast: castInteger },
  BigInt: { name: 'bigint', cast: castBigInteger, isDecoded: (value) => typeof value === 'bigint' },
  Float: { name: 'float', cast: castFloat },
  Decimal: {
    name: 'decimal',
    cast: castDecimal,
    equals: (a, b) => a === b || (a !== null && b !== null && Number(a) === Number(b) && String(a) === String(b)),
    isDecoded: (value) => typeof value === 'object',
  },
  Money: {
    name: 'money',
    cast: (value) => castDecimal(plainAmount(value)),
    equals: (a, b) => a === b || (a !== null && b !== null && Number(a) === Number(b)),
    isDecoded: (value) => typeof value === 'object',
  },
  Boolean: { name: 'boolean', cast: castBoolean, isDecoded: (value) => typeof value === 'boolean' },
  DateTime: {
    name: 'datetime',
    cast: castDateTime,
    equals: (a, b) => a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime()),
    isDecoded: (value) => value instanceof Date,
  },
  CalendarDate: {
    name: 'date',
    cast: castCalendarDate,
    equals: (a, b) => a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime()),
    isDecoded: (value) => value instanceof CalendarDate,
  },
  TimeOfDay: {
    name: 'time',
    cast: castTimeOfDay,
    equals: (a, b) => a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime()),
  },
  Uuid: { name: 'uuid', cast: castUuid },
  Xml: { name: 'xml', cast: castString },
  Inet: { name: 'inet', cast: castNetwork },
  Bit: { name: 'bit', cast: castBits },
  VarBit: { name: 'bit_varying', cast: castBits },
  Json: {
    name: 'json',
    cast: castJson,
    equals: isDeepStrictEqual,
    isDecoded: (value) => !(value instanceof JsonText),
  },
  Bytes: {
    name: 'binary',
    cast: (value) => (typeof value === 'string' ? Buffer.from(value) : (value ?? null)),
    equals: (a, b) => a === b || (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0),
  },
}

const anything: Kind = {
  name: 'value',
  cast: (value) => value ?? null,
  equals: (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b),
}

/** JSON text that was read and not yet parsed; kept apart from strings that a user assigned. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The value of what the database answered, outside of a record. */
export function readAnswer(type: AttributeType, raw: unknown): unknown {
  if (type.deserialize === undefined || raw === null || raw === undefined) return raw
  return type.deserialize(type.wrap === undefined ? raw : type.wrap(raw))
}

/** The attribute type of a scalar field. The codec says how the database holds its values. */
export function attributeType(field: FieldMetadata, codec: Codec | undefined): AttributeType {
  if (field.type === 'Unsupported') return otherType(field, codec)
  const kind = kinds[nativeKindOf(field) ?? (isCalendarDate(field) ? 'CalendarDate' : field.type)] ?? anything
  if (field.list) return listType(elementCast(kind, codec), codec)
  const encode = codec?.encode?.bind(codec)
  const deserialize = deserializer(kind, codec)
  return {
    name: kind.name,
    cast: isDecimal(kind) && deserialize !== undefined ? (value) => decimal(kind.cast(value), deserialize, scaleOf(field)) : kind.cast,
    deserialize,
    serialize:
      encode === undefined
        ? (value) => (value ?? null) as SqlValue
        : (value) => (value === null || value === undefined ? null : encode(value)),
    equals: kind.equals ?? Object.is,
    ...(kind.name === 'json' && { wrap: wrapJson, isWhole: isPlainObject }),
  }
}

/** A value as it will be once it was saved and read, apart from what was given: dates are texts, and changing one doesn't change the other. */
function castJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null
  const text: string | undefined = JSON.stringify(value)
  return text === undefined ? null : parseJson(text)
}

function wrapJson(raw: unknown): unknown {
  return typeof raw === 'string' ? new JsonText(raw) : fromOutside(raw)
}

/** The value of JSON text that a column held: what it holds may have come from anywhere. */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text)
  return mayHoldOperators(text) ? fromOutside(parsed) : parsed
}

/** How the elements of a list are cast: decimals by the codec of the list. */
function elementCast(kind: Kind, codec: Codec | undefined): Cast {
  if (!isDecimal(kind) || codec?.decode === undefined) return kind.cast
  const decode = codec.decode.bind(codec)
  return (value) => decimal(kind.cast(value), (text) => (decode([text] as never) as unknown[])[0], undefined)
}

function isDecimal({ name }: Kind): boolean {
  return name === 'decimal' || name === 'money'
}

/** Decimals are the objects that the codec makes of their text. */
function decimal(text: unknown, deserialize: (value: unknown) => unknown, scale: number | undefined): unknown {
  if (text === null) return null
  const exact = deserialize(text)
  return scale === undefined || !isRoundable(exact) ? exact : exact.toDecimalPlaces(scale)
}

interface Roundable {
  toDecimalPlaces(places: number): unknown
}

function isRoundable(value: unknown): value is Roundable {
  return typeof value === 'object' && value !== null && 'toDecimalPlaces' in value
}

/** The digits behind the point: `@db.Decimal(8, 2)`, or where the database has no such type, `@decimal(8, 2)` in the field's comment. */
function scaleOf({ nativeType, documentation }: FieldMetadata): number | undefined {
  if (nativeType?.[0] === 'Money') return 2
  const scale = nativeType?.[0] === 'Decimal' ? nativeType[1][1] : /(?:^|\s)@decimal\(\d+,\s*(\d+)\)/.exec(documentation ?? '')?.[1]
  return scale === undefined ? undefined : Number(scale)
}

function deserializer(kind: Kind, codec: Codec | undefined): ((value: unknown) => unknown) | undefined {
  const decode = codec?.decode?.bind(codec)
  if (kind.name === 'json') {
    const parse = decode ?? parseJson
    return (value) => {
      if (!(value instanceof JsonText)) return value
      const parsed = parse(value.text)
      return mayHoldOperators(value.text) ? fromOutside(parsed) : parsed
    }
  }
  if (kind.name === 'date') {
    return (value) =>
      value === null || value instanceof CalendarDate ? value : castCalendarDate(decode === undefined ? value : decode(value as SqlValue))
  }
  if (kind.name === 'time') {
    return (value) =>
      value === null || (value instanceof Date && value.getUTCFullYear() === 2000)
        ? value
        : castTimeOfDay(decode === undefined ? value : decode(value as SqlValue))
  }
  if (decode === undefined) return undefined
  const isDecoded = kind.isDecoded ?? (() => false)
  return (value) => (value === null || isDecoded(value) ? value : decode(value as SqlValue))
}
