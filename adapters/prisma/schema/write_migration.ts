import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { scriptBetween } from './engine_tasks.ts'
import type { Engine } from './engine.ts'
import { EXTRAS_FILE } from './extras.ts'
import { changesOfExtras } from './extras_changes.ts'
import { nextName, writeMigration } from './migration_files.ts'
import type { ResolvedTarget } from './target.ts'

/** Writes the migration that leads from the ones before to the schema and the SQL beside it, with the script that leads back.
 *
 * @param options.title what it does; becomes a part of its name
 * @param options.warnings what is lost, for the reader of the script
 * @param options.evenEmpty write one to be completed by hand when there is nothing to do
 * @returns undefined when there is nothing to do
 */
export async function writeNextMigration(
  engine: Engine,
  target: ResolvedTarget,
  options: { title: string; evenEmpty?: boolean; warnings?: readonly string[] },
): Promise<{ name: string; script: string } | undefined> {
  const { migrations, schema } = target.layout
  const tables = await scriptBetween(engine, target, 'migrations', 'schema')
  const extras = changesOfExtras(target, tables)
  const warnings = (options.warnings ?? []).map((warning) => `-- Warning: ${warning.replaceAll('\n', ' ')}`)
  const parts = [warnings.join('\n'), ...extras.before, tables.trim(), ...extras.after, ...extras.left.map(byHand)].filter(
    (part) => part !== '',
  )
  if (parts.length === 0 && !options.evenEmpty) return undefined
  const back = [...extras.undo, tables === '' ? '' : (await scriptBetween(engine, target, 'schema', 'migrations')).trim()]
  const script = textOf(parts, '-- Write the migration here.')
  const name = nextName(migrations, options.title)
  const file = path.join(path.dirname(schema), EXTRAS_FILE)
  writeMigration(
    migrations,
    {
      name,
      script,
      down: textOf(
        back.filter((part) => part !== ''),
        '-- Write here what undoes migration.sql, for `regauge db:rollback`.',
      ),
      extras: existsSync(file) ? readFileSync(file, 'utf8') : noExtras(extras),
    },
    target.location.provider,
  )
  return { name, script }
}

function textOf(parts: readonly string[], otherwise: string): string {
  return `${parts.length === 0 ? otherwise : parts.join('\n\n')}\n`
}

/** A statement that was taken out of the file, and that no rule undoes. */
function byHand(statement: string): string {
  return `-- No longer in ${EXTRAS_FILE}; write here what undoes it:\n${statement
    .split('\n')
    .map((line) => `-- ${line}`)
    .join('\n')}`
}

/** When the file is gone, the next migration must not compare with what an earlier one kept. */
function noExtras({ undo, left }: { undo: readonly string[]; left: readonly string[] }): string | undefined {
  return undo.length + left.length > 0 ? '-- Nothing stands beside the schema.\n' : undefined
}
