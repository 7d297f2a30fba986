import type { SchemaSession } from '../../adapters/prisma/index.ts'

type Query = SchemaSession['query']

/** What a database says of itself, one sentence a thing, in order: to compare two databases that ought to be the same. */
export async function describeDatabase({ dialect, query }: SchemaSession): Promise<string[]> {
  const lines = await { postgres: describePostgres, mysql: describeMysql, sqlite: describeSqlite }[dialect](query)
  return lines.filter((line) => !/\b(?:schema_migrations|ar_internal_metadata|_prisma_migrations)\b/.test(line)).sort()
}

const postgres: Record<string, string> = {
  column: `SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
    a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
  index: `SELECT pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT x.indisprimary`,
  constraint: `SELECT conrelid::regclass::text, CASE contype WHEN 'p' THEN '' ELSE conname END, replace(replace(pg_get_constraintdef(oid),
    ' ON UPDATE NO ACTION', ''), ' ON DELETE NO ACTION', '') FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
  enum: `SELECT t.typname::text, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY 1`,
  extension: 'SELECT extname::text FROM pg_extension',
}

async function describePostgres(query: Query): Promise<string[]> {
  return described(postgres, query, (line) =>
    line
      .replace(/ ARRAY\[([^\]]*)\](?:::[\w ]+\[\])?$/, (_, items: string) => ` '{${items.replaceAll(', ', ',')}}'`)
      .replace(/'::[\w ]+(?:\[\])?$/, "'")
      .replace(/(\d)\.0$/, '$1'),
  )
}

const mysql: Record<string, string> = {
  column: `SELECT table_name, column_name, column_type, is_nullable, column_default, extra FROM information_schema.columns WHERE table_schema = database()`,
  index: `SELECT table_name, index_name, non_unique, index_type, seq_in_index, column_name, sub_part FROM information_schema.statistics
    WHERE table_schema = database()`,
  'foreign key': `SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema
    AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL`,
  check: 'SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = database()',
}

async function describeMysql(query: Query): Promise<string[]> {
  return described(mysql, query, (line) => line.replaceAll('NO ACTION', 'RESTRICT'))
}

async function describeSqlite(query: Query): Promise<string[]> {
  const lines: string[] = []
  for (const [table] of await query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
    const parts: Record<string, string> = {
      column: `SELECT '${table}', name, type, iif("notnull" OR pk, 'not null', 'null'), pk, dflt_value FROM pragma_table_info('${table}')`,
      'foreign key': `SELECT '${table}', "from", "table", "to", on_delete, on_update FROM pragma_foreign_key_list('${table}')`,
    }
    lines.push(...(await described(parts, query, sqliteWords)))
  }
  const indexes = { index: "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL" }
  return [...lines, ...(await described(indexes, query, (line) => line.replace('IF NOT EXISTS ', '').replace(/["\s]/g, '')))]
}

/** Rails' names of types and Prisma's, where they are the same to SQLite. */
function sqliteWords(line: string): string {
  return line
    .replace(/ (?:varchar|TEXT)(?:\(\d+\))? /i, ' TEXT ')
    .replace(/ (?:integer|bigint) /i, ' INTEGER ')
    .replace(/ (?:datetime(?:\(\d\))?|date|time) /i, ' DATETIME ')
    .replace(/ decimal(?:\([\d, ]+\))? /i, ' DECIMAL ')
    .replace(/ (?:float|REAL) /i, ' REAL ')
    .replace(/ jsonb? /i, ' JSON ')
    .replace(/ (?:boolean|blob) /i, (type) => type.toUpperCase())
    .replace(/ (?:false|0)$/, ' 0')
}

async function described(parts: Readonly<Record<string, string>>, query: Query, normal: (line: string) => string): Promise<string[]> {
  const lines: string[] = []
  for (const [kind, sql] of Object.entries(parts)) {
    for (const row of await query(sql))
      lines.push(normal([kind, ...row.map((value) => (value === null ? '-' : String(value)))].join(' ').trim()))
  }
  return lines
}
