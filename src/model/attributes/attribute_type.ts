import type { Dialect, SqlValue } from '../database.ts'
import { castBigInteger, castBoolean, castDateTime, castDecimal, castFloat, castInteger, castString } from './casting.ts'

/** How the values of one column are cast from user input, read from the database and written to it. */
export interface AttributeType {
  readonly name: string
  /** From what a user assigned. */
  cast(value: unknown): unknown
  /** From what the database answered; undefined when that is the value already. */
  readonly deserialize: ((value: unknown) => unknown) | undefined
  /** To what the database takes. */
  serialize(value: unknown): SqlValue
  equals(a: unknown, b: unknown): boolean
}

const same = (a: unknown, b: unknown): boolean => a === b
const asIs = (value: unknown): SqlValue => value as SqlValue

const text: AttributeType = { name: 'string', cast: castString, deserialize: undefined, serialize: asIs, equals: same }
const integer: AttributeType = {
  name: 'integer',
  cast: castInteger,
  deserialize: (value) => (typeof value === 'bigint' ? Number(value) : value),
  serialize: asIs,
  equals: same,
}
const plainInteger: AttributeType = { ...integer, deserialize: undefined }
const float: AttributeType = { name: 'float', cast: castFloat, deserialize: undefined, serialize: asIs, equals: same }
const bigInteger: AttributeType = { name: 'bigint', cast: castBigInteger, deserialize: castBigInteger, serialize: asIs, equals: same }
const decimal: AttributeType = {
  name: 'decimal',
  cast: castDecimal,
  deserialize: castDecimal,
  serialize: asIs,
  equals: (a, b) => a === b || (typeof a === 'string' && typeof b === 'string' && Number(a) === Number(b)),
}
const bytes: AttributeType = {
  name: 'binary',
  cast: (value) => (typeof value === 'string' ? Buffer.from(value) : (value ?? null)),
  deserialize: undefined,
  serialize: asIs,
  equals: (a, b) => a === b || (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0),
}
const anything: AttributeType = { name: 'value', cast: (value) => value ?? null, deserialize: undefined, serialize: asIs, equals: same }

function booleanType(dialect: Dialect): AttributeType {
  return {
    name: 'boolean',
    cast: castBoolean,
    deserialize: (value) => (typeof value === 'boolean' || value === null ? value : castBoolean(value)),
    serialize: dialect === 'sqlite' ? (value) => (value === null ? null : value ? 1 : 0) : asIs,
    equals: same,
  }
}

/** Dates on SQLite are ISO 8601 text in the form Prisma's adapters write. */
function dateTimeType(dialect: Dialect): AttributeType {
  const toText = (value: unknown): SqlValue => (value instanceof Date ? `${value.toISOString().slice(0, -1)}+00:00` : (value as SqlValue))
  return {
    name: 'datetime',
    cast: castDateTime,
    deserialize: (value) => (value instanceof Date || value === null ? value : readDateTime(value)),
    serialize: dialect === 'sqlite' ? toText : asIs,
    equals: (a, b) => a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime()),
  }
}

/** The form our own writes have is read by the engine's parser; all others (Rails' `2026-01-01 00:00:00.123456`, which is UTC) by the cast. */
function readDateTime(value: unknown): Date | null {
  if (typeof value === 'string' && value.length === 29 && value[10] === 'T') return new Date(value)
  return castDateTime(typeof value === 'bigint' ? Number(value) : value)
}

/** JSON text that was read and not yet parsed; kept apart from strings that a user assigned. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const json: AttributeType = {
  name: 'json',
  cast: (value) => (value === undefined ? null : value),
  deserialize: (value) => (value instanceof JsonText ? JSON.parse(value.text) : value),
  serialize: (value) => (value === null ? null : jsonText(value)),
  equals: (a, b) => a === b || jsonText(a) === jsonText(b),
}

function jsonText(value: unknown): string {
  return JSON.stringify(value instanceof JsonText ? JSON.parse(value.text) : value) ?? 'null'
}

/** The attribute type of one of Prisma's scalars. */
export function typeOfScalar(scalar: string, dialect: Dialect): AttributeType {
  switch (scalar) {
    case 'String':
      return text
    case 'Int':
      return dialect === 'sqlite' ? plainInteger : integer
    case 'BigInt':
      return bigInteger
    case 'Float':
      return float
    case 'Decimal':
      return decimal
    case 'Boolean':
      return booleanType(dialect)
    case 'DateTime':
      return dateTimeType(dialect)
    case 'Json':
      return json
    case 'Bytes':
      return bytes
    default:
      return anything
  }
}
