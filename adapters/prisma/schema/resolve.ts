import { MigrationUnknown } from '../errors.ts'
import { withEngine } from './engine.ts'
import { migrationList, migrationNames } from './migration_files.ts'
import { resolveTarget, type SchemaTarget } from './target.ts'

/** What `migrate.resolve` takes. */
export interface ResolveOptions extends SchemaTarget {
  /** The migration. */
  name: string
  /** `applied`: its work is done, however that came. `rolled_back`: it failed, and what it did is undone; it runs again. */
  as: 'applied' | 'rolled_back'
}

/** Says of a migration what the ledger can't know, after it was completed or undone by hand.
 *
 * @throws MigrationUnknown, MigrationFailed when the ledger knows better
 */
export async function resolve({ name, as, ...options }: ResolveOptions): Promise<void> {
  const target = resolveTarget(options)
  const names = migrationNames(target.layout.migrations)
  if (!names.includes(name)) throw new MigrationUnknown({ name, suggestion: names.at(-1) })
  const migrationsList = migrationList(target.layout.migrations)
  await withEngine(target, async (engine) => {
    if (as === 'applied') await engine.markMigrationApplied({ migrationName: name, migrationsList })
    else await engine.markMigrationRolledBack({ migrationName: name })
  })
}
