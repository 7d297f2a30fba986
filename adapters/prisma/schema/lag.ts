import type { Database, SchemaMetadata } from '../../../src/model/index.ts'
import { layoutOf } from '../layout.ts'
import { migrationNames } from './migration_files.ts'

/** What a database lacks of a schema. */
export interface SchemaLag {
  /** `table orders`, `column orders.amount`. */
  readonly missing: readonly string[]
  /** Migrations that have not run, when the database keeps a ledger. */
  readonly pending: readonly string[]
}

const COLUMNS: Record<Database['dialect'], string> = {
  sqlite: `SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table'
    UNION ALL SELECT name, '*' FROM sqlite_master WHERE type = 'view'`,
  postgres: `SELECT relation.relname::text, attribute.attname::text FROM pg_attribute AS attribute JOIN pg_class AS relation ON relation.oid = attribute.attrelid
    WHERE attribute.attnum > 0 AND NOT attribute.attisdropped AND relation.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(relation.oid)
    AND relation.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
  mysql: 'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()',
}

/** Compares a database with a schema by the names of tables and columns, and with the migrations beside it. One or two queries, no engine. */
export async function schemaLag(
  database: Database,
  { metadata, root, schemaPath }: { metadata: SchemaMetadata; root: string; schemaPath?: string | undefined },
): Promise<SchemaLag> {
  const columns = new Map<string, Set<string>>()
  for (const [table, column] of (await database.query(COLUMNS[database.dialect], [])).rows) {
    const known = columns.get(String(table)) ?? new Set()
    columns.set(String(table), known.add(String(column)))
  }
  const names = migrationNames(layoutOf(root, schemaPath).migrations)
  const pending = names.length > 0 && columns.has('_prisma_migrations') ? await pendingOf(database, names) : []
  return { missing: metadata.models.flatMap((model) => missingOf(model, columns)), pending }
}

function missingOf({ table, fields }: SchemaMetadata['models'][number], columns: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const known = columns.get(table)
  if (known === undefined) return [`table ${table}`]
  if (known.has('*')) return [] // a view of SQLite, which may lead nowhere when it is asked for its columns
  return fields.flatMap(({ kind, column }) => (kind === 'relation' || known.has(column) ? [] : [`column ${table}.${column}`]))
}

async function pendingOf(database: Database, names: readonly string[]): Promise<string[]> {
  const sql = 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL'
  const done = new Set((await database.query(sql, [])).rows.map(([name]) => String(name)))
  return names.filter((name) => !done.has(name))
}
