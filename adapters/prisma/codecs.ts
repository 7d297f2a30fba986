import type { Codec, FieldMetadata, SchemaMetadata, SqlValue } from '../../src/model/index.ts'
import { formatDateTime, parseDateTime } from './date_time.ts'
import { decimalClass } from './decimal.ts'
import { geometryTypes, readGeometry, readPoint, writeGeometry, writePoint } from './geometry.ts'

/** Codecs by field. What they answer for a type is decided once, so that a model keeps them beside its columns. */
export type CodecFor = (field: FieldMetadata) => Codec | undefined

/** How values travel to and from SQLite: the formats of Prisma's own SQLite adapters, so that both read each other's rows.
 *
 * | type | stored as |
 * |---|---|
 * | DateTime | text, `2026-01-01T00:00:00.000+00:00`; read as well: text without a zone (UTC), milliseconds |
 * | Boolean | 0, 1 |
 * | Decimal | a real number |
 * | Json | text |
 * | an enum with `@map` | the mapped text |
 */
export function sqliteCodecs(metadata: SchemaMetadata): CodecFor {
  return codecs(metadata, {
    Boolean: { encode: (value) => (value ? 1 : 0), decode: (value) => value !== 0 && value !== false },
    DateTime: {
      encode: (value) => (value instanceof Date ? formatDateTime(value) : formatDateTime(new Date(value as string))),
      decode: decodeDateTime,
    },
    BigInt: { decode: decodeBigInt },
    Decimal: decimalCodec((decimal) => Number(decimal)),
    Json: json,
  })
}

/** How values travel through Prisma's adapters for database servers, which take dates and bytes as they are and answer text for most types. */
export function serverCodecs(metadata: SchemaMetadata): CodecFor {
  return codecs(metadata, {
    ...(metadata.provider === 'mysql' && { Boolean: { decode: (value: SqlValue) => value !== 0 && value !== false } }),
    DateTime: { decode: decodeDateTime },
    BigInt: { decode: decodeBigInt },
    Decimal: decimalCodec(String),
    Json: json,
  })
}

const json: Codec = {
  encode: (value) => JSON.stringify(value),
  decode: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
}

function decodeDateTime(value: SqlValue): Date {
  return parseDateTime(value as string | number | bigint | Date)
}

function decodeBigInt(value: SqlValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(value as string | number)
}

function decimalCodec(encode: (decimal: unknown) => SqlValue): () => Codec {
  return () => {
    const Decimal = decimalClass()
    return { encode, decode: (value) => new Decimal(value as string | number) }
  }
}

function codecs(metadata: SchemaMetadata, byType: Readonly<Record<string, Codec | (() => Codec)>>): CodecFor {
  const known = new Map<string, Codec | undefined>()
  const make = (field: FieldMetadata): Codec | undefined => {
    if (field.kind === 'enum') return enumCodec(metadata, field.type)
    const codec = Object.hasOwn(byType, field.type) ? byType[field.type] : undefined
    return typeof codec === 'function' ? codec() : codec
  }
  return (field) => {
    if (field.kind === 'relation') return undefined
    if (field.type === 'Unsupported') return codecOfOther(field.nativeType?.[0] ?? '', metadata, () => make({ ...field, type: 'Decimal' }))
    const key = `${field.type}${field.list ? '[]' : ''}`
    if (!known.has(key)) known.set(key, field.list ? listOf(make(field)) : make(field))
    return known.get(key)
  }
}

/** Of a column that Prisma doesn't know, the bounds of its ranges on PostgreSQL, and the binary form of what MySQL knows the place of. */
function codecOfOther(type: string, { provider }: SchemaMetadata, decimals: () => Codec | undefined): Codec | undefined {
  if (provider !== 'mysql') return type === 'numrange' ? decimals() : undefined
  if (type === 'point') return { encode: writePoint, decode: readPoint }
  // The driver answers the members of a set as a list.
  if (type === 'set') return { decode: (value) => (Array.isArray(value) ? value.join(',') : value) }
  return geometryTypes.has(type) ? { encode: writeGeometry, decode: readGeometry } : undefined
}

function enumCodec(metadata: SchemaMetadata, name: string): Codec | undefined {
  const values = metadata.enums.find((candidate) => candidate.name === name)?.values ?? []
  if (values.every((value) => value.name === value.value)) return undefined
  const stored = new Map<unknown, string>(values.map((value) => [value.name, value.value]))
  const named = new Map<unknown, string>(values.map((value) => [value.value, value.name]))
  return { encode: (value) => stored.get(value) ?? String(value), decode: (value) => named.get(value) ?? value }
}

function listOf(codec: Codec | undefined): Codec | undefined {
  if (codec === undefined) return undefined
  const { encode, decode } = codec
  return {
    ...(encode && { encode: (list: unknown) => (list as readonly unknown[]).map((value) => (value === null ? null : encode(value))) }),
    ...(decode && { decode: (list: SqlValue) => (list as readonly SqlValue[]).map((value) => (value === null ? null : decode(value))) }),
  }
}
