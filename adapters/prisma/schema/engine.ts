import { bindMigrationAwareSqlAdapterFactory, type ErrorRegistry } from '@prisma/driver-adapter-utils'
import { stripVTControlCharacters } from 'node:util'
import { RegaugeError } from '../../../src/errors/index.ts'
import { MigrationFailed, SchemaInvalid } from '../errors.ts'
import { shown } from '../generate/index.ts'
import { createDatabase } from './create_database.ts'
import { engineSchema } from './engine_schema.ts'
import { madeByExtras } from './extras.ts'
import { withSchemaLock } from './lock.ts'
import { EnginePostgresFactory } from './postgres_factory.ts'
import { statementsToRun } from './mysql/repeat.ts'
import { withSession } from './session.ts'
import { EngineSqliteFactory } from './sqlite_factory.ts'
import type { ResolvedTarget } from './target.ts'
import { declaredTypes } from './sqlite_types.ts'
import { type SchemaEngine, schemaEngineModule } from './wasm.ts'

/** What is used of Prisma's schema engine. It knows no MySQL: there an engine of our own takes its place. */
export type Engine = Pick<
  SchemaEngine,
  | 'applyMigrations'
  | 'devDiagnostic'
  | 'diff'
  | 'evaluateDataLoss'
  | 'markMigrationApplied'
  | 'markMigrationRolledBack'
  | 'reset'
  | 'schemaPush'
>

/** Runs `work` with Prisma's schema engine on a database that nobody else changes meanwhile, and closes all of its connections.
 *
 * @throws SchemaLocked, SchemaInvalid, or MigrationFailed with what the engine said
 */
export async function withEngine<T>(target: ResolvedTarget, work: (engine: Engine) => Promise<T>): Promise<T> {
  await createDatabase(target.location)
  return withSchemaLock(target.location, () => runEngine(target, work))
}

async function runEngine<T>(target: ResolvedTarget, work: (engine: Engine) => Promise<T>): Promise<T> {
  const { location } = target
  if (location.dialect === 'mysql') {
    const { MysqlEngine } = await import('./mysql/engine.ts')
    return work(new MysqlEngine(location))
  }
  const factory =
    location.dialect === 'sqlite'
      ? new EngineSqliteFactory(location.file, declaredTypes(engineSchema(target.schema.text)))
      : new EnginePostgresFactory(location.url, madeByExtras(target))
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  let engine: SchemaEngine | undefined
  try {
    const { SchemaEngine } = await schemaEngineModule()
    engine = await SchemaEngine.new({ datamodels: [[target.schema.path, engineSchema(target.schema.text)]] }, () => {}, bound)
    return await work(engine)
  } catch (error) {
    throw engineError(error, bound.errorRegistry, target)
  } finally {
    engine?.free()
    await factory.dispose()
  }
}

/** Runs a script of SQL on the database.
 *
 * @param file where it is from, for the message
 * @throws MigrationFailed with what the database said
 */
export async function runScript({ location }: ResolvedTarget, script: string, file: string): Promise<void> {
  try {
    await withSession(location, async (session) => {
      if (session.dialect !== 'mysql') return session.run(script)
      for (const statement of await statementsToRun(session, script)) await session.run(statement)
    })
  } catch (error) {
    throw new MigrationFailed({ reason: `${file}: ${error instanceof Error ? error.message : String(error)}` }, { cause: error })
  }
}

/** The schema as the engine takes it. */
export function schemaContainer({ schema }: ResolvedTarget): { files: { path: string; content: string }[] } {
  return { files: [{ path: schema.path, content: engineSchema(schema.text) }] }
}

function engineError(error: unknown, registry: ErrorRegistry, { schema }: ResolvedTarget): unknown {
  if (error instanceof RegaugeError || !(error instanceof Error)) return error
  const original = recordedError(error)
  const recorded = original === undefined ? undefined : registry.consumeError(Number(original))?.error
  if (recorded instanceof RegaugeError) return recorded
  const reason = engineReason(error)
  if (/P1012|validating|validation error/i.test(error.message))
    return new SchemaInvalid({ path: shown(schema.path), reason }, { cause: error })
  return new MigrationFailed({ reason }, { cause: recorded ?? error })
}

/** The number under which an error of ours is kept that only passed through the engine. */
export function recordedError(error: Error): string | undefined {
  return /(?:"id":\s*|External error id#)(\d+)/.exec(error.message)?.[1]
}

/** What the engine, or the database behind it, says is wrong, without where in the engine's own source that was. */
export function engineReason(error: Error): string {
  return stripVTControlCharacters(messageOf(error))
    .replace(/\n\s*\d+: \w+::[\s\S]*$/, '')
    .replace(
      /^Migration `([^`]+)` failed to apply cleanly to the shadow database\.\s*(?:Error code: \w+\s*)?(?:Error:\s*)?/,
      'The migration $1 fails on an empty database: ',
    )
    .replace(/external connector error\n/, '')
    .replace(/Error querying the database: (?:ERROR: )?/, '')
    .trim()
}

/** The engine's errors carry JSON in their message or beside it. */
function messageOf(error: Error): string {
  const meta = (error as { meta?: { message?: unknown } }).meta?.message
  if (typeof meta === 'string') return meta
  try {
    const parsed = JSON.parse(error.message) as { message?: string; meta?: { message?: string } }
    return parsed.message ?? parsed.meta?.message ?? error.message
  } catch {
    return error.message
  }
}
