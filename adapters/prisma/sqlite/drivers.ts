import { SqliteDriverMissing } from '../errors.ts'
import type { SqliteDriver } from './driver.ts'
import { libsql } from './libsql.ts'
import { nodeSqlite } from './node_sqlite.ts'

let chosen: SqliteDriver | undefined

/** The driver of this process: `node:sqlite` where it exists, else the package `libsql`. Nothing is compiled or downloaded for either.
 *
 * @throws SqliteDriverMissing when there is neither
 */
export function sqliteDriver(): SqliteDriver {
  chosen ??= nodeSqlite() ?? libsql()
  if (chosen === undefined) throw new SqliteDriverMissing({ version: process.version })
  return chosen
}
