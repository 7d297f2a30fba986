import type { Changes, ResultSet, SqlValue, Transaction } from '../../../src/model/index.ts'
import { TransactionOver } from '../errors.ts'
import type { SqliteConnection } from './connection.ts'
import { databaseError } from './failures.ts'
import type { Release } from './turns.ts'

/** The open transaction of the writing connection. */
export class SqliteTransaction implements Transaction {
  readonly #connection: SqliteConnection
  readonly #release: Release
  #isOpen = true

  constructor(connection: SqliteConnection, release: Release) {
    this.#connection = connection
    this.#release = release
  }

  /** The connection, for statements beyond the port. */
  get connection(): SqliteConnection {
    if (!this.#isOpen) throw new TransactionOver({ action: 'run the statement' })
    return this.#connection
  }

  query(sql: string, args: readonly SqlValue[]): ResultSet {
    return this.connection.query(sql, args)
  }

  execute(sql: string, args: readonly SqlValue[]): Changes {
    return this.connection.execute(sql, args)
  }

  async commit(): Promise<void> {
    this.#finish('commit', 'COMMIT')
  }

  async rollback(): Promise<void> {
    this.#finish('roll back', 'ROLLBACK')
  }

  async savepoint(name: string): Promise<void> {
    this.#control(`SAVEPOINT ${quoted(name)}`)
  }

  async releaseSavepoint(name: string): Promise<void> {
    this.#control(`RELEASE SAVEPOINT ${quoted(name)}`)
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    this.#control(`ROLLBACK TO SAVEPOINT ${quoted(name)}`)
  }

  #control(statement: string): void {
    const connection = this.connection
    try {
      connection.control(statement)
    } catch (error) {
      throw databaseError(error, statement)
    }
  }

  /** Ends the transaction and lets the next one in, whatever happens. SQLite itself has rolled back after some errors (a full disk). */
  #finish(action: string, statement: string): void {
    if (!this.#isOpen) throw new TransactionOver({ action })
    this.#isOpen = false
    const connection = this.#connection
    try {
      if (statement === 'COMMIT' || connection.inTransaction) connection.control(statement)
    } catch (error) {
      if (connection.inTransaction) connection.control('ROLLBACK')
      throw databaseError(error, statement)
    } finally {
      this.#release()
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
