import { createHash, randomUUID } from 'node:crypto'
import { MigrationFailed } from '../../errors.ts'
import type { DatabaseLocation } from '../../url.ts'
import { besides } from '../create_database.ts'
import type { Engine } from '../engine.ts'
import { RAILS_TABLES } from '../filters.ts'
import { createLedger, type LedgerEntry, readLedger } from '../ledger.ts'
import { placeInScript } from '../migration_files.ts'
import { type SchemaSession, sqlText, withSession } from '../session.ts'
import { statementsOf } from '../statements.ts'
import { type Change, changesBetween } from './changes.ts'
import { feedbackOn } from './feedback.ts'
import { tablesOfDatabase } from './read_database.ts'
import { tablesOfSchema } from './read_schema.ts'
import type { MysqlTable } from './tables.ts'

type MysqlLocation = Extract<DatabaseLocation, { dialect: 'mysql' }>
type Answer<K extends keyof Engine> = Awaited<ReturnType<Engine[K]>>
type Input<K extends keyof Engine> = Parameters<Engine[K]>[0]
type Migrations = Input<'applyMigrations'>['migrationsList']
type Files = Input<'schemaPush'>['schema']

const LEDGER = '_prisma_migrations'
const NOT_OURS = [...RAILS_TABLES, LEDGER]

/** What Prisma's schema engine does for other databases, for MySQL and MariaDB: the engine that comes as WebAssembly doesn't know them. It keeps the
 * same ledger. MySQL commits each change of a table, so a migration that fails may have run in part; it then counts as failed until it is resolved. */
export class MysqlEngine implements Engine {
  readonly #location: MysqlLocation

  constructor(location: MysqlLocation) {
    this.#location = location
  }

