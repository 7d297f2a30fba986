import { existsSync } from 'node:fs'
import { DatabaseError } from '../errors.ts'
import { SqliteConnection } from '../sqlite/index.ts'
import type { DatabaseLocation } from '../url.ts'
import { withSession } from './session.ts'
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
const TABLES: Record<DatabaseLocation['dialect'], string> = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`,
  postgres: `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT,
  rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0
)`,
  mysql: `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3), migration_name VARCHAR(255) NOT NULL, logs TEXT,
  rolled_back_at DATETIME(3), started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
}

/** Makes an empty ledger in a database that has tables already. */
export async function createLedger(location: DatabaseLocation): Promise<void> {
  await withSession(location, (session) => session.run(TABLES[location.dialect]))
}

/** The ledger of migrations that Prisma keeps in the database; undefined when there is none. Loads no engine. */
export async function readLedger(target: Pick<ResolvedTarget, 'location'>): Promise<LedgerEntry[] | undefined> {
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

async function selectFrom({ location }: Pick<ResolvedTarget, 'location'>): Promise<readonly (readonly unknown[])[] | undefined> {
  if (location.dialect === 'sqlite') {
    if (!existsSync(location.file)) return undefined
    const connection = SqliteConnection.open(location.file, { readOnly: true })
    try {
      return connection.query(SELECT, []).rows
    } finally {
      connection.close()
    }
  }
  return withSession(location, (session) => session.query(SELECT))
}
