import { existsSync } from 'node:fs'
import path from 'node:path'
import { type SchemaExtras, extrasOf, EXTRAS_FILE, readExtras } from './extras.ts'
import { migrationNames } from './migration_files.ts'
import { undoing, unitsOf } from './statements.ts'
import type { ResolvedTarget } from './target.ts'

/** What a migration has to do about the SQL beside the schema. */
export interface ExtrasChanges {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** What leads back, in its order. */
  readonly undo: readonly string[]
  /** Statements that were taken out of the file, and can't be undone by a rule. */
  readonly left: readonly string[]
}

/** Compares the SQL beside the schema with what it was when the last migration was written: each migration keeps a copy.
 *
 * @param script the migration so far; a table that SQLite makes anew in it has lost its special indexes
 */
export function changesOfExtras(target: ResolvedTarget, script: string): ExtrasChanges {
  const now = units(extrasOf(target))
  const then = units(extrasThen(target.layout.migrations))
  const gone = [...then.after, ...then.before].filter((unit) => !now.after.includes(unit) && !now.before.includes(unit))
  const drops = gone.flatMap((unit) => undoing(unit) ?? [])
  const before = now.before.filter((unit) => !then.before.includes(unit))
  const added = now.after.filter((unit) => !then.after.includes(unit))
  const restored = now.after.filter((unit) => !added.includes(unit) && standsOnRemadeTable(unit, script))
  return {
    before,
    after: [...drops, ...added, ...restored],
    undo: [...added.toReversed().flatMap((unit) => undoing(unit) ?? []), ...gone],
    left: gone.filter((unit) => undoing(unit) === undefined),
  }
}

function units({ before, after }: SchemaExtras): { before: string[]; after: string[] } {
  return { before: unitsOf(before), after: unitsOf(after) }
}

function extrasThen(migrations: string): SchemaExtras {
  const last = migrationNames(migrations)
    .toReversed()
    .map((name) => path.join(migrations, name, EXTRAS_FILE))
    .find((file) => existsSync(file))
  return last === undefined ? { before: '', after: '' } : readExtras(last)
}

function standsOnRemadeTable(unit: string, script: string): boolean {
  const table = /^CREATE\s+(?:UNIQUE\s+)?INDEX[\s\S]*?\sON\s+"?(\w+)"?/i.exec(unit)?.[1]
  return table !== undefined && new RegExp(`^ALTER TABLE "new_${table}" RENAME TO "${table}"`, 'm').test(script)
}