  async schemaPush({ schema, force }: Input<'schemaPush'>): Promise<Answer<'schemaPush'>> {
    return this.#session(async (session) => {
      const changes = changesBetween(await tablesOfDatabase(session, NOT_OURS), tablesOfSchema(textOf(schema)))
      const { warnings, unexecutable } = await feedbackOn(session, changes)
      const stays = unexecutable.length > 0 || (warnings.length > 0 && !force)
      for (const { sql } of stays ? [] : changes) await session.run(sql)
      return { executedSteps: stays ? 0 : changes.length, warnings, unexecutable }
    })
  }

  async diff({ from, to }: Input<'diff'>): Promise<Answer<'diff'>> {
    const changes = changesBetween(await this.#tablesAt(from), await this.#tablesAt(to))
    return { exitCode: 0, stdout: scriptOf(changes) }
  }

  async evaluateDataLoss({ migrationsList, schema }: Input<'evaluateDataLoss'>): Promise<Answer<'evaluateDataLoss'>> {
    const changes = changesBetween(await this.#migrated(migrationsList), tablesOfSchema(textOf(schema)))
    const { warnings, unexecutable } = await this.#session((session) => feedbackOn(session, changes))
    const steps = (messages: readonly string[]) => messages.map((message) => ({ message, stepIndex: 0 }))
    return { migrationSteps: changes.length, warnings: steps(warnings), unexecutableSteps: steps(unexecutable) }
  }

  async devDiagnostic({ migrationsList }: Input<'devDiagnostic'>): Promise<Answer<'devDiagnostic'>> {
    const edited = (await this.#ledger()).find(({ name, checksum }) => {
      const script = scriptsOf(migrationsList).find((one) => one.name === name)?.script
      return script !== undefined && digest(script) !== checksum
    })
    if (edited) return { action: { tag: 'reset', reason: `The migration ${edited.name} was edited after it ran.` } }
    const actual = await this.#session((session) => tablesOfDatabase(session, NOT_OURS))
    const drift = changesBetween(await this.#migrated(migrationsList), actual)
    return drift.length === 0
      ? { action: { tag: 'createMigration' } }
      : { action: { tag: 'reset', reason: `It was changed by hand:\n${scriptOf(drift).trim()}` } }
  }

  async applyMigrations({ migrationsList }: Input<'applyMigrations'>): Promise<Answer<'applyMigrations'>> {
    const entries = await this.#ledgerForChange()
    const failed = entries.find(({ isFinished }) => !isFinished)
    if (failed)
      throw new MigrationFailed({
        reason: `${failed.name} failed before${failed.logs === null ? '' : `: ${failed.logs}`}\n${resolving(failed.name)}`,
      })
    const done = new Set(entries.map(({ name }) => name))
    const pending = scriptsOf(migrationsList).filter(({ name }) => !done.has(name))
    for (const migration of pending) await this.#run(migration, migrationsList.baseDir)
    return { appliedMigrationNames: pending.map(({ name }) => name) }
  }

  async markMigrationApplied({ migrationName, migrationsList }: Input<'markMigrationApplied'>): Promise<Answer<'markMigrationApplied'>> {
    const script = scriptsOf(migrationsList).find(({ name }) => name === migrationName)?.script ?? ''
    await this.#session((session) =>
      session.run(
        `DELETE FROM ${LEDGER} WHERE migration_name = ${text(migrationName)}; ${insertion(migrationName, script, 'CURRENT_TIMESTAMP(3)')}`,
      ),
    )
    return {}
  }

  async markMigrationRolledBack({ migrationName }: Input<'markMigrationRolledBack'>): Promise<Answer<'markMigrationRolledBack'>> {
    await this.#session((session) =>
      session.run(
        `UPDATE ${LEDGER} SET rolled_back_at = CURRENT_TIMESTAMP(3) WHERE migration_name = ${text(migrationName)} AND finished_at IS NULL`,
      ),
    )
    return {}
  }

  async reset(): Promise<void> {
    await this.#session(async (session) => {
      const rows = await session.query('SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = database()')
      const drops = rows.map(([name, type]) => `DROP ${type === 'VIEW' ? 'VIEW' : 'TABLE'} \`${String(name).replaceAll('`', '``')}\`;`)
      if (drops.length > 0) await session.run(`SET FOREIGN_KEY_CHECKS = 0; ${drops.join(' ')} SET FOREIGN_KEY_CHECKS = 1;`)
    })
  }

  async #run({ name, script }: { name: string; script: string }, folder: string): Promise<void> {
    await this.#session((session) => session.run(insertion(name, script, 'NULL')))
    const where = `WHERE migration_name = ${text(name)} AND finished_at IS NULL AND rolled_back_at IS NULL`
    try {
      if (statementsOf(script).length > 0) await this.#session((session) => session.run(script))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      await this.#session((session) => session.run(`UPDATE ${LEDGER} SET logs = ${text(reason)} ${where}`))
      throw new MigrationFailed({ reason: `${placeInScript(folder, name, reason)}: ${reason}\n${resolving(name)}` }, { cause: error })
    }
    await this.#session((session) =>
      session.run(`UPDATE ${LEDGER} SET finished_at = CURRENT_TIMESTAMP(3), applied_steps_count = 1 ${where}`),
    )
  }

  #session<T>(work: (session: SchemaSession) => Promise<T>): Promise<T> {
    return withSession(this.#location, work)
  }

  async #ledger(): Promise<LedgerEntry[]> {
    return ((await readLedger({ location: this.#location })) ?? []).filter(({ isRolledBack }) => !isRolledBack)
  }

  /** As Prisma's engine, refuses to begin with migrations in a database that has tables of somebody else's. */
  async #ledgerForChange(): Promise<LedgerEntry[]> {
    if ((await readLedger({ location: this.#location })) === undefined) {
      const tables = await this.#session((session) => tablesOfDatabase(session, RAILS_TABLES))
      if (tables.length > 0) throw Object.assign(new Error('The database has tables.'), { code: 'P3005' })
      await createLedger(this.#location)
    }
    return this.#ledger()
  }

  async #tablesAt(place: Input<'diff'>['from']): Promise<readonly MysqlTable[]> {
    if (place.tag === 'migrations') return this.#migrated(place)
    if (place.tag === 'schemaDatamodel') return tablesOfSchema(textOf(place))
    return place.tag === 'empty' ? [] : this.#session((session) => tablesOfDatabase(session, NOT_OURS))
  }

  /** What the migrations make, found by running them in a database of their own. */
  async #migrated(migrations: Migrations): Promise<readonly MysqlTable[]> {
    const scripts = scriptsOf(migrations).filter(({ script }) => statementsOf(script).length > 0)
    if (scripts.length === 0) return []
    const name = `regauge_shadow_${randomUUID().replaceAll('-', '')}`
    await this.#session((session) => session.run(`CREATE DATABASE ${name} DEFAULT CHARACTER SET utf8mb4`))
    try {
      return await withSession(besides(this.#location, name), async (session) => {
        for (const { script } of scripts) await session.run(script)
        return tablesOfDatabase(session, NOT_OURS)
      })
    } finally {
      await this.#session((session) => session.run(`DROP DATABASE ${name}`))
    }
  }
}

function textOf({ files }: Files): string {
  return files.map(({ content }) => content).join('\n')
}

function scriptsOf({ migrationDirectories }: Migrations): { name: string; script: string }[] {
  return migrationDirectories.map(({ path, migrationFile: { content } }) => ({
    name: path,
    script: content.tag === 'ok' ? content.value : '',
  }))
}

function scriptOf(changes: readonly Change[]): string {
  return changes.map(({ sql }) => `${sql};\n`).join('\n')
}

function insertion(name: string, script: string, finished: string): string {
  return `INSERT INTO ${LEDGER} (id, checksum, migration_name, started_at, finished_at) VALUES (${text(randomUUID())}, ${text(digest(script))}, ${text(name)}, CURRENT_TIMESTAMP(3), ${finished});`
}

function resolving(name: string): string {
  return `MySQL keeps what ran of it. Undo that by hand and say \`regauge db:migrate --rolled-back ${name}\`, or complete it and say \`--applied ${name}\`.`
}

function digest(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}

function text(value: string): string {
  return sqlText(value, 'mysql')
}
