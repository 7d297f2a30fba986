import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { SqliteConnection } from '../sqlite/index.ts'
import type { ResolvedTarget } from './target.ts'

/** The SQL beside a schema that Prisma's language has no word for. */
export interface SchemaExtras {
  /** What must be there before the tables are: extensions. */
  readonly before: string
  /** What stands on the tables: partial indexes, checks, views, triggers. */
  readonly after: string
}

/** The file beside the schema. */
export const EXTRAS_FILE = 'schema_extras.sql'

const afterTables = '-- To be run when the tables are there:'
const beforeTables = '-- To be run before the tables are there:'

/** Reads `schema_extras.sql` beside the schema; empty texts when there is none. Its statements are such that they may run again. */
export function extrasOf({ layout }: Pick<ResolvedTarget, 'layout'>): SchemaExtras {
  return readExtras(path.join(path.dirname(layout.schema), EXTRAS_FILE))
}

/** Reads such a file wherever it is. */
export function readExtras(file: string): SchemaExtras {
  if (!existsSync(file)) return { before: '', after: '' }
  const text = readFileSync(file, 'utf8')
  const start = text.indexOf(afterTables)
  if (!text.includes(beforeTables)) return { before: '', after: withStatements(text) }
  return { before: withStatements(start < 0 ? text : text.slice(0, start)), after: withStatements(start < 0 ? '' : text.slice(start)) }
}

/** The names of foreign keys and indexes that the SQL beside the schema makes and the schema doesn't name: they aren't the engine's to drop. */
export function madeByExtras(target: Pick<ResolvedTarget, 'layout' | 'schema'>): ReadonlySet<string> {
  const { after } = extrasOf(target)
  const made = after.matchAll(/\b(?:ADD CONSTRAINT "([^"]+)" FOREIGN KEY|CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?"([^"]+)")/g)
  const names = [...made].map(([, key, index]) => key ?? index!)
  return new Set(names.filter((name) => !target.schema.text.includes(JSON.stringify(name))))
}

/** Drops the indexes of an SQLite file that only the SQL beside the schema can have made: partial ones, and those over expressions. */
export function dropSpecialIndexes({ location }: Pick<ResolvedTarget, 'location'>): void {
  if (location.dialect !== 'sqlite' || !existsSync(location.file)) return
  const connection = SqliteConnection.open(location.file, { blockFor: 5_000 })
  try {
    const { rows } = connection.query(specialIndexes, [])
    for (const [name] of rows) connection.run(`DROP INDEX IF EXISTS "${String(name).replaceAll('"', '""')}"`)
  } finally {
    connection.close()
  }
}

const specialIndexes = `SELECT name FROM sqlite_master AS found WHERE type = 'index' AND sql IS NOT NULL AND (
  EXISTS (SELECT 1 FROM pragma_index_xinfo(found.name) WHERE cid = -2) OR
  EXISTS (SELECT 1 FROM pragma_index_list(found.tbl_name) AS listed WHERE listed.name = found.name AND listed.partial = 1))`

/** A script of comments alone is none. */
function withStatements(script: string): string {
  return script.split('\n').some((line) => line.trim() !== '' && !line.startsWith('--')) ? script : ''
}
