import { isDriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils'
import {
  type DatabaseFailure,
  type DatabaseFailureKind,
  Deadlocked,
  LockWaitTimeout,
  QueryCanceled,
  SerializationFailure,
  StatementTimeout,
} from '../../../src/errors/index.ts'
import { DatabaseError } from '../errors.ts'
import { isLostConnection, isLostMysqlConnection } from './lost_connections.ts'

const KINDS: Partial<Record<MappedError['kind'], DatabaseFailureKind>> = {
  UniqueConstraintViolation: 'unique',
  ForeignKeyConstraintViolation: 'foreign_key',
  RestrictViolation: 'foreign_key',
  NullConstraintViolation: 'not_null',
  LengthMismatch: 'too_long',
  ValueOutOfRange: 'out_of_range',
  TransactionWriteConflict: 'conflict',
  SocketTimeout: 'busy',
  TableDoesNotExist: 'no_table',
  ColumnNotFound: 'no_column',
  DatabaseNotReachable: 'unreachable',
  DatabaseDoesNotExist: 'unreachable',
  DatabaseAccessDenied: 'unreachable',
  AuthenticationFailed: 'unreachable',
  ConnectionClosed: 'unreachable',
  TlsConnectionError: 'unreachable',
  TooManyConnections: 'unreachable',
}
/** PostgreSQL's codes that Prisma's adapter passes on unnamed. */
const POSTGRES_KINDS: Readonly<Record<string, DatabaseFailureKind>> = {
  '23514': 'check',
  '25006': 'readonly',
  '25P03': 'unreachable', // the session was ended for doing nothing in a transaction
  '55P03': 'busy',
  '57014': 'timeout',
  '57P01': 'unreachable', // the server is shut down
  '57P02': 'unreachable', // it crashed
  '57P03': 'unreachable', // it isn't up yet
}

/** Numbers of MySQL, MariaDB and their driver that Prisma's adapter passes on unnamed. */
const MYSQL_KINDS: Readonly<Record<number, DatabaseFailureKind>> = {
  1020: 'conflict', // the row has changed since the transaction read it
  1205: 'busy', // a lock was waited for too long
  1226: 'unreachable', // the user has too many connections
  1290: 'readonly',
  1317: 'timeout',
  1792: 'readonly',
  1836: 'readonly',
  1969: 'timeout',
  3024: 'timeout',
  3819: 'check',
  4025: 'check',
}

/** The error of a driver adapter as a DatabaseError, and that of a driver who lost its connection or got none; anything else is answered unchanged. */
export function serverError(error: unknown, sql: string): unknown {
  if (!isDriverAdapterError(error)) return connectionError(error, sql) ?? error
  const cause = error.cause
  const failure: DatabaseFailure = { kind: kindOf(cause), reason: reasonOf(cause), sql, ...names(cause) }
  return new (classOf(cause))(failure, { cause: error })
}

type FailureClass = new (failure: DatabaseFailure, options: ErrorOptions) => Error

/** What an application may want to tell apart: a statement that was ended, and a transaction that may be tried again; by the codes of PostgreSQL, and
 * the numbers of MySQL and MariaDB.
 */
const CLASSES: Readonly<Record<string, FailureClass>> = {
  '57014': QueryCanceled,
  '55P03': LockWaitTimeout,
  '40P01': Deadlocked,
  '40001': SerializationFailure,
  1020: SerializationFailure,
  1205: LockWaitTimeout,
  1213: Deadlocked,
  1317: QueryCanceled,
  1969: StatementTimeout,
  3024: StatementTimeout,
  3572: LockWaitTimeout,
}

function classOf(cause: MappedError & { originalCode?: string }): FailureClass {
  const code = cause.originalCode ?? ('code' in cause ? String(cause.code) : '')
  return (Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined) ?? DatabaseError
}

/** What the driver itself says without a code: Prisma's adapter passes it on. */
function connectionError(error: unknown, sql: string): DatabaseError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.message === 'timeout exceeded when trying to connect')
    return new DatabaseError({ kind: 'busy', reason: nothingFree, sql }, { cause: error })
  if (!isLostConnection(error)) return undefined
  const reason = `The connection to the database was lost: ${error.message}.`
  return new DatabaseError({ kind: 'unreachable', reason, sql }, { cause: error })
}

/** Whether an error says that the connection is gone, and with it what wasn't committed. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof DatabaseError && (error.details as DatabaseFailure).kind === 'unreachable'
}

function kindOf(cause: MappedError): DatabaseFailureKind {
  if (cause.kind === 'postgres') return POSTGRES_KINDS[cause.code] ?? 'other'
  if (cause.kind === 'mysql') return mysqlKindOf(cause)
  return KINDS[cause.kind] ?? 'other'
}

/** The driver of MySQL waits in its pool for a server that is gone, and says then how many connections are in use. */
function mysqlKindOf({ code, message }: { readonly code: number; readonly message: string }): DatabaseFailureKind {
  if (code === poolTimeout) return /active=0\b/.test(message) ? 'unreachable' : 'busy'
  return isLostMysqlConnection(code) ? 'unreachable' : (MYSQL_KINDS[code] ?? 'other')
}

const poolTimeout = 45028

const nothingFree =
  'No connection got free in time: all of the pool are in use, or the server is slow to answer. `connection_limit` and `pool_timeout` (seconds) in the URL set how many there are and how long to wait.'

function reasonOf(cause: MappedError & { originalMessage?: string }): string {
  if (cause.kind === 'mysql' && cause.code === poolTimeout && mysqlKindOf(cause) === 'busy') return nothingFree
  if (cause.originalMessage !== undefined) return cause.originalMessage
  if (cause.kind === 'DatabaseNotReachable') return notAnswering(cause.host ?? 'the given host', cause.port)
  if (cause.kind === 'TlsConnectionError' && 'reason' in cause) return `The connection can't be encrypted: ${cause.reason}.`
  return 'message' in cause ? cause.message : cause.kind
}

/** @param port undefined when it isn't known */
export function notAnswering(host: string, port: number | string | undefined): string {
  return `The database server at ${host}${port === undefined || port === '' ? '' : `:${port}`} doesn't answer.`
}

function names(cause: MappedError & { originalMessage?: string }): Partial<DatabaseFailure> {
  const found: Partial<DatabaseFailure> = {}
  if ('table' in cause && cause.table !== undefined) found.table = cause.table
  if ('column' in cause && typeof cause.column === 'string') found.columns = [cause.column]
  if ('constraint' in cause && cause.constraint !== undefined) {
    if ('fields' in cause.constraint) found.columns = cause.constraint.fields
    if ('index' in cause.constraint) found.constraint = cause.constraint.index
  }
  // PostgreSQL names the column of a NOT NULL violation in its message only: Prisma's adapter drops the field.
  const column = /null value in column "([^"]+)"(?: of relation "([^"]+)")?/.exec(cause.originalMessage ?? '')
  if (column !== null) {
    found.columns = [column[1]!]
    if (column[2] !== undefined) found.table = column[2]
  }
  return found
}
