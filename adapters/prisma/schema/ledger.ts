import { existsSync } from 'node:fs'
import { DatabaseError } from '../errors.ts'
import { openServer } from '../server/index.ts'
import { SqliteConnection } from '../sqlite/index.ts'
import type { ResolvedTarget } from './target.ts'

/** One row of `_prisma_migrations`. */
export interface LedgerEntry {
  readonly name: string
  readonly checksum: string
  readonly isFinished: boolean
  readonly isRolledBack: boolean
  readonly logs: string | null
}

const SELECT = `SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, logs FROM _prisma_migrations ORDER BY started_at, migration_name`

/** The columns that the schema engine expects; it makes the table itself only in an empty database. */
const SQLITE_LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

/** Makes an empty ledger in a SQLite file that has tables already. */
export function createSqliteLedger(file: string): void {
  const connection = SqliteConnection.open(file, { blockFor: 5_000 })
  try {
    connection.run(SQLITE_LEDGER)
  } finally {
    connection.close()
  }
}

/** The ledger of migrations that Prisma keeps in the database; undefined when there is none. Loads no engine. */
export async function readLedger(target: ResolvedTarget): Promise<LedgerEntry[] | undefined> {
  try {
    const rows = await selectFrom(target)
    return rows?.map(([name, checksum, finished, rolledBack, logs]) => ({
      name: String(name),
      checksum: String(checksum),
      isFinished: Boolean(finished),
      isRolledBack: Boolean(rolledBack),
      logs: logs === null || logs === undefined ? null : String(logs),
    }))
  } catch (error) {
    if (error instanceof DatabaseError && error.details.kind === 'no_table') return undefined
    throw error
  }
}

async function selectFrom({ location }: ResolvedTarget): Promise<readonly (readonly unknown[])[] | undefined> {
  if (location.dialect === 'sqlite') {
    if (!existsSync(location.file)) return undefined
    const connection = SqliteConnection.open(location.file, { readOnly: true })
    try {
      return connection.query(SELECT, []).rows
    } finally {
      connection.close()
    }
  }
  const metadata = { provider: location.provider, models: [], enums: [] }
  const database = await openServer(location, { metadata, client: { folder: '' } })
  try {
    return (await database.query(SELECT, [])).rows
  } finally {
    await database.close()
  }
}
