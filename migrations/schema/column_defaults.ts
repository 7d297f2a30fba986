import { RubyHash, RubyLambda, type RubyValue, textOf, toPlain } from '../ruby/index.ts'
import type { ColumnType } from './column_types.ts'
import { prismaString, type Provider } from './prisma.ts'
import type { Column } from './structure.ts'

/** The `@default(…)` of a column; a `problem` when Prisma can't say it. */
export function columnDefault(
  column: Column,
  type: ColumnType,
  provider: Provider,
  enumValue: (value: string) => string | undefined,
): { attribute?: string; problem?: string } {
  const value = column.options.get('default')
  // What the database computes is its own affair: the engine must not take the expression for a default to be dropped.
  if (column.type === 'virtual') return provider === 'postgresql' ? { attribute: '@default(dbgenerated())' } : {}
  if (value === undefined || value === null) return {}
  if (type.type.startsWith('Unsupported')) {
    const isEmptyList = type.list === true && Array.isArray(value) && value.length === 0
    return isEmptyList ? unsupportedDefault('{}', `${column.type}[]`) : unsupportedDefault(value, column.type)
  }
  if (value instanceof RubyLambda) return sqlDefault(textOf(value.result) ?? '', type, provider)
  if (type.list)
    return Array.isArray(value) ? { attribute: `@default([${value.map((item) => literal(item, type.type, enumValue)).join(', ')}])` } : {}
  const text = literal(value, type.type, enumValue)
  return text === undefined
    ? { problem: `the default ${JSON.stringify(toPlain(value))} has no counterpart` }
    : { attribute: `@default(${text})` }
}

/** The default of a column whose type Prisma only passes on, as SQL. */
function unsupportedDefault(value: RubyValue, type: string): { attribute?: string; problem?: string } {
  const text =
    value instanceof RubyLambda ? textOf(value.result) : value instanceof RubyHash && value.pairs.length === 0 ? '' : textOf(value)
  if (text === undefined) return { problem: 'a default of a type that Prisma leaves out' }
  const sql = value instanceof RubyLambda ? text : `'${text.replaceAll("'", "''")}'::${type}`
  return { attribute: `@default(dbgenerated(${prismaString(sql)}))` }
}

type LiteralWriter = (value: RubyValue) => string | undefined

const writers: Record<string, LiteralWriter> = {
  String: (value) => (typeof value === 'number' ? prismaString(String(value)) : mapText(value, prismaString)),
  Int: (value) => integer(value),
  BigInt: (value) => integer(value),
  Float: (value) => number(value),
  Decimal: (value) => number(value),
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  Json: (value) => prismaString(typeof value === 'string' && isJson(value) ? value : JSON.stringify(toPlain(value))),
  DateTime: (value) => mapText(value, (text) => dateTime(text)),
  Bytes: (value) => mapText(value, (text) => prismaString(Buffer.from(text).toString('base64'))),
}

function literal(value: RubyValue, type: string, enumValue: (value: string) => string | undefined): string | undefined {
  if (Object.hasOwn(writers, type)) return writers[type]!(value)
  const text = textOf(value)
  return text === undefined ? undefined : enumValue(text)
}

/** SQL in a lambda: what Prisma has a word for, else as the database's own. */
function sqlDefault(sql: string, type: ColumnType, provider: Provider): { attribute?: string; problem?: string } {
  if (/^(now\(\)|current_timestamp(\(\d*\))?)$/i.test(sql) && type.type === 'DateTime') return { attribute: '@default(now())' }
  const json = /^\(?json_(object|array)\(\)\)?$/i.exec(sql)?.[1]
  if (json !== undefined && type.type === 'Json') return { attribute: `@default(${prismaString(json === 'array' ? '[]' : '{}')})` }
  if (/^nextval\(/i.test(sql) && ['Int', 'BigInt'].includes(type.type)) {
    return provider === 'sqlite' ? { problem: 'sequences are no part of SQLite' } : { attribute: '@default(autoincrement())' }
  }
  if (/^(gen_random_uuid|uuid_generate_v4)\(\)$/i.test(sql) && provider !== 'postgresql') return { attribute: '@default(uuid())' }
  if (provider === 'postgresql' || /^(\(.*\)|'.*'|[\d.]+)$/s.test(sql)) return { attribute: `@default(dbgenerated(${prismaString(sql)}))` }
  return { problem: `the default ${sql} belongs to another database` }
}

function integer(value: RubyValue): string | undefined {
  if (typeof value === 'bigint') return String(value)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? String(number) : undefined
}

function number(value: RubyValue): string | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value)
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? text : undefined
}

/** Rails dumps `2000-01-01 00:00:00`; Prisma wants ISO 8601 with its zone. */
function dateTime(text: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d+)?)?/.exec(text)
  return match ? prismaString(`${match[1]}T${match[2] ?? '00:00:00'}${match[3] ?? ''}Z`) : undefined
}

function mapText(value: RubyValue, write: (text: string) => string | undefined): string | undefined {
  const text = textOf(value)
  return text === undefined ? undefined : write(text)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
