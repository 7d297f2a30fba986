import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SqlValue } from '../../../src/model/index.ts'
import { narrowRows } from './integers.ts'
import { isWide, type SqliteChanges, type SqliteDriver, type SqliteHandle, type SqliteStatement, type SqliteValue } from './driver.ts'

/** The driver over the SQLite that is built into Node.js, or undefined where it is missing or too old to give rows by position. */
export function nodeSqlite(): SqliteDriver | undefined {
  const module = withoutWarning(() => process.getBuiltinModule?.('node:sqlite'))
  if (module?.StatementSync.prototype.setReturnArrays === undefined) return undefined
  return { name: 'node:sqlite', open: (file, wait) => new NodeHandle(new module.DatabaseSync(file, { timeout: wait })) }
}

/** Node.js warns that SQLite is experimental when the module is first loaded. Only this warning is dropped. */
function withoutWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes('SQLite')) emitWarning.call(process, warning, ...rest)
  }) as typeof process.emitWarning
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

class NodeHandle implements SqliteHandle {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  prepare(sql: string): SqliteStatement {
    return new NodeStatement(this.#database.prepare(sql))
  }

  exec(script: string): void {
    this.#database.exec(script)
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  close(): void {
    this.#database.close()
  }
}

class NodeStatement implements SqliteStatement {
  readonly columns: readonly string[]
  readonly declaredTypes: readonly (string | null)[]
  readonly #statement: StatementSync
  #wide: boolean

  constructor(statement: StatementSync) {
    const columns = statement.columns()
    this.columns = columns.map((column) => column.name)
    this.declaredTypes = columns.map((column) => column.type)
    this.#statement = statement
    this.#wide = this.declaredTypes.some(isWide)
    statement.setReturnArrays(true)
    if (this.#wide) statement.setReadBigInts(true)
  }

  all(args: readonly SqliteValue[]): SqlValue[][] {
    if (this.#wide) return narrowRows(this.#rows(args), this.declaredTypes)
    try {
      return this.#rows(args)
    } catch (error) {
      if (this.columns.length === 0 || (error as { code?: string }).code !== 'ERR_OUT_OF_RANGE') throw error
      if (!/^\s*(?:select|values)\b/i.test(this.#statement.sourceSQL)) throw error // never run a writing statement twice
      this.#wide = true
      this.#statement.setReadBigInts(true)
      return this.all(args)
    }
  }

  run(args: readonly SqliteValue[]): SqliteChanges {
    const { changes, lastInsertRowid } = this.#statement.run(...args)
    return { affected: Number(changes), insertId: lastInsertRowid }
  }

  #rows(args: readonly SqliteValue[]): SqlValue[][] {
    return this.#statement.all(...args) as unknown as SqlValue[][]
  }
}
