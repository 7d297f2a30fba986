import { RubyHash, textOf } from '../ruby/index.ts'
import type { Provider } from './prisma.ts'
import { type Column, numberOption, textOption } from './structure.ts'

/** What a column is in Prisma's language. */
export interface ColumnType {
  /** Prisma's scalar, an enum's name, or `Unsupported("…")`. */
  readonly type: string
  /** The database's own type: `@db.VarChar(255)`. */
  readonly native?: string
  readonly list?: boolean
  /** What the field's comment says beside that of the column. */
  readonly documentation?: string
  /** Something the reader of the report should know. */
  readonly note?: string
}

type TypeReader = (column: Column) => ColumnType

const precise =
  (name: string, fallback: number): TypeReader =>
  ({ options }) => {
    // `precision: nil` is a column without one.
    const isBare = options.has('precision') && options.get('precision') === null
    return { type: 'DateTime', native: isBare ? `@db.${name}` : `@db.${name}(${numberOption(options, 'precision') ?? fallback})` }
  }

/** Rails gives these no precision of its own accord. */
const bareTime =
  (name: string): TypeReader =>
  ({ options }) => {
    const precision = numberOption(options, 'precision')
    return { type: 'DateTime', native: precision === undefined ? `@db.${name}` : `@db.${name}(${precision})` }
  }

const decimal: TypeReader = ({ options }) => {
  const precision = numberOption(options, 'precision')
  return precision === undefined
    ? { type: 'Decimal', native: '@db.Decimal' }
    : { type: 'Decimal', native: `@db.Decimal(${precision}, ${numberOption(options, 'scale') ?? 0})` }
}

/** SQLite keeps no precision: the field's comment says it, for the model layer. */
const commentedDecimal: TypeReader = ({ options }) => {
  const precision = numberOption(options, 'precision')
  return precision === undefined
    ? { type: 'Decimal' }
    : { type: 'Decimal', documentation: `@decimal(${precision}, ${numberOption(options, 'scale') ?? 0})` }
}

const varChar =
  (fallback: string): TypeReader =>
  (column) => {
    const limit = numberOption(column.options, 'limit')
    return { type: 'String', native: `@db.VarChar${limit === undefined ? fallback : `(${limit})`}` }
  }

const plain =
  (type: string, native?: string): TypeReader =>
  () =>
    native === undefined ? { type } : { type, native }
const unsupported =
  (name: string): TypeReader =>
  () => ({ type: `Unsupported("${name}")`, note: `Prisma has no type ${name}; its client leaves the column out, models have it` })

const integerOfBytes = (column: Column, small: string): ColumnType => {
  const limit = numberOption(column.options, 'limit') ?? 4
  if (limit > 4) return { type: 'BigInt' }
  return limit <= 2 ? { type: 'Int', native: small } : { type: 'Int' }
}

const postgresql: Record<string, TypeReader> = {
  string: varChar(''),
  text: plain('String'),
  integer: (column) => integerOfBytes(column, '@db.SmallInt'),
  bigint: plain('BigInt'),
  float: ({ options }) => ((numberOption(options, 'limit') ?? 53) > 24 ? { type: 'Float' } : { type: 'Float', native: '@db.Real' }),
  decimal,
  numeric: decimal,
  money: plain('Decimal', '@db.Money'),
  character: ({ options }) => ({ type: 'String', native: `@db.Char(${numberOption(options, 'limit') ?? 1})` }),
  boolean: plain('Boolean'),
  datetime: precise('Timestamp', 6),
  timestamp: precise('Timestamp', 6),
  timestamptz: bareTime('Timestamptz'),
  date: plain('DateTime', '@db.Date'),
  time: bareTime('Time'),
  timetz: bareTime('Timetz'),
  binary: plain('Bytes'),
  json: plain('Json', '@db.Json'),
  jsonb: plain('Json'),
  uuid: plain('String', '@db.Uuid'),
  citext: plain('String', '@db.Citext'),
  inet: plain('String', '@db.Inet'),
  xml: plain('String', '@db.Xml'),
  oid: plain('Int', '@db.Oid'),
  bit: ({ options }) => ({ type: 'String', native: `@db.Bit(${numberOption(options, 'limit') ?? 1})` }),
  bit_varying: ({ options }) => ({
    type: 'String',
    native: `@db.VarBit${numberOption(options, 'limit') === undefined ? '' : `(${numberOption(options, 'limit')})`}`,
  }),
}

const mysqlSizes: Record<string, string> = { tiny: 'Tiny', medium: 'Medium', long: 'Long' }

