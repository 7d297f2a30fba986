import type { Column } from '../attributes/column.ts'
import type { Dialect, SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ConflictTarget } from '../sql/insert_rows.ts'
import { connectionFor } from '../transactions/connection.ts'

/** The unique index that decides what is a duplicate: by its columns, or by its name in the database, where it may be one of expressions or of a part
 * of the rows.
 * @throws InvalidArgument when there is none
 */
export async function uniqueTarget(info: ModelInfo, uniqueBy: UniqueBy): Promise<ConflictTarget> {
  if (typeof uniqueBy === 'object' && 'index' in uniqueBy) return targetInDatabase(info, [uniqueBy.index])
  const names = [uniqueBy].flat()
  return knownTarget(info, names) ?? (await targetInDatabase(info, names))
}

/** How a unique index is named. */
export type UniqueBy = string | readonly string[] | { readonly index: string }

/** By the columns of an index that the schema has. */
function knownTarget({ schema }: ModelInfo, names: readonly string[]): ConflictTarget | undefined {
  const { metadata, primaryKey, byName } = schema
  const indexes = [
    primaryKey.map(({ name }) => name),
    ...metadata.uniques,
    ...metadata.fields.flatMap(({ name, unique }) => (unique ? [[name]] : [])),
  ]
  const columns = names.map((name) => byName.get(name))
  const isIndex = indexes.some((index) => index.length === names.length && columns.every((column) => index.includes(column?.name ?? '')))
  return isIndex ? { columns: columns as Column[] } : undefined
}

/** A unique index as the database has it. */
interface UniqueIndex {
  readonly name: string
  /** Its columns and expressions, as SQL. */
  readonly parts: readonly string[]
  /** The rows that it is about, as SQL; undefined for all. */
  readonly where: string | undefined
}

async function targetInDatabase(info: ModelInfo, names: readonly string[]): Promise<ConflictTarget> {
  const { columns, byName } = info.schema
  const columnOf = (part: string): Column | undefined => columns.find(({ column }) => column === unquoted(part))
  const wanted = names.map((name) => byName.get(name)?.column ?? name)
  const isMeant = ({ name, parts }: UniqueIndex): boolean =>
    names.includes(name) || (parts.length === wanted.length && parts.every((part) => wanted.includes(unquoted(part))))
  const found = (await uniqueIndexes(info)).find(isMeant)
  if (found === undefined) throw new InvalidArgument({ reason: `No unique index found for ${names.join(', ')}` })
  const { parts, where } = found
  return { columns: parts.flatMap((part) => columnOf(part) ?? []), text: { parts: parts.join(', '), where } }
}

function unquoted(part: string): string {
  return /^"((?:[^"]|"")*)"$/.exec(part)?.[1]?.replaceAll('""', '"') ?? part
}

async function uniqueIndexes({ schema }: ModelInfo): Promise<UniqueIndex[]> {
  const connection = connectionFor(schema.binding, null, 'SCHEMA')
  const { dialect } = schema.binding.database
  const { rows } = await connection.query(listing[dialect], [dialect === 'postgres' ? quoted(schema.table) : schema.table])
  return rows.map(readers[dialect])
}

function quoted(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}

const listing: Readonly<Record<Dialect, string>> = {
  sqlite: `select l.name, m.sql, (select json_group_array(name) from pragma_index_info(l.name))
    from pragma_index_list(?) l left join sqlite_master m on m.name = l.name where l."unique" = 1`,
  postgres: `select i.relname, (select json_agg(pg_get_indexdef(x.indexrelid, n, true) order by n) from generate_series(1, x.indnkeyatts) n)::text,
    pg_get_expr(x.indpred, x.indrelid)
    from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = to_regclass($1) and x.indisunique`,
  mysql: `select index_name, json_arrayagg(column_name) from information_schema.statistics
    where table_schema = database() and table_name = ? and non_unique = 0 group by index_name`,
}

const readers: Readonly<Record<Dialect, (row: readonly SqlValue[]) => UniqueIndex>> = {
  sqlite: ([name, sql, columns]) => ({ name: String(name), ...sqliteIndex(sql, JSON.parse(String(columns)) as (string | null)[]) }),
  postgres: ([name, parts, where]) => ({
    name: String(name),
    parts: JSON.parse(String(parts)) as string[],
    where: where === null ? undefined : String(where),
  }),
  mysql: ([name, columns]) => ({
    name: String(name),
    parts: (typeof columns === 'string' ? JSON.parse(columns) : columns) as string[],
    where: undefined,
  }),
}

/** SQLite tells of expressions and of a part of the rows only in the text that made the index; one that a table was made with has none. */
function sqliteIndex(sql: SqlValue | undefined, columns: readonly (string | null)[]): Pick<UniqueIndex, 'parts' | 'where'> {
  const quotedColumns = columns.map((column) => `"${(column ?? '').replaceAll('"', '""')}"`)
  if (typeof sql !== 'string') return { parts: quotedColumns, where: undefined }
  const where = /\)\s*where\b\s*(.+)$/is.exec(sql)?.[1]
  if (!columns.includes(null)) return { parts: quotedColumns, where }
  const listed = /\bon\s+(?:"(?:[^"]|"")*"|\S+?)\s*\((.+)\)$/is.exec(
    sql
      .slice(0, where === undefined ? undefined : -where.length)
      .replace(/\s*where\s*$/i, '')
      .trim(),
  )
  return { parts: [listed?.[1] ?? ''], where }
}
