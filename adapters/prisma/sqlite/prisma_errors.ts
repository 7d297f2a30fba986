import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils'
import { DatabaseError, TransactionWait } from '../errors.ts'
import { databaseError, resultCode } from './failures.ts'

/** The error as Prisma's client understands it. */
export function prismaError(error: unknown, sql: string): unknown {
  if (error instanceof TransactionWait) return new DriverAdapterError({ kind: 'SocketTimeout', originalMessage: error.message })
  const known = error instanceof DatabaseError ? error : databaseError(error, sql)
  if (!(known instanceof DatabaseError)) return error
  return new DriverAdapterError({ ...mapped(known), originalCode: String(resultCode(known.cause) ?? ''), originalMessage: known.message })
}

function mapped(error: DatabaseError): MappedError {
  const { kind, table, columns, constraint } = error.details
  const where = columns !== undefined ? { fields: [...columns] } : constraint !== undefined ? { index: constraint } : undefined
  switch (kind) {
    case 'unique':
      return { kind: 'UniqueConstraintViolation', ...(where && { constraint: where }), ...(table !== undefined && { table }) }
    case 'not_null':
      return { kind: 'NullConstraintViolation', ...(where && { constraint: where }) }
    case 'foreign_key':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } }
    case 'busy':
      return { kind: 'SocketTimeout' }
    case 'no_table':
      return { kind: 'TableDoesNotExist', ...(table !== undefined && { table }) }
    case 'no_column':
      return { kind: 'ColumnNotFound', column: error.message.replace(/^.*(?:no such column: |has no column named )/, '') }
    default:
      return { kind: 'sqlite', extendedCode: resultCode(error.cause) ?? 1, message: error.message }
  }
}
