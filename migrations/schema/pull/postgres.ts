import type { Column, DatabaseStructure, Table } from '../structure.ts'
import { type CatalogueQuery, emptyPull, grouped, optionsOf, ownTables, sqlExpression, textOrNothing } from './catalogue.ts'
import { addPostgresCode } from './postgres_code.ts'
import { constraintsOf, foreignKeyOf, indexesOf } from './postgres_keys.ts'
import { addPostgresRest } from './postgres_rest.ts'
import { postgresDefault, postgresType } from './postgres_types.ts'

const IN_PATH = `relation.relnamespace = current_schema()::regnamespace`
const ORDINARY = `relation.relkind IN ('r', 'p') AND NOT relation.relispartition`

const TABLES = `SELECT relation.relname::text, obj_description(relation.oid, 'pg_class'), relation.relkind::text
  FROM pg_class AS relation WHERE ${IN_PATH} AND ${ORDINARY} ORDER BY relation.relname`

const COLUMNS = `SELECT relation.relname::text, attribute.attname::text, format_type(attribute.atttypid, attribute.atttypmod), attribute.attnotnull,
  pg_get_expr(value.adbin, value.adrelid), attribute.attgenerated::text, attribute.attidentity::text, col_description(relation.oid, attribute.attnum)
  FROM pg_attribute AS attribute JOIN pg_class AS relation ON relation.oid = attribute.attrelid
  LEFT JOIN pg_attrdef AS value ON value.adrelid = relation.oid AND value.adnum = attribute.attnum
  WHERE ${IN_PATH} AND ${ORDINARY} AND attribute.attnum > 0 AND NOT attribute.attisdropped ORDER BY relation.relname, attribute.attnum`

const KEYS = `SELECT relation.relname::text, attribute.attname::text FROM pg_constraint AS found
  JOIN pg_class AS relation ON relation.oid = found.conrelid CROSS JOIN LATERAL unnest(found.conkey) WITH ORDINALITY AS part (number, place)
  JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum = part.number
  WHERE ${IN_PATH} AND found.contype = 'p' ORDER BY relation.relname, part.place`

const ENUMS = `SELECT type.typname::text, value.enumlabel::text FROM pg_enum AS value JOIN pg_type AS type ON type.oid = value.enumtypid
  WHERE type.typnamespace = current_schema()::regnamespace ORDER BY type.typname, value.enumsortorder`

/** Reads what `db/schema.rb` would say of a PostgreSQL database, and what only `db/structure.sql` would. */
export async function pullPostgres(query: CatalogueQuery): Promise<DatabaseStructure> {
  const structure = emptyPull('postgresql')
  const enums = grouped(await query(ENUMS))
  for (const [name, rows] of enums) structure.enums.push({ name, values: rows.map(([, value]) => String(value)), line: 0 })
  const columns = grouped(await query(COLUMNS))
  const keys = grouped(await query(KEYS))
  const names = new Set(enums.keys())
  for (const [name, comment, kind] of await query(TABLES)) {
    const table = String(name)
    if (ownTables.has(table)) continue
    structure.tables.push(tableOf(table, textOrNothing(comment), columns.get(table) ?? [], keys.get(table) ?? [], names))
    if (kind === 'p')
      structure.unknown.push({
        ruby: `${table} is partitioned`,
        line: 0,
        reason: 'Prisma knows no partitions; the table is an ordinary one',
      })
  }
  const byName = new Map(structure.tables.map((table) => [table.name, table]))
  for (const { table, index } of await indexesOf(query)) {
    const owner = byName.get(table)
    if (owner) owner.indexes.push(index)
    else if (!ownTables.has(table)) structure.viewIndexes.push({ view: table, index: { ...index, line: 2 } }) // behind the views
  }
  for (const { table, constraint } of await constraintsOf(query)) byName.get(table)?.constraints.push(constraint)
  structure.foreignKeys.push(...(await foreignKeyOf(query)))
  await addPostgresCode(query, structure)
  await addPostgresRest(query, structure)
  return structure
}

function tableOf(
  name: string,
  comment: string | undefined,
  columns: readonly (readonly unknown[])[],
  keys: readonly (readonly unknown[])[],
  enums: ReadonlySet<string>,
): Table {
  const key = keys.map(([, column]) => String(column))
  const options = optionsOf({ id: key.length === 0 ? false : undefined, primary_key: key.length > 1 ? key : key[0], comment })
  return { name, options, columns: columns.map((row) => columnOf(row, key, enums)), indexes: [], constraints: [], comments: [], line: 0 }
}

function columnOf(
  [, name, formatted, required, given, generated, identity, comment]: readonly unknown[],
  key: readonly string[],
  enums: ReadonlySet<string>,
): Column {
  const type = postgresType(String(formatted), enums)
  const isKey = key.length === 1 && key[0] === name
  const sql = textOrNothing(given)
  const counts = identity !== '' ? sqlExpression('nextval(identity)') : undefined
  const value = counts ?? (sql === undefined ? undefined : postgresDefault(sql, type))
  const common = { null: required === true ? false : undefined, comment: textOrNothing(comment) }
  if (generated !== '' && sql !== undefined) {
    return {
      name: String(name),
      type: 'virtual',
      options: optionsOf({ type: type.type, ...type.options, as: sql, stored: true, ...common }),
      line: 0,
    }
  }
  return {
    name: String(name),
    type: type.type,
    options: optionsOf({ ...type.options, default: value ?? (isKey ? null : undefined), ...common }),
    line: 0,
  }
}
