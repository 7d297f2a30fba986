import { existsSync } from 'node:fs'
import { migrationNames } from './migration_files.ts'
import { migrate } from './migrate.ts'
import { type PushResult, push } from './push.ts'
import { createDatabase, dropDatabase, removeFiles } from './create_database.ts'
import { withEngine } from './engine.ts'
import { withSchemaLock } from './lock.ts'
import { type Protection, requireUnprotected } from './protected.ts'
import { resolveTarget, type SchemaTarget } from './target.ts'
import { locate } from '../url.ts'

/** What `reset` did after everything was gone. */
export type ResetResult = { readonly applied: readonly string[] } | { readonly pushed: PushResult }

/** What `reset`, `create` and `drop` take. */
export interface DatabaseOptions extends SchemaTarget {
  protection?: Protection | undefined
}

/** Throws all data and tables away and makes them anew: by the migrations when there are any, else by a push. The caller asks for permission.
 *
 * @throws DatabaseProtected; SchemaLocked while another process changes the schema
 */
export async function reset(options: DatabaseOptions): Promise<ResetResult> {
  const target = resolveTarget(options)
  const { location } = target
  await requireUnprotected(target, options.protection, 'reset the database')
  if (location.dialect === 'sqlite') await withSchemaLock(location, async () => removeFiles(location.file))
  else await withEngine(target, (engine) => engine.reset({ filter: { externalTables: [], externalEnums: [] } }))
  if (migrationNames(target.layout.migrations).length > 0) return migrate.apply(options)
  return { pushed: await push(options) }
}

/** Makes the database, without tables.
 *
 * @returns whether it was missing
 */
export async function create({ root, url }: DatabaseOptions): Promise<{ created: boolean }> {
  return { created: await createDatabase(locate(url, root)) }
}

/** Drops the database. The caller asks for permission.
 *
 * @returns whether there was one
 * @throws DatabaseProtected; SchemaLocked while another process changes the schema; DatabaseError while others are connected to it
 */
export async function drop({ root, url, protection }: DatabaseOptions): Promise<{ dropped: boolean }> {
  const location = locate(url, root)
  await requireUnprotected({ location }, protection, 'drop the database')
  if (location.dialect !== 'sqlite' || !existsSync(location.file)) return { dropped: await dropDatabase(location) }
  return { dropped: await withSchemaLock(location, () => dropDatabase(location)) }
}
