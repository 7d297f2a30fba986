import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import type { Changes, ResultSet } from '../../../src/model/index.ts'
import { DatabaseMissing, DatabaseReadOnly, DatabaseUnreadable, NotADatabase } from '../errors.ts'
import { bindable } from './arguments.ts'
import { withinLimit } from '../long_statements.ts'
import type { SqliteHandle, SqliteStatement, SqliteValue } from './driver.ts'
import { sqliteDriver } from './drivers.ts'
import { databaseError, resultCode, SQLITE } from './failures.ts'
import { StatementCache } from './statement_cache.ts'

/** How to open a SQLite file. */
export interface SqliteOptions {
  /** Make the file when it is missing; without it, a missing file is an error. */
  create?: boolean
  /** Refuse every write. */
  readOnly?: boolean
  /** How long, in milliseconds, a statement blocks the process while another process holds the lock. */
  blockFor?: number
  /** Statements kept prepared, in each of two generations. */
  statements?: number
}

const MEMORY = ':memory:'

/** More arguments than these are many. */
const LONG = 1_000

/** What Rails sets on its SQLite connections; the reasons are in the Active Record guide of Rails 7.1. */
const SETTINGS = `PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 134217728; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = 2000;`

/** One connection to a SQLite file, with its prepared statements. */
export class SqliteConnection {
  readonly #handle: SqliteHandle
  readonly #statements: StatementCache
  #isClosed = false

  private constructor(handle: SqliteHandle, statements: number) {
    this.#handle = handle
    this.#statements = new StatementCache(statements)
  }

  /** Opens a file (or `:memory:`) in WAL mode, with foreign keys enforced.
   *
   * @throws DatabaseMissing, DatabaseReadOnly, NotADatabase or DatabaseUnreadable, each in one sentence
   */
  static open(file: string, options: SqliteOptions = {}): SqliteConnection {
    if (file !== MEMORY) checkFile(file, options)
    const { blockFor = 50, statements = 500 } = options
    let handle: SqliteHandle | undefined
    try {
      handle = sqliteDriver().open(file, 5_000)
      handle.exec(options.readOnly ? 'PRAGMA query_only = ON; PRAGMA cache_size = 2000;' : `PRAGMA journal_mode = WAL; ${SETTINGS}`)
      handle.exec(`PRAGMA busy_timeout = ${blockFor}`)
    } catch (error) {
      handle?.close()
      throw openingError(error, file)
    }
    return new SqliteConnection(handle, statements)
  }

  get inTransaction(): boolean {
    return this.#handle.inTransaction
  }

  query(sql: string, args: readonly unknown[]): ResultSet {
    try {
      if (args.length > LONG) return this.#long(sql, args, (statement, rest) => ({ columns: statement.columns, rows: statement.all(rest) }))
      const statement = this.statement(sql)
      return { columns: statement.columns, rows: statement.all(bindable(args, sql)) }
    } catch (error) {
      throw databaseError(error, sql)
    }
  }

  execute(sql: string, args: readonly unknown[]): Changes {
    try {
      if (args.length > LONG) return this.#long(sql, args, (statement, rest) => statement.run(rest))
      return this.statement(sql).run(bindable(args, sql))
    } catch (error) {
      throw databaseError(error, sql)
    }
  }

  /** A statement of many arguments is prepared for one use: hundreds of them would fill the memory, and hardly come again. */
  #long<T>(sql: string, args: readonly unknown[], work: (statement: SqliteStatement, args: readonly SqliteValue[]) => T): T {
    const short = withinLimit('sqlite', sql, bindable(args, sql))
    return work(this.#handle.prepare(short.sql), short.args)
  }

  /** Runs a script of several statements. What was prepared may no longer fit the tables, and is prepared anew. */
  run(script: string): void {
    try {
      this.#handle.exec(script)
    } catch (error) {
      throw databaseError(error, script)
    } finally {
      this.#statements.clear()
    }
  }

  /** Runs one of the statements that open and close transactions. */
  control(statement: string): void {
    this.#handle.exec(statement)
  }

  /** The statement, prepared once. Throws the driver's own error. */
  statement(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.#handle.prepare(sql)))
    return statement
  }

  /** Closes the file, once. What is open is rolled back here, because libsql keeps a closed file open until its statements are collected. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#statements.clear()
    if (this.#handle.inTransaction) this.#handle.exec('ROLLBACK')
    this.#handle.close()
  }
}

function checkFile(file: string, options: SqliteOptions): void {
  const exists = existsSync(file)
  if (!exists && !options.create) throw new DatabaseMissing({ file: shown(file) })
  if (options.readOnly) return
  const folder = path.dirname(file)
  if (!existsSync(folder)) throw new DatabaseUnreadable({ file: shown(file), reason: `the folder ${shown(folder)} doesn't exist` })
  try {
    if (exists) accessSync(file, constants.W_OK)
    accessSync(folder, constants.W_OK) // SQLite keeps its write-ahead log beside the file
  } catch (error) {
    throw new DatabaseReadOnly({ file: shown(file) }, { cause: error })
  }
}

function openingError(error: unknown, file: string): unknown {
  const code = resultCode(error)
  if (code !== undefined && (code & 255) === SQLITE.NOTADB) return new NotADatabase({ file: shown(file) }, { cause: error })
  if (code !== undefined && (code & 255) === SQLITE.READONLY) return new DatabaseReadOnly({ file: shown(file) }, { cause: error })
  if (!(error instanceof Error) || error.name === 'SqliteDriverMissing') return error
  return new DatabaseUnreadable({ file: shown(file), reason: error.message.replace(/\.$/, '') }, { cause: error })
}

/** The path as a person would write it, from where the process runs. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative === '' || relative.startsWith('..') ? file : relative
}