const mysql: Record<string, TypeReader> = {
  string: varChar('(255)'),
  text: ({ options }) => ({ type: 'String', native: `@db.${mysqlSizes[textOption(options, 'size') ?? ''] ?? ''}Text` }),
  integer: (column) => mysqlInteger(column),
  bigint: ({ options }) => (options.get('unsigned') ? { type: 'BigInt', native: '@db.UnsignedBigInt' } : { type: 'BigInt' }),
  float: ({ options }) => ((numberOption(options, 'limit') ?? 24) > 24 ? { type: 'Float' } : { type: 'Float', native: '@db.Float' }),
  decimal,
  boolean: plain('Boolean'),
  datetime: (column) => precise('DateTime', column.options.has('precision') ? 0 : 6)(column),
  timestamp: (column) => precise('Timestamp', column.options.has('precision') ? 0 : 6)(column),
  date: plain('DateTime', '@db.Date'),
  time: precise('Time', 0),
  binary: ({ options }) => {
    const limit = numberOption(options, 'limit')
    return {
      type: 'Bytes',
      native:
        limit !== undefined && limit <= 65_535
          ? `@db.VarBinary(${limit})`
          : `@db.${mysqlSizes[textOption(options, 'size') ?? ''] ?? ''}Blob`,
    }
  },
  blob: (column) => mysql['binary']!(column),
  fixed_binary: ({ options }) => ({ type: 'Bytes', native: `@db.Binary(${numberOption(options, 'limit') ?? 1})` }),
  character: ({ options }) => ({ type: 'String', native: `@db.Char(${numberOption(options, 'limit') ?? 1})` }),
  json: plain('Json'),
  year: plain('Int', '@db.Year'),
}

const sqlite: Record<string, TypeReader> = {
  string: plain('String'),
  text: plain('String'),
  integer: (column) => integerOfBytes(column, ''),
  bigint: plain('BigInt'),
  float: plain('Float'),
  decimal: commentedDecimal,
  numeric: commentedDecimal,
  money: plain('Decimal'),
  boolean: plain('Boolean'),
  datetime: plain('DateTime'),
  timestamp: plain('DateTime'),
  timestamptz: plain('DateTime'),
  date: () => ({ type: 'DateTime', documentation: '@date' }),
  time: plain('DateTime'),
  binary: plain('Bytes'),
  blob: plain('Bytes'),
  json: plain('Json'),
  jsonb: plain('Json'),
  hstore: () => ({ type: 'Json', note: 'an hstore is kept as JSON' }),
  year: plain('Int'),
}

const tables: Record<Provider, Record<string, TypeReader>> = { sqlite, postgresql, mysql }

/** Types of MySQL that Prisma only passes on. */
const mysqlOwn = /^(?:set|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|bit)\b/

/** Types of other databases that are texts without loss. */
const textLike = new Set('uuid citext inet cidr macaddr xml interval bit bit_varying ltree'.split(' '))

/** The types of columns that a database has, or keeps as text without loss. */
export function columnTypeNames(provider: Provider): string[] {
  return [...Object.keys(tables[provider]), ...(provider === 'postgresql' ? [] : textLike)]
}

/** The Prisma type of a column.
 *
 * @param enums names of the database's enums → names of the schema's
 */
export function columnType(column: Column, provider: Provider, enums: ReadonlyMap<string, string>): ColumnType {
  if (column.options.get('array')) return listType(column, provider, enums)
  if (column.type === 'virtual') return columnType({ ...column, type: textOption(column.options, 'type') ?? 'string' }, provider, enums)
  const enumName = column.type === 'enum' ? textOption(column.options, 'enum_type') : column.type
  const known = enumName === undefined ? undefined : enums.get(enumName)
  if (known !== undefined) return { type: known }
  const reader = Object.hasOwn(tables[provider], column.type) ? tables[provider][column.type]! : undefined
  if (reader) return stripEmptyNative(reader(column))
  if (provider === 'postgresql') return unsupported(column.type)(column)
  if (textLike.has(column.type)) return { type: 'String', ...(provider === 'mysql' ? { native: '@db.VarChar(255)' } : {}) }
  if (provider === 'mysql' && /^\w+(?:\(.*\))?$/.test(column.type) && mysqlOwn.test(column.type)) return unsupported(column.type)(column)
  return { type: 'String', note: `${provider} has no type ${column.type}; the column is a text` }
}

function listType(column: Column, provider: Provider, enums: ReadonlyMap<string, string>): ColumnType {
  if (provider !== 'postgresql') return { type: 'Json', note: `${provider} has no arrays; the column is kept as JSON` }
  const element = columnType({ ...column, options: withoutArray(column) }, provider, enums)
  return { ...element, list: true }
}

function withoutArray(column: Column): RubyHash {
  return new RubyHash(column.options.pairs.filter(([key]) => textOf(key) !== 'array'))
}

function mysqlInteger({ options }: Column): ColumnType {
  const limit = numberOption(options, 'limit') ?? 4
  const unsigned = options.get('unsigned') ? 'Unsigned' : ''
  if (limit > 4) return { type: 'BigInt', native: unsigned && '@db.UnsignedBigInt' }
  const name = limit === 1 ? 'TinyInt' : limit === 2 ? 'SmallInt' : limit === 3 ? 'MediumInt' : 'Int'
  return { type: 'Int', native: name === 'Int' && !unsigned ? '' : `@db.${unsigned}${name}` }
}

function stripEmptyNative(type: ColumnType): ColumnType {
  if (type.native) return type
  const { native: _, ...rest } = type
  return rest
}
