import { createRequire } from 'node:module'
import type { SqlValue } from '../../../src/model/index.ts'
import { isWide, type SqliteChanges, type SqliteDriver, type SqliteHandle, type SqliteStatement, type SqliteValue } from './driver.ts'
import { narrowRows } from './integers.ts'

interface LibsqlStatement {
  readonly reader: boolean
  raw(): LibsqlStatement
  safeIntegers(on: boolean): LibsqlStatement
  columns(): { name: string; type: string | null }[]
  all(args: readonly SqliteValue[]): SqlValue[][]
  get(args: readonly SqliteValue[]): SqlValue[] | undefined
  run(args: readonly SqliteValue[]): { changes: number; lastInsertRowid: number | bigint }
}

interface LibsqlDatabase {
  readonly inTransaction: boolean
  prepare(sql: string): LibsqlStatement
  exec(script: string): void
  close(): void
}

/** The driver over the optional package `libsql`, or undefined where it isn't installed or has no binary for this machine.
 *
 * The package ends the process when it is given a value it doesn't know (a boolean, a date), so arguments must be bindable. */
export function libsql(): SqliteDriver | undefined {
  try {
    const Database = createRequire(import.meta.url)('libsql') as new (file: string, options: { timeout: number }) => LibsqlDatabase
    return { name: 'libsql', open: (file, wait) => new LibsqlHandle(new Database(file, { timeout: wait })) }
  } catch {
    return undefined
  }
}

class LibsqlHandle implements SqliteHandle {
  readonly #database: LibsqlDatabase

  constructor(database: LibsqlDatabase) {
    this.#database = database
  }

  prepare(sql: string): SqliteStatement {
    return new LibsqlPrepared(this.#database.prepare(sql))
  }

  exec(script: string): void {
    this.#database.exec(script)
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  close(): void {
    this.#database.close()
  }
}

class LibsqlPrepared implements SqliteStatement {
  readonly columns: readonly string[]
  readonly declaredTypes: readonly (string | null)[]
  readonly #statement: LibsqlStatement
  readonly #wide: boolean

  constructor(statement: LibsqlStatement) {
    const columns = statement.reader ? statement.columns() : []
    this.columns = columns.map((column) => column.name)
    this.declaredTypes = columns.map((column) => column.type)
    // libsql rounds large integers without a word, so expressions, whose size nobody declared, are read as bigints as well.
    this.#wide = this.declaredTypes.some((type) => type === null || isWide(type))
    if (this.columns.length > 0) statement.raw()
    statement.safeIntegers(this.#wide)
    this.#statement = statement
  }

  all(args: readonly SqliteValue[]): SqlValue[][] {
    const rows = this.#statement.all(args)
    return this.#wide ? narrowRows(rows, this.declaredTypes) : rows
  }

  run(args: readonly SqliteValue[]): SqliteChanges {
    const { changes, lastInsertRowid } = this.#statement.run(args)
    return { affected: changes, insertId: lastInsertRowid }
  }
}
