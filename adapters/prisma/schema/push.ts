import { SchemaDataLoss, SchemaUnexecutable } from '../errors.ts'
import { type Generated, generate } from '../generate/index.ts'
import { createDatabase } from './create_database.ts'
import { runScript, schemaContainer, withEngine } from './engine.ts'
import { dropSpecialIndexes, EXTRAS_FILE, extrasOf } from './extras.ts'
import { filtersFor } from './filters.ts'
import { noteEnvironment, type Protection, requireUnprotected } from './protected.ts'
import { isPushed, rememberPush } from './pushed.ts'
import { resolveTarget, type SchemaTarget } from './target.ts'

/** What `push` takes. */
export interface PushOptions extends SchemaTarget {
  /** Go on when the change drops columns or tables that hold data. */
  acceptDataLoss?: boolean | undefined
  /** Look at the database even when this schema was pushed to it before. */
  force?: boolean | undefined
  protection?: Protection | undefined
}

/** What `push` did. */
export interface PushResult {
  /** False when the database had the schema already. */
  readonly changed: boolean
  /** Statements of the change that ran. */
  readonly steps: number
  /** Losses that were accepted. */
  readonly warnings: readonly string[]
  readonly generated: Generated
}

/** Makes the database have the tables of `schema.prisma`, without migrations: for development and tests. Makes the database when it is
 * missing, and generates client and metadata. A second push of the same schema costs a few milliseconds on SQLite.
 * The SQL of `schema_extras.sql` beside the schema runs with it: what the tables need before they are made, and what stands on them after.
 *
 * @throws DatabaseProtected when losses are accepted in a protected environment; SchemaDataLoss unless losses are accepted; SchemaUnexecutable when rows don't fit; SchemaInvalid; SchemaLocked
 * @example await push({ root: process.cwd(), url: 'file:storage/development.sqlite3' })
 */
export async function push(options: PushOptions): Promise<PushResult> {
  const target = resolveTarget(options)
  const generated = await generate({ root: options.root, schemaPath: options.schemaPath })
  if (!options.force && isPushed(target)) return { changed: false, steps: 0, warnings: [], generated }
  const force = options.acceptDataLoss ?? false
  if (force) await requireUnprotected(target, options.protection, 'change the schema at the cost of data')
  const schema = schemaContainer(target)
  const extras = extrasOf(target)
  await createDatabase(target.location)
  if (extras.before !== '') await runScript(target, extras.before, EXTRAS_FILE)
  const { executedSteps, warnings } = await withEngine(target, async (engine) => {
    const answer = await engine.schemaPush({ force, schema, filters: filtersFor(target.location) })
    if (answer.unexecutable.length > 0) throw new SchemaUnexecutable({ steps: answer.unexecutable })
    if (answer.warnings.length > 0 && !force) throw new SchemaDataLoss({ warnings: answer.warnings })
    return answer
  })
  dropSpecialIndexes(target)
  if (extras.after !== '') await runScript(target, extras.after, EXTRAS_FILE)
  rememberPush(target)
  await noteEnvironment(target, options.protection)
  return { changed: executedSteps > 0, steps: executedSteps, warnings, generated }
}
