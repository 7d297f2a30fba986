import { SchemaDataLoss, SchemaUnexecutable } from '../errors.ts'
import { type Generated, generate } from '../generate/index.ts'
import { EVERYTHING, runScript, schemaContainer, withEngine } from './engine.ts'
import { createDatabase } from './create_database.ts'
import { dropSpecialIndexes, extrasOf, type SchemaExtras } from './extras.ts'
import { isPushed, rememberPush } from './pushed.ts'
import { type ResolvedTarget, resolveTarget, type SchemaTarget } from './target.ts'

/** What `push` takes. */
export interface PushOptions extends SchemaTarget {
  /** Go on when the change drops columns or tables that hold data. */
  acceptDataLoss?: boolean | undefined
  /** Look at the database even when this schema was pushed to it before. */
  force?: boolean | undefined
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
 * @throws SchemaDataLoss unless losses are accepted; SchemaUnexecutable when rows don't fit; SchemaInvalid; SchemaLocked
 * @example await push({ root: process.cwd(), url: 'file:storage/development.sqlite3' })
 */
export async function push(options: PushOptions): Promise<PushResult> {
  const target = resolveTarget(options)
  const generated = await generate({ root: options.root, schemaPath: options.schemaPath })
  if (!options.force && isPushed(target)) return { changed: false, steps: 0, warnings: [], generated }
  const schema = schemaContainer(target)
  const extras = extrasOf(target)
  await prepare(target, extras)
  const { executedSteps, warnings } = await withEngine(target, async (engine) => {
    const force = options.acceptDataLoss ?? false
    const answer = await engine.schemaPush({ force, schema, filters: EVERYTHING })
    if (answer.unexecutable.length > 0) throw new SchemaUnexecutable({ steps: answer.unexecutable })
    if (answer.warnings.length > 0 && !force) throw new SchemaDataLoss({ warnings: answer.warnings })
    return answer
  })
  if (extras.after !== '') await runScript(target, extras.after)
  rememberPush(target)
  return { changed: executedSteps > 0, steps: executedSteps, warnings, generated }
}

/** Makes what the tables need before they are made. On SQLite the engine can't read partial indexes and those over expressions: they are made anew after. */
async function prepare(target: ResolvedTarget, { before }: SchemaExtras): Promise<void> {
  dropSpecialIndexes(target)
  if (before === '') return
  await createDatabase(target.location)
  await runScript(target, before)
}
