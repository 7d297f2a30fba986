import { rmSync } from 'node:fs'
import { migrationNames } from './migration_files.ts'
import { migrate } from './migrate.ts'
import { type PushResult, push } from './push.ts'
import { EVERYTHING, withEngine } from './engine.ts'
import { withSchemaLock } from './lock.ts'
import { resolveTarget, type SchemaTarget } from './target.ts'

/** What `reset` did after everything was gone. */
export type ResetResult = { readonly applied: readonly string[] } | { readonly pushed: PushResult }

/** Throws all data and tables away and makes them anew: by the migrations when there are any, else by a push. The caller asks for permission.
 *
 * @throws SchemaLocked while another process changes the schema
 */
export async function reset(options: SchemaTarget): Promise<ResetResult> {
  const target = resolveTarget(options)
  const { location } = target
  if (location.dialect === 'sqlite') {
    await withSchemaLock(location, async () => {
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(location.file + suffix, { force: true })
    })
  } else {
    await withEngine(target, (engine) => engine.reset({ filter: EVERYTHING }))
  }
  if (migrationNames(target.layout.migrations).length > 0) return migrate.apply(options)
  return { pushed: await push(options) }
}
