import {
  DriverAdapterError,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils'
import { prismaError } from '../sqlite/prisma_errors.ts'
import { executeRaw, queryRaw } from '../sqlite/result_sets.ts'
import { SqliteConnection } from '../sqlite/index.ts'
import { readableDefaults } from './sqlite_defaults.ts'
import { type DeclaredTypes, engineType } from './sqlite_types.ts'

const ADAPTER = { provider: 'sqlite', adapterName: 'regauge-sqlite' } as const

/** Gives the schema engine connections of its own: it runs scripts, and wants an empty database beside the real one. */
export class EngineSqliteFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = ADAPTER.provider
  readonly adapterName = ADAPTER.adapterName
  readonly #file: string
  readonly #open = new Set<SqliteConnection>()

  readonly #types: DeclaredTypes

  /** @param types what the schema declares, for columns that somebody else declared in other words */
  constructor(file: string, types: DeclaredTypes) {
    this.#file = file
    this.#types = types
  }

  async connect(): Promise<SqlDriverAdapter> {
    return this.#adapter(this.#file)
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    return this.#adapter(':memory:')
  }

  /** Closes what the engine left open. */
  async dispose(): Promise<void> {
    for (const connection of this.#open) connection.close()
    this.#open.clear()
  }

  #adapter(file: string): SqlDriverAdapter {
    const connection = SqliteConnection.open(file, { create: true, blockFor: 5_000 })
    this.#open.add(connection)
    return {
      ...ADAPTER,
      ...statements(connection, this.#types),
      executeScript: (script) => answering(script, () => void runSqliteScript(connection, script)),
      startTransaction: () => answering('BEGIN', () => begin(connection, this.#types)),
      dispose: async () => {
        if (this.#open.delete(connection)) connection.close()
      },
    }
  }
}

function statements(connection: SqliteConnection, types: DeclaredTypes) {
  return {
    queryRaw: (query: SqlQuery) => answering(query.sql, () => readable(connection, query.sql, queryRaw(connection, query), types)),
    // The engine sends scripts of several statements here; a driver would run the first and drop the rest.
    executeRaw: (query: SqlQuery) =>
      answering(query.sql, () => (query.args.length > 0 ? executeRaw(connection, query) : runSqliteScript(connection, query.sql))),
  }
}

/** What only the SQL beside the schema can have made isn't the engine's to read, or to drop: it doesn't get to know it. */
function readable(connection: SqliteConnection, sql: string, result: SqlResultSet, types: DeclaredTypes): SqlResultSet {
  return withKnownTypes(sql, withoutVirtualTables(connection, sql, withoutSpecialIndexes(connection, sql, result)), types)
}

function withKnownTypes(sql: string, result: SqlResultSet, types: DeclaredTypes): SqlResultSet {
  const table = /^\s*PRAGMA\s+table_info\s*\("([^"]+)"\)/i.exec(sql)?.[1]
  const wanted = table === undefined ? undefined : types.get(table)
  if (wanted === undefined) return result
  const [name, type] = [result.columnNames.indexOf('name'), result.columnNames.indexOf('type')]
  const rows = result.rows.map((row) => row.with(type, engineType(String(row[type]), wanted.get(String(row[name])))))
  return { ...result, rows }
}

/** Virtual tables, and those in which they keep what they hold. */
function withoutVirtualTables(connection: SqliteConnection, sql: string, result: SqlResultSet): SqlResultSet {
  if (!/^\s*SELECT\s+name,\s*type,\s*sql\s+FROM\s+sqlite_master\b/i.test(sql)) return result
  const virtual = connection.query("SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')", []).rows
  const names = new Set<unknown>(virtual.map(([name]) => name))
  const place = result.columnNames.indexOf('name')
  return { ...result, rows: result.rows.filter((row) => !names.has(row[place])) }
}

/** The engine can't read partial indexes and those over expressions: it doesn't get to know them. */
function withoutSpecialIndexes(connection: SqliteConnection, sql: string, result: SqlResultSet): SqlResultSet {
  if (!/^\s*PRAGMA\s+(?:\w+\.)?index_list\b/i.test(sql)) return result
  const [name, partial] = [result.columnNames.indexOf('name'), result.columnNames.indexOf('partial')]
  const isSpecial = (row: unknown[]) =>
    Number(row[partial]) === 1 || connection.query('SELECT 1 FROM pragma_index_xinfo(?) WHERE cid = -2', [row[name]]).rows.length > 0
  return { ...result, rows: result.rows.filter((row) => !isSpecial(row)) }
}

/** Runs a script whole or not at all, and alone: others may have the file open, and write to a table while it is copied.
 *
 * The engine would lock the file exclusively instead, which fails as long as an application runs on it; its request is dropped.
 */
export function runSqliteScript(connection: SqliteConnection, written: string): number {
  const script = readableDefaults(written)
  if (/^\s*PRAGMA\s+(?:main\.)?locking_mode\b/i.test(script)) return 0
  const controlsItself = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|VACUUM|ATTACH|DETACH)\b/im.test(script)
  if (controlsItself || connection.inTransaction) {
    connection.run(script)
    return 0
  }
  // SQLite ignores this setting inside of a transaction, so the script's own request for it is carried out before.
  const withoutForeignKeys = /PRAGMA\s+foreign_keys\s*=\s*(?:OFF|0)/i.test(script)
  if (withoutForeignKeys) connection.control('PRAGMA foreign_keys = OFF')
  try {
    connection.control('BEGIN IMMEDIATE')
    connection.run(script)
    connection.control('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.control('ROLLBACK')
    throw error
  } finally {
    if (withoutForeignKeys) connection.control('PRAGMA foreign_keys = ON')
  }
  return 0
}

function begin(connection: SqliteConnection, types: DeclaredTypes): Transaction {
  connection.control('BEGIN')
  return {
    ...ADAPTER,
    ...statements(connection, types),
    options: { usePhantomQuery: true },
    commit: () => answering('COMMIT', () => connection.control('COMMIT')),
    rollback: () => answering('ROLLBACK', () => connection.control('ROLLBACK')),
  }
}

async function answering<T>(sql: string, work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    throw engineFailure(prismaError(error, sql))
  }
}

/** The engine is older than some of the errors that Prisma's client understands. */
function engineFailure(error: unknown): unknown {
  if (!isDriverAdapterError(error) || error.cause.kind !== 'SocketTimeout') return error
  return new DriverAdapterError({ kind: 'sqlite', extendedCode: 5, message: error.cause.originalMessage ?? 'database is locked' })
}
