import type { SchemaSession } from '../session.ts'
import type { MysqlColumn, MysqlForeignKey, MysqlIndex, MysqlTable } from './tables.ts'

const COLUMNS = `SELECT table_name, column_name, column_type, is_nullable, column_default, extra, coalesce(generation_expression, '')
  FROM information_schema.columns WHERE table_schema = database() AND table_name IN (
    SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE')
  ORDER BY table_name, ordinal_position`
const INDEXES = `SELECT table_name, index_name, non_unique, index_type, column_name, sub_part, collation
  FROM information_schema.statistics WHERE table_schema = database() ORDER BY table_name, index_name, seq_in_index`
const FOREIGN_KEYS = `SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule
  FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL ORDER BY k.table_name, k.constraint_name, k.ordinal_position`
/** MariaDB keeps JSON as a text with a check. */
const JSON_CHECKS = `SELECT c.table_name, c.check_clause FROM information_schema.check_constraints c WHERE c.constraint_schema = database() AND c.check_clause LIKE 'json_valid(%'`

type Row = readonly unknown[]

/** The tables that a database has, but for those named.
 *
 * @param except tables that somebody else looks after
 */
export async function tablesOfDatabase({ query }: SchemaSession, except: readonly string[]): Promise<MysqlTable[]> {
  const isMariaDb = /mariadb/i.test(String((await query('SELECT version()'))[0]![0]))
  const columns = byTable(await query(COLUMNS))
  const indexes = byTable(await query(INDEXES))
  const keys = byTable(await query(FOREIGN_KEYS))
  const checks = isMariaDb ? byTable(await query(JSON_CHECKS)) : new Map<string, Row[]>()
  return [...columns]
    .filter(([name]) => !except.includes(name))
    .map(([name, rows]) => {
      const json = new Set((checks.get(name) ?? []).map((row) => /^json_valid\(`(.*)`\)$/.exec(String(row[1]))?.[1]))
      const parts = indexRows(indexes.get(name) ?? [])
      return {
        name,
        columns: rows.map((row) => columnOf(row, json, isMariaDb)),
        primaryKey: (parts.get('PRIMARY') ?? []).map((row) => String(row[4])),
        indexes: [...parts].filter(([index]) => index !== 'PRIMARY').map(([index, own]) => indexOf(index, own)),
        foreignKeys: foreignKeysOf(keys.get(name) ?? []),
      }
    })
}

function byTable(rows: readonly Row[]): Map<string, Row[]> {
  const tables = new Map<string, Row[]>()
  for (const row of rows) tables.set(String(row[0]), [...(tables.get(String(row[0])) ?? []), row])
  return tables
}

function columnOf(
  [, name, type, nullable, given, extra, expression]: Row,
  json: ReadonlySet<string | undefined>,
  isMariaDb: boolean,
): MysqlColumn {
  const written = String(type).toLowerCase()
  const kind =
    json.has(String(name)) && written === 'longtext' ? 'json' : withoutWidth(/^(enum|set)\(/.test(written) ? String(type) : written)
  const isText = !isMariaDb && !String(extra).includes('DEFAULT_GENERATED') && !/^current_timestamp/i.test(String(given))
  const value =
    given === null || (isMariaDb && given === 'NULL') ? undefined : isText ? `'${String(given).replaceAll("'", "''")}'` : String(given)
  return {
    name: String(name),
    type: kind,
    required: nullable === 'NO',
    default: value,
    increments: String(extra).includes('auto_increment'),
    computed: String(expression) !== '',
  }
}

/** `int(11)` and `int` are the same; `tinyint(1)` is how booleans are told. */
function withoutWidth(type: string): string {
  return type === 'tinyint(1)' ? type : type.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, '$1')
}

function indexRows(rows: readonly Row[]): Map<string, Row[]> {
  const indexes = new Map<string, Row[]>()
  for (const row of rows) indexes.set(String(row[1]), [...(indexes.get(String(row[1])) ?? []), row])
  return indexes
}

function indexOf(name: string, rows: readonly Row[]): MysqlIndex {
  const [, , nonUnique, type] = rows[0]!
  const kinds: Record<string, MysqlIndex['kind']> = { FULLTEXT: 'fulltext', SPATIAL: 'spatial' }
  return {
    name,
    kind: kinds[String(type)] ?? (Number(nonUnique) === 0 ? 'unique' : 'plain'),
    columns: rows.map(([, , , , column, length, order]) => ({
      name: String(column),
      ...(length !== null && kinds[String(type)] === undefined && { length: Number(length) }),
      ...(order === 'D' && { descending: true }),
    })),
  }
}

function foreignKeysOf(rows: readonly Row[]): MysqlForeignKey[] {
  const keys = new Map<string, { columns: string[]; references: string[]; table: string; onDelete: string; onUpdate: string }>()
  for (const [, name, column, table, reference, onDelete, onUpdate] of rows) {
    const key = keys.get(String(name)) ?? {
      columns: [],
      references: [],
      table: String(table),
      onDelete: rule(onDelete),
      onUpdate: rule(onUpdate),
    }
    key.columns.push(String(column))
    key.references.push(String(reference))
    keys.set(String(name), key)
  }
  return [...keys].map(([name, key]) => ({ name, ...key }))
}

function rule(name: unknown): string {
  return name === 'NO ACTION' ? 'RESTRICT' : String(name)
}
