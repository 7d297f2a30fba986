import { MigrationDrift, MigrationFailed, SchemaDataLoss, SchemaUnexecutable } from '../errors.ts'
import { type Engine, engineReason, recordedError, schemaContainer } from './engine.ts'
import { filtersFor } from './filters.ts'
import { readLedger } from './ledger.ts'
import { migrationList, migrationNames, placeInScript } from './migration_files.ts'
import { readableDefaults } from './sqlite_defaults.ts'
import type { ResolvedTarget } from './target.ts'

/** Where a script begins or ends: at the database as it is, at what the migrations make, or at the schema. */
type Place = 'database' | 'migrations' | 'schema'

/** The SQL that leads from one place to another; empty when there is nothing to do. */
export async function scriptBetween(engine: Engine, target: ResolvedTarget, from: Place, to: Place): Promise<string> {
  const { stdout } = await engine.diff({
    from: placeOf(from, target),
    to: placeOf(to, target),
    script: true,
    exitCode: null,
    filters: filtersFor(target.location),
  })
  if (stdout === null || stdout === undefined || /^\s*-- This is an empty migration\.\s*$/.test(stdout)) return ''
  return target.location.dialect === 'sqlite' ? readableDefaults(stdout) : stdout
}

function placeOf(place: Place, target: ResolvedTarget) {
  if (place === 'schema') return { tag: 'schemaDatamodel' as const, ...schemaContainer(target) }
  if (place === 'database') return { tag: 'schemaDatasource' as const, ...schemaContainer(target), configDir: '' }
  const list = migrationList(target.layout.migrations)
  return list.migrationDirectories.length === 0 ? { tag: 'empty' as const } : { tag: 'migrations' as const, ...list }
}

/** Runs the migrations that the database lacks, one by one.
 *
 * @param onApplied called with each name when it has run
 * @returns their names
 * @throws MigrationDrift for a database with tables and without a ledger
 */
export async function applyPending(
  engine: Engine,
  target: ResolvedTarget,
  onApplied: (name: string) => void = () => {},
): Promise<string[]> {
  const { migrations } = target.layout
  const applied: string[] = []
  const list = migrationList(migrations)
  const pending = await pendingNames(target)
  // Without any, the engine still makes the ledger and looks for failures.
  if (pending.length === 0) await applyAll(engine, target, list)
  for (const until of pending) {
    const directories = list.migrationDirectories.filter(({ path }) => path <= until)
    const names = await applyAll(engine, target, { ...list, migrationDirectories: directories })
    applied.push(...names)
    for (const name of names) onApplied(name)
  }
  return applied
}

/** The migrations that the ledger doesn't know as done. */
async function pendingNames(target: ResolvedTarget): Promise<string[]> {
  const done = new Set((await readLedger(target))?.filter((entry) => entry.isFinished && !entry.isRolledBack).map(({ name }) => name))
  return migrationNames(target.layout.migrations).filter((name) => !done.has(name))
}

/** Runs what is pending of a list, of which all but the last are done. */
async function applyAll(engine: Engine, target: ResolvedTarget, list: ReturnType<typeof migrationList>): Promise<string[]> {
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: list, filters: filtersFor(target.location) })
    return appliedMigrationNames
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'P3005') throw new MigrationDrift({ reason: 'It has tables, but no ledger of migrations.' }, { cause: error })
    if (target.location.dialect === 'mysql') throw error
    if (code === 'P3009') throw await endedHalfway(target, error)
    const name = list.migrationDirectories.at(-1)?.path
    if (name === undefined || recordedError(error as Error) !== undefined) throw error
    // A script that failed left nothing behind: it ran in a transaction. So it runs again once it is mended.
    await engine.markMigrationRolledBack({ migrationName: name }).catch(() => {})
    const reason = engineReason(error as Error)
    throw new MigrationFailed({ reason: `${placeInScript(target.layout.migrations, name, reason)}: ${reason}` }, { cause: error })
  }
}

/** A process was ended while a migration ran, or right after: the ledger can't know which. */
async function endedHalfway(target: ResolvedTarget, cause: unknown): Promise<MigrationFailed> {
  const entries = (await readLedger(target)) ?? []
  const name = entries.find(({ isFinished, isRolledBack }) => !isFinished && !isRolledBack)?.name
  const reason = `${name} began and was never finished. Say \`regauge db:migrate --rolled-back ${name}\` when nothing of it is in the database, \`--applied ${name}\` when all is.`
  return new MigrationFailed({ reason }, { cause })
}

/** What the step from the migrations to the schema would lose.
 *
 * @throws SchemaUnexecutable, SchemaDataLoss unless losses are accepted
 */
export async function lossesOf(engine: Engine, target: ResolvedTarget, accepted: boolean): Promise<string[]> {
  const { warnings, unexecutableSteps } = await engine.evaluateDataLoss({
    migrationsList: migrationList(target.layout.migrations),
    schema: schemaContainer(target),
    filters: filtersFor(target.location),
  })
  const messages = (steps: readonly { message: string }[]) => steps.map((step) => step.message)
  if (unexecutableSteps.length > 0) throw new SchemaUnexecutable({ steps: messages(unexecutableSteps) })
  if (warnings.length > 0 && !accepted) throw new SchemaDataLoss({ warnings: messages(warnings) })
  return messages(warnings)
}
