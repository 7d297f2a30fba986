import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils'
import type { SqliteConnection } from './connection.ts'
import type { SqliteDatabase } from './database.ts'
import { prismaError } from './prisma_errors.ts'
import { executeRaw, queryRaw } from './result_sets.ts'
import type { SqliteTransaction } from './transaction.ts'

const ADAPTER = { provider: 'sqlite', adapterName: 'regauge-sqlite' } as const

/** Gives Prisma's client the connections of an open database, so that both keep the same order of transactions. */
export class SharedSqliteFactory implements SqlDriverAdapterFactory {
  readonly provider = ADAPTER.provider
  readonly adapterName = ADAPTER.adapterName
  readonly #database: SqliteDatabase

  constructor(database: SqliteDatabase) {
    this.#database = database
  }

  async connect(): Promise<SqlDriverAdapter> {
    const database = this.#database
    return {
      ...ADAPTER,
      queryRaw: (query) => answering(query.sql, () => database.read(query.sql, (connection) => queryRaw(connection, query))),
      executeRaw: (query) => answering(query.sql, () => database.write((connection) => executeRaw(connection, query))),
      executeScript: (script) => answering(script, () => database.write((connection) => connection.run(script))),
      startTransaction: (isolation) => startTransaction(database, isolation),
      dispose: async () => {}, // the database closes its connections itself
    }
  }
}

async function startTransaction(database: SqliteDatabase, isolation: IsolationLevel | undefined): Promise<Transaction> {
  if (isolation !== undefined && isolation !== 'SERIALIZABLE')
    throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level: isolation })
  return overTransaction(await answering('BEGIN', () => database.begin()))
}

function overTransaction(transaction: SqliteTransaction): Transaction {
  const on = <T>(query: SqlQuery, work: (connection: SqliteConnection, query: SqlQuery) => T): Promise<T> =>
    answering(query.sql, () => work(transaction.connection, query))
  return {
    ...ADAPTER,
    options: { usePhantomQuery: true }, // commit and rollback run the statements themselves
    queryRaw: (query): Promise<SqlResultSet> => on(query, queryRaw),
    executeRaw: (query): Promise<number> => on(query, executeRaw),
    commit: () => answering('COMMIT', () => transaction.commit()),
    rollback: () => answering('ROLLBACK', () => transaction.rollback()),
    createSavepoint: (name) => answering('SAVEPOINT', () => transaction.savepoint(name)),
    releaseSavepoint: (name) => answering('RELEASE', () => transaction.releaseSavepoint(name)),
    rollbackToSavepoint: (name) => answering('ROLLBACK TO', () => transaction.rollbackToSavepoint(name)),
  }
}

async function answering<T>(sql: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw prismaError(error, sql)
  }
}
