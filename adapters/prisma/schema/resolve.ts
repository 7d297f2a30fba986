import { MigrationFailed, MigrationUnknown } from '../errors.ts'
import { withEngine } from './engine.ts'
import { readLedger } from './ledger.ts'
import { migrationList, migrationNames } from './migration_files.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'

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
  await requireUndecided(target, name, as)
  const migrationsList = migrationList(target.layout.migrations)
  await withEngine(target, async (engine) => {
    if (as === 'applied') await engine.markMigrationApplied({ migrationName: name, migrationsList })
    else await engine.markMigrationRolledBack({ migrationName: name })
  })
}

/** What ran to its end is undone by its script, not by a word; and what never ran can't be said to be undone. */
async function requireUndecided(target: ResolvedTarget, name: string, as: ResolveOptions['as']): Promise<void> {
  const entries = ((await readLedger(target)) ?? []).filter((entry) => entry.name === name && !entry.isRolledBack)
  if (entries.some(({ isFinished }) => isFinished)) {
    throw new MigrationFailed({ reason: `${name} ran to its end, and counts as applied; \`regauge db:rollback\` undoes it.` })
  }
  if (as === 'rolled_back' && entries.length === 0) throw new MigrationFailed({ reason: `${name} is pending: there is nothing to undo.` })
}
