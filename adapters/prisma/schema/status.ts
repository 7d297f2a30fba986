import { databaseExists } from './create_database.ts'
import { type LedgerEntry, readLedger } from './ledger.ts'
import { migrationNames, scriptChecksum } from './migration_files.ts'
import { tableExists } from './protected.ts'
import { withSession } from './session.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'

/** Where one migration stands. `edited`: it ran, and its file was changed later. `missing`: it ran, and its file is gone. */
export type MigrationState = 'applied' | 'pending' | 'failed' | 'edited' | 'missing'

/** What `migrate.status` answers. */
export interface MigrationStatus {
  readonly migrations: readonly { readonly name: string; readonly state: MigrationState; readonly logs?: string }[]
  /** Every migration ran, none failed, was edited or is missing. */
  readonly isUpToDate: boolean
  /** Whether the database keeps a ledger of migrations. */
  readonly hasLedger: boolean
  /** Whether the database exists at all. */
  readonly hasDatabase: boolean
  /** What `schema_migrations` says, in a database that Rails migrated. */
  readonly rails?: { readonly migrations: number; readonly version: string | null }
}

/** Where each migration stands. Reads only, and loads no engine. */
export async function status(options: SchemaTarget): Promise<MigrationStatus> {
  const target = resolveTarget(options)
  const folder = target.layout.migrations
  const hasDatabase = await databaseExists(target.location)
  const ledger = hasDatabase ? await readLedger(target) : undefined
  const entries = new Map((ledger ?? []).filter((entry) => !entry.isRolledBack).map((entry) => [entry.name, entry]))
  const names = migrationNames(folder)
  const migrations = [...new Set([...names, ...entries.keys()])].sort().map((name) => stateOf(name, entries.get(name), names, folder))
  const rails = hasDatabase ? await railsState(target) : undefined
  return {
    migrations,
    isUpToDate: migrations.every(({ state }) => state === 'applied'),
    hasLedger: ledger !== undefined,
    hasDatabase,
    ...(rails !== undefined && { rails }),
  }
}

function stateOf(name: string, entry: LedgerEntry | undefined, names: readonly string[], folder: string) {
  if (entry === undefined) return { name, state: 'pending' as const }
  if (!entry.isFinished) return { name, state: 'failed' as const, ...(entry.logs !== null && { logs: entry.logs }) }
  if (!names.includes(name)) return { name, state: 'missing' as const }
  return { name, state: scriptChecksum(folder, name) === entry.checksum ? ('applied' as const) : ('edited' as const) }
}

async function railsState({ location }: ResolvedTarget): Promise<MigrationStatus['rails']> {
  return withSession(
    location,
    async (session) => {
      if (!(await tableExists(session, 'schema_migrations'))) return undefined
      const [row] = await session.query('SELECT count(*), max(version) FROM schema_migrations')
      return { migrations: Number(row![0]), version: row![1] === null ? null : String(row![1]) }
    },
    { readOnly: true },
  )
}
