import { existsSync } from 'node:fs'
import { MigrationDrift, SchemaDataLoss, SchemaUnexecutable } from '../errors.ts'
import { generate } from '../generate/index.ts'
import { EVERYTHING, schemaContainer, withEngine } from './engine.ts'
import { createSqliteLedger, readLedger } from './ledger.ts'
import { migrationList, migrationNames, scriptChecksum, writeMigration } from './migration_files.ts'
import { forgetPush, isPushed } from './pushed.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'
import type { SchemaEngine } from './wasm.ts'

/** What `migrate.create` takes. */
export interface CreateOptions extends SchemaTarget {
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
}

/** Migrations in the folder `db/migrations`, in Prisma's format and with Prisma's ledger, so that its own command can take over at any time. */
export const migrate = { create, apply, status, diff }

/** Runs the pending migrations, writes one for what the schema has beyond them, and runs that as well.
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
  return withEngine(target, async (engine) => {
    const { migrations } = target.layout
    const applied = await applyPending(engine, target)
    const { action } = await engine.devDiagnostic({ migrationsList: migrationList(migrations), filters: EVERYTHING })
    if (action.tag === 'reset') throw new MigrationDrift({ reason: action.reason })
    const warnings = await lossesOf(engine, target, options.acceptDataLoss ?? false)
    const written = await writeNext(engine, target, options)
    if (written === undefined) return { created: null, script: null, applied, warnings }
    applied.push(...(await applyPending(engine, target)))
    return { created: written.name, script: written.script, applied, warnings }
  })
}

/** Runs the migrations that the database lacks.
 *
 * @returns their names
 * @throws MigrationFailed, MigrationDrift
 */
async function apply(options: SchemaTarget): Promise<{ applied: readonly string[] }> {
  const target = resolveTarget(options)
  await generate(options)
  if (migrationNames(target.layout.migrations).length === 0) return { applied: [] }
  forgetPush(target)
  return { applied: await withEngine(target, (engine) => applyPending(engine, target)) }
}

/** Where each migration stands. Reads only, and loads no engine. */
async function status(options: SchemaTarget): Promise<MigrationStatus> {
  const target = resolveTarget(options)
  const folder = target.layout.migrations
  const ledger = await readLedger(target)
  const entries = new Map((ledger ?? []).filter((entry) => !entry.isRolledBack).map((entry) => [entry.name, entry]))
  const names = migrationNames(folder)
  const migrations = [...new Set([...names, ...entries.keys()])].sort().map((name) => {
    const entry = entries.get(name)
    if (entry === undefined) return { name, state: 'pending' as const }
    if (!entry.isFinished) return { name, state: 'failed' as const, ...(entry.logs !== null && { logs: entry.logs }) }
    if (!names.includes(name)) return { name, state: 'missing' as const }
    return { name, state: scriptChecksum(folder, name) === entry.checksum ? ('applied' as const) : ('edited' as const) }
  })
  return {
    migrations,
    isUpToDate: migrations.every(({ state }) => state === 'applied'),
    hasLedger: ledger !== undefined,
    hasDatabase: target.location.dialect !== 'sqlite' || existsSync(target.location.file),
  }
}

/** The SQL that leads from the migrations to the schema; empty when nothing is missing. The database itself isn't changed. */
async function diff(options: SchemaTarget): Promise<{ script: string }> {
  const target = resolveTarget(options)
  return { script: await withEngine(target, (engine) => scriptToSchema(engine, target)) }
}

async function scriptToSchema(engine: SchemaEngine, target: ResolvedTarget): Promise<string> {
  const list = migrationList(target.layout.migrations)
  const from = list.migrationDirectories.length === 0 ? { tag: 'empty' as const } : { tag: 'migrations' as const, ...list }
  const to = { tag: 'schemaDatamodel' as const, ...schemaContainer(target) }
  const { stdout } = await engine.diff({ from, to, script: true, exitCode: null, filters: EVERYTHING })
  return stdout === null || stdout === undefined || /^\s*-- This is an empty migration\.\s*$/.test(stdout) ? '' : stdout
}

async function applyPending(engine: SchemaEngine, target: ResolvedTarget): Promise<string[]> {
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationList(target.layout.migrations),
      filters: EVERYTHING,
    })
    return appliedMigrationNames
  } catch (error) {
    if ((error as { code?: string }).code === 'P3005') {
      throw new MigrationDrift({ reason: 'It has tables, but no ledger of migrations.' }, { cause: error })
    }
    await allowRetry(engine, error as Error)
    throw error
  }
}

/** A script that failed left nothing behind: it ran in a transaction. So it is marked as rolled back, and runs again once it is mended. */
async function allowRetry(engine: SchemaEngine, error: Error): Promise<void> {
  const migrationName = /with migration_name="([^"]+)"/.exec(error.message)?.[1]
  if (migrationName !== undefined) await engine.markMigrationRolledBack({ migrationName }).catch(() => {})
}

async function lossesOf(engine: SchemaEngine, target: ResolvedTarget, accepted: boolean): Promise<string[]> {
  const list = migrationList(target.layout.migrations)
  const { warnings, unexecutableSteps } = await engine.evaluateDataLoss({
    migrationsList: list,
    schema: schemaContainer(target),
    filters: EVERYTHING,
  })
  const messages = (steps: readonly { message: string }[]) => steps.map((step) => step.message)
  if (unexecutableSteps.length > 0) throw new SchemaUnexecutable({ steps: messages(unexecutableSteps) })
  if (warnings.length > 0 && !accepted) throw new SchemaDataLoss({ warnings: messages(warnings) })
  return messages(warnings)
}

async function writeNext(
  engine: SchemaEngine,
  target: ResolvedTarget,
  options: CreateOptions,
): Promise<{ name: string; script: string } | undefined> {
  const { migrations } = target.layout
  const { generatedMigrationName, migrationScript, connectorType } = await engine.createMigration({
    draft: false,
    migrationName: folderName(options.name),
    migrationsList: migrationList(migrations),
    schema: schemaContainer(target),
    filters: EVERYTHING,
  })
  if (migrationScript === null || migrationScript === undefined) return undefined
  writeMigration(migrations, generatedMigrationName, migrationScript, connectorType)
  return { name: generatedMigrationName, script: migrationScript }
}

/** A migration to be completed by hand. The database isn't looked at. */
async function draft(options: CreateOptions, target: ResolvedTarget): Promise<Created> {
  const script = (await withEngine(target, (engine) => scriptToSchema(engine, target))) || '-- Write the migration here.\n'
  const name = `${timestamp()}_${folderName(options.name)}`
  writeMigration(target.layout.migrations, name, script, target.location.provider)
  return { created: name, script, applied: [], warnings: [] }
}

/** The step from pushing to migrating: a database that was pushed, and has no ledger, has what a first migration would make already. */
async function adoptPushed(options: CreateOptions, target: ResolvedTarget): Promise<Created | undefined> {
  const { location, layout } = target
  if (location.dialect !== 'sqlite' || migrationNames(layout.migrations).length > 0 || !isPushed(target)) return undefined
  if ((await readLedger(target)) !== undefined) return undefined
  createSqliteLedger(location.file)
  return withEngine(target, async (engine) => {
    const script = await scriptToSchema(engine, target)
    const name = `${timestamp()}_${folderName(options.name)}`
    writeMigration(layout.migrations, name, script, location.provider)
    await engine.markMigrationApplied({ migrationName: name, migrationsList: migrationList(layout.migrations) })
    return { created: name, script, applied: [name], warnings: [] }
  })
}

function folderName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
      .slice(0, 100) || 'migration'
  )
}

function timestamp(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14)
}
