import { MigrationFailed, MigrationIrreversible, SchemaDataLoss } from '../errors.ts'
import { databaseExists } from './create_database.ts'
import { readLedger } from './ledger.ts'
import { withSchemaLock } from './lock.ts'
import { lossesIn } from './losses.ts'
import { downScript, placeInScript } from './migration_files.ts'
import { forgetPush } from './pushed.ts'
import { withSession, sqlText } from './session.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'

/** What `migrate.rollback` takes. */
export interface RollbackOptions extends SchemaTarget {
  /** How many migrations to undo. Default: 1. */
  steps?: number | undefined
  acceptDataLoss?: boolean | undefined
  /** Called with the name of each migration when it is undone. */
  onRolledBack?: ((name: string) => void) | undefined
}

/** Undoes the last migrations that ran, the newest first, with the script `down.sql` beside each; they are pending again.
 *
 * @returns their names
 * @throws MigrationIrreversible for one without such a script; SchemaDataLoss unless losses are accepted; MigrationFailed. Nothing of the
 * migration that failed is undone, but on MySQL, which commits each change of a table
 */
export async function rollback(options: RollbackOptions): Promise<{ rolledBack: readonly string[]; warnings: readonly string[] }> {
  const target = resolveTarget(options)
  const ledger = (await databaseExists(target.location)) ? await readLedger(target) : undefined
  const done = (ledger ?? []).filter((entry) => entry.isFinished && !entry.isRolledBack).map(({ name }) => name)
  const names = done
    .sort()
    .reverse()
    .slice(0, options.steps ?? 1)
  const scripts = names.map((name) => ({ name, script: requiredScript(target, name) }))
  if (names.length === 0) return { rolledBack: [], warnings: [] }
  return withSchemaLock(target.location, async () => {
    const warnings = await withSession(target.location, (session) =>
      lossesIn(
        session,
        scripts.map(({ script }) => script),
      ),
    )
    if (warnings.length > 0 && !options.acceptDataLoss) throw new SchemaDataLoss({ warnings })
    forgetPush(target)
    for (const { name, script } of scripts) {
      await undo(target, name, script)
      options.onRolledBack?.(name)
    }
    return { rolledBack: names, warnings }
  })
}

function requiredScript({ layout }: ResolvedTarget, name: string): string {
  const script = downScript(layout.migrations, name)
  if (script === undefined) throw new MigrationIrreversible({ name })
  return script
}

async function undo({ location, layout }: ResolvedTarget, name: string, script: string): Promise<void> {
  const forget = `DELETE FROM _prisma_migrations WHERE migration_name = ${sqlText(name, location.dialect)};`
  try {
    await withSession(location, (session) => session.run(`${script.trimEnd()}\n${forget}`))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationFailed({ reason: `${placeInScript(layout.migrations, name, reason, 'down.sql')}: ${reason}` }, { cause: error })
  }
}
