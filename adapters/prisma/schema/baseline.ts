import { MigrationDrift } from '../errors.ts'
import { generate } from '../generate/index.ts'
import { type Engine, withEngine } from './engine.ts'
import { scriptBetween } from './engine_tasks.ts'
import { createLedger, readLedger } from './ledger.ts'
import { migrationList, migrationNames } from './migration_files.ts'
import { forgetPush } from './pushed.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'
import { writeNextMigration } from './write_migration.ts'

/** What `migrate.baseline` takes. */
export interface BaselineOptions extends SchemaTarget {
  /** What the first migration is called. Default: baseline. */
  title?: string | undefined
  /** Begin although the database differs from the schema. */
  acceptDrift?: boolean | undefined
}

/** What `migrate.baseline` did. */
export interface Baseline {
  /** The migration that the database counts as having. */
  readonly created: string
  readonly script: string | null
}

/** Lets migrations begin at a database that has its tables already, because Rails made them or a push did: writes a first migration with all that
 * the schema has (unless there is one) and notes in the ledger that it ran, without running it.
 *
 * @throws MigrationDrift when the database keeps a ledger already, or lacks something that the schema has
 */
export async function baseline(options: BaselineOptions): Promise<Baseline> {
  const target = resolveTarget(options)
  const { location, layout } = target
  await generate(options)
  const ledger = await readLedger(target)
  if (ledger !== undefined && ledger.length > 0) throw new MigrationDrift({ reason: 'It keeps a ledger of migrations already.' })
  forgetPush(target)
  return withEngine(target, async (engine) => {
    if (!options.acceptDrift) await requireTables(engine, target)
    const first = migrationNames(layout.migrations)[0]
    const written = first === undefined ? await writeNextMigration(engine, target, { title: options.title ?? 'baseline' }) : undefined
    const created = first ?? written?.name
    if (created === undefined) throw new MigrationDrift({ reason: 'The schema has no tables to begin with.' })
    await createLedger(location)
    await engine.markMigrationApplied({ migrationName: created, migrationsList: migrationList(layout.migrations) })
    return { created, script: written?.script ?? null }
  })
}

/** The database must have what the migration would make: a push would have nothing to do. */
async function requireTables(engine: Engine, target: ResolvedTarget): Promise<void> {
  const script = await scriptBetween(engine, target, 'database', 'schema')
  if (script !== '') throw new MigrationDrift({ reason: `It differs from the schema, which would take:\n${script.trim()}` })
}
