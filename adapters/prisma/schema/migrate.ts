import { MigrationDrift } from '../errors.ts'
import { generate } from '../generate/index.ts'
import { baseline } from './baseline.ts'
import { withEngine } from './engine.ts'
import { applyPending, lossesOf, scriptBetween } from './engine_tasks.ts'
import { filtersFor } from './filters.ts'
import { readLedger } from './ledger.ts'
import { migrationList, migrationNames } from './migration_files.ts'
import { noteEnvironment, type Protection } from './protected.ts'
import { forgetPush, isPushed } from './pushed.ts'
import { resolve } from './resolve.ts'
import { rollback } from './rollback.ts'
import { status } from './status.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'
import { writeNextMigration } from './write_migration.ts'

/** What `migrate.apply` takes. */
export interface ApplyOptions extends SchemaTarget {
  /** Called with the name of each migration when it has run. */
  onApplied?: ((name: string) => void) | undefined
  protection?: Protection | undefined
}

/** What `migrate.create` takes. */
export interface CreateOptions extends ApplyOptions {
  /** What the migration does; becomes a part of its folder's name. */
  name: string
  acceptDataLoss?: boolean | undefined
  /** Write the migration without running it, also when it is empty. */
  draft?: boolean | undefined
}

/** What `migrate.create` did. */
export interface Created {
  /** The new migration; null when the schema has nothing that the migrations lack. */
  readonly created: string | null
  readonly script: string | null
  /** Migrations that ran, the new one among them. */
  readonly applied: readonly string[]
  readonly warnings: readonly string[]
}

/** Migrations in the folder `db/migrations`, in Prisma's format and with Prisma's ledger, so that its own command can take over at any time;
 * beside each script stands one that leads back. */
export const migrate = { create, apply, rollback, baseline, resolve, status, diff }

/** Runs the pending migrations, writes one for what the schema and the SQL beside it have beyond them, and runs that as well.
 *
 * @throws MigrationDrift when the database was changed by hand; SchemaDataLoss; SchemaUnexecutable; MigrationFailed
 */
async function create(options: CreateOptions): Promise<Created> {
  const target = resolveTarget(options)
  await generate(options)
  if (options.draft) return draft(options, target)
  const adopted = await adoptPushed(options, target)
  if (adopted !== undefined) return adopted
  forgetPush(target)
  const created = await withEngine(target, async (engine) => {
    const applied = await applyPending(engine, target, options.onApplied)
    const list = migrationList(target.layout.migrations)
    const { action } = await engine.devDiagnostic({ migrationsList: list, filters: filtersFor(target.location) })
    if (action.tag === 'reset') throw new MigrationDrift({ reason: action.reason })
    const warnings = await lossesOf(engine, target, options.acceptDataLoss ?? false)
    const written = await writeNextMigration(engine, target, { title: options.name, warnings })
    if (written === undefined) return { created: null, script: null, applied, warnings }
    applied.push(...(await applyPending(engine, target, options.onApplied)))
    return { created: written.name, script: written.script, applied, warnings }
  })
  await noteEnvironment(target, options.protection)
  return created
}

/** Runs the migrations that the database lacks.
 *
 * @returns their names
 * @throws MigrationFailed, MigrationDrift
 */
async function apply(options: ApplyOptions): Promise<{ applied: readonly string[] }> {
  const target = resolveTarget(options)
  await generate(options)
  if (migrationNames(target.layout.migrations).length === 0) return { applied: [] }
  forgetPush(target)
  const applied = await withEngine(target, (engine) => applyPending(engine, target, options.onApplied))
  await noteEnvironment(target, options.protection)
  return { applied }
}

/** The SQL that leads to the schema from the migrations, or from the database as it is; empty when nothing is missing. Nothing is changed. */
async function diff(options: SchemaTarget & { from?: 'database' | 'migrations' }): Promise<{ script: string }> {
  const target = resolveTarget(options)
  return { script: await withEngine(target, (engine) => scriptBetween(engine, target, options.from ?? 'migrations', 'schema')) }
}

/** A migration to be completed by hand. The database isn't looked at. */
async function draft(options: CreateOptions, target: ResolvedTarget): Promise<Created> {
  const written = await withEngine(target, (engine) => writeNextMigration(engine, target, { title: options.name, evenEmpty: true }))
  return { created: written!.name, script: written!.script, applied: [], warnings: [] }
}

/** The step from pushing to migrating: a database that was pushed, and has no ledger, has what a first migration would make already. */
async function adoptPushed(options: CreateOptions, target: ResolvedTarget): Promise<Created | undefined> {
  const { location, layout } = target
  if (location.dialect !== 'sqlite' || migrationNames(layout.migrations).length > 0 || !isPushed(target)) return undefined
  if ((await readLedger(target)) !== undefined) return undefined
  const { created, script } = await baseline({ ...options, title: options.name })
  options.onApplied?.(created)
  return { created, script, applied: [created], warnings: [] }
}
