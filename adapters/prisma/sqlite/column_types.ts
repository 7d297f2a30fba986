import { type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils'

/** Prisma's column types by the first word of SQLite's declared type, as Prisma's own SQLite adapters read them. */
const TYPES: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ...words('DECIMAL', ColumnTypeEnum.Numeric),
  ...words('FLOAT', ColumnTypeEnum.Float),
  ...words('DOUBLE NUMERIC REAL', ColumnTypeEnum.Double),
  ...words('TINYINT SMALLINT MEDIUMINT INT INTEGER SERIAL INT2', ColumnTypeEnum.Int32),
  ...words('BIGINT UNSIGNED INT8', ColumnTypeEnum.Int64),
  ...words('DATETIME TIMESTAMP', ColumnTypeEnum.DateTime),
  ...words('TIME', ColumnTypeEnum.Time),
  ...words('DATE', ColumnTypeEnum.Date),
  ...words('TEXT CLOB CHARACTER VARCHAR VARYING NCHAR NATIVE NVARCHAR', ColumnTypeEnum.Text),
  ...words('BLOB', ColumnTypeEnum.Bytes),
  ...words('BOOLEAN', ColumnTypeEnum.Boolean),
  ...words('JSONB', ColumnTypeEnum.Json),
])

function words(names: string, type: ColumnType): [string, ColumnType][] {
  return names.split(' ').map((name) => [name, type])
}

/** The column type of a declared type; undefined for expressions and unknown types, whose type the values tell. */
export function declaredColumnType(declaredType: string | null): ColumnType | undefined {
  if (declaredType === null) return undefined
  return TYPES.get(/^[A-Z0-9]*/.exec(declaredType.toUpperCase())![0])
}

/** The column type that a value tells. */
export function columnTypeOf(value: unknown): ColumnType {
  if (typeof value === 'string') return ColumnTypeEnum.Text
  if (typeof value === 'bigint') return ColumnTypeEnum.Int64
  if (typeof value === 'number') return ColumnTypeEnum.UnknownNumber
  return value instanceof Uint8Array ? ColumnTypeEnum.Bytes : ColumnTypeEnum.Int32
}
