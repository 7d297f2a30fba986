import { setTimeout as after } from 'node:timers/promises'
import type { Changes, Codec, Database, FieldMetadata, ResultSet, SchemaMetadata, SqlValue } from '../../../src/model/index.ts'
import { type ClientSource, loadClient } from '../client.ts'
import { sqliteCodecs } from '../codecs.ts'
import { SqliteConnection, type SqliteOptions } from './connection.ts'
import { databaseError, isBusy, isReadOnly } from './failures.ts'
import { SharedSqliteFactory } from './shared_factory.ts'
import { SqliteTransaction } from './transaction.ts'
import { type Release, Turns } from './turns.ts'

/** What a SQLite database is opened with. */
export interface SqliteDatabaseOptions extends SqliteOptions {
  metadata: SchemaMetadata
  /** Where the generated Prisma client is. */
  client: ClientSource
  /** How long, in milliseconds, a write waits for an open transaction or for another process. */
  patience?: number
}

/** SQLite behind the port. Statements answer synchronously while no transaction is open. While one is, reads from outside it go to a second
 * connection, which sees what was committed, and writes wait their turn; a database in memory has one connection, so there everything waits.
 */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly hasReturning = true
  readonly #file: string
  readonly #options: SqliteDatabaseOptions
  readonly #writer: SqliteConnection
  readonly #turns: Turns
  readonly #patience: number
  readonly #codecFor: (field: FieldMetadata) => Codec | undefined
  #reader: SqliteConnection | undefined
  #client: unknown

  constructor(file: string, options: SqliteDatabaseOptions) {
    this.#file = file
    this.#options = options
    this.#patience = options.patience ?? 5_000
    this.#writer = SqliteConnection.open(file, options)
    this.#turns = new Turns(this.#patience)
    this.#codecFor = sqliteCodecs(options.metadata)
  }

  query(sql: string, args: readonly SqlValue[]): ResultSet | Promise<ResultSet> {
    return this.read(sql, (connection) => connection.query(sql, args))
  }

  execute(sql: string, args: readonly SqlValue[]): Changes | Promise<Changes> {
    return this.write((connection) => connection.execute(sql, args))
  }

  async begin(): Promise<SqliteTransaction> {
    const release = await this.#turns.take()
    const begin = this.#options.readOnly === true ? 'BEGIN' : 'BEGIN IMMEDIATE'
    try {
      await this.#untilFree(() => this.#writer.control(begin))
    } catch (error) {
      release()
      throw databaseError(error, begin)
    }
    return new SqliteTransaction(this.#writer, release)
  }

  codec(field: FieldMetadata): Codec | undefined {
    return this.#codecFor(field)
  }

  get client(): unknown {
    return (this.#client ??= loadClient(this.#options.client, new SharedSqliteFactory(this)))
  }

  /** Waits for the open transaction, if there is one; one that doesn't end in time is rolled back. */
  async close(): Promise<void> {
    const turn = this.#turns.take()
    const release = await (turn instanceof Promise ? turn.catch(() => () => {}) : turn)
    this.#reader?.close()
    this.#writer.close()
    release()
  }

  /** Runs a statement that may answer rows: beside an open transaction when it only reads, else like `write`. */
  read<T>(sql: string, work: (connection: SqliteConnection) => T): T | Promise<T> {
    if (this.#turns.areFree || this.#file === ':memory:' || !mayOnlyRead(sql)) return this.write(work)
    try {
      return work(this.#readingConnection())
    } catch (error) {
      if (isReadOnly((error as Error).cause ?? error)) return this.write(work)
      throw error
    }
  }

  /** Runs statements on the writing connection, at once or when it is our turn. */
  write<T>(work: (connection: SqliteConnection) => T): T | Promise<T> {
    if (!this.#turns.areFree) return this.#writeInTurn(work, this.#turns.take())
    try {
      return work(this.#writer)
    } catch (error) {
      if (isBusy((error as Error).cause ?? error)) return this.#writeInTurn(work, this.#turns.take())
      throw error
    }
  }

  async #writeInTurn<T>(work: (connection: SqliteConnection) => T, turn: Release | Promise<Release>): Promise<T> {
    const release = await turn
    try {
      return await this.#untilFree(() => work(this.#writer))
    } finally {
      release()
    }
  }

  /** Tries again while another process holds the lock, without blocking ours in between. */
  async #untilFree<T>(work: () => T): Promise<T> {
    for (const deadline = performance.now() + this.#patience; ; ) {
      try {
        return work()
      } catch (error) {
        if (!isBusy((error as Error).cause ?? error) || performance.now() > deadline) throw error
        await after(10)
      }
    }
  }

  #readingConnection(): SqliteConnection {
    return (this.#reader ??= SqliteConnection.open(this.#file, { ...this.#options, create: false, readOnly: true }))
  }
}

/** A guess by the first word; a writing `WITH` is found out by the connection that only reads. */
function mayOnlyRead(sql: string): boolean {
  return /^\s*(?:select|with|values|explain)\b/i.test(sql)
}
