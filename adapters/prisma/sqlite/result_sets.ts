import { type ColumnType, ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils'
import { formatDateTime } from '../date_time.ts'
import { columnTypeOf, declaredColumnType } from './column_types.ts'
import type { SqliteConnection } from './connection.ts'
import type { SqliteStatement } from './driver.ts'
import { bindable } from './arguments.ts'

const declared = new WeakMap<SqliteStatement, (ColumnType | undefined)[]>()

/** Runs a query of Prisma's and answers rows in the forms that Prisma expects. Throws the driver's own error. */
export function queryRaw(connection: SqliteConnection, query: SqlQuery): SqlResultSet {
  const statement = connection.statement(query.sql)
  const args = bindable(
    query.args.map((value, index) => argument(value, query.argTypes[index]?.scalarType)),
    query.sql,
  )
  if (statement.columns.length === 0) {
    statement.run(args)
    return { columnNames: [], columnTypes: [], rows: [] }
  }
  const rows = statement.all(args) as unknown[][]
  const columnTypes = columnTypesOf(statement, rows)
  for (let column = 0; column < columnTypes.length; column++) convert(rows, column, columnTypes[column]!)
  return { columnNames: [...statement.columns], columnTypes, rows }
}

/** Runs a statement of Prisma's and answers how many rows it changed. The schema engine sends whole scripts this way, without arguments. */
export function executeRaw(connection: SqliteConnection, query: SqlQuery): number {
  const args = query.args.map((value, index) => argument(value, query.argTypes[index]?.scalarType))
  return connection.statement(query.sql).run(bindable(args, query.sql)).affected
}

/** Prisma sends numbers, dates and bytes as text where JSON can't hold them. Decimals are stored as SQLite's reals, as Prisma's adapters do. */
function argument(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value
  switch (type) {
    case 'int':
      return Number.parseInt(value, 10)
    case 'float':
    case 'decimal':
      return Number.parseFloat(value)
    case 'bigint':
      return BigInt(value)
    case 'datetime':
      return formatDateTime(new Date(value))
    case 'bytes':
      return Buffer.from(value, 'base64')
    default:
      return value
  }
}

function columnTypesOf(statement: SqliteStatement, rows: unknown[][]): ColumnType[] {
  let types = declared.get(statement)
  if (types === undefined) declared.set(statement, (types = statement.declaredTypes.map(declaredColumnType)))
  return types.map((type, column) => type ?? columnTypeOf(rows.find((row) => row[column] !== null)?.[column]))
}

function convert(rows: unknown[][], column: number, type: ColumnType): void {
  const isInteger = type === ColumnTypeEnum.Int32 || type === ColumnTypeEnum.Int64
  for (const row of rows) {
    const value = row[column]
    if (typeof value !== 'number' && typeof value !== 'bigint') continue
    if (type === ColumnTypeEnum.DateTime) row[column] = new Date(Number(value)).toISOString()
    else if (typeof value === 'bigint') row[column] = Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
    else if (isInteger && !Number.isInteger(value)) row[column] = Math.trunc(value)
  }
}
