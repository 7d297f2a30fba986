import type { SqlValue } from '../../../src/model/index.ts'

/** A value that SQLite itself knows. */
export type SqliteValue = string | number | bigint | null | Uint8Array

/** What a statement changed. */
export interface SqliteChanges {
  readonly affected: number
  readonly insertId: number | bigint
}

/** A prepared statement of a driver. Rows come by column position; integers come as numbers,
 * and as bigints in columns that are declared as such. */
export interface SqliteStatement {
  /** Empty when the statement answers no rows. */
  readonly columns: readonly string[]
  /** The types as the table declares them; null for expressions. */
  readonly declaredTypes: readonly (string | null)[]
  all(args: readonly SqliteValue[]): SqlValue[][]
  run(args: readonly SqliteValue[]): SqliteChanges
}

/** One open SQLite file, as the drivers present it. Errors carry SQLite's extended result code (see `failures.ts`). */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement
  /** Runs a script of several statements. */
  exec(script: string): void
  readonly inTransaction: boolean
  close(): void
}

/** How to open a file. */
export interface SqliteDriver {
  readonly name: 'node:sqlite' | 'libsql'
  /** @param wait how long, in milliseconds, a statement waits for a lock of another process */
  open(file: string, wait: number): SqliteHandle
}

/** Whether a column is declared to hold integers of 64 bits. */
export function isWide(declaredType: string | null): boolean {
  return declaredType !== null && /^(?:big|unsigned big|int8)/i.test(declaredType)
}
