import type { RubyValue } from '../../ruby/index.ts'
import type { Column, DatabaseStructure, ForeignKey, Index, Table } from '../structure.ts'
import { type CatalogueQuery, emptyPull, grouped, optionsOf, ownTables, sqlExpression, textOrNothing } from './catalogue.ts'
import { enumMembers, mysqlType } from './mysql_types.ts'

const HERE = 'table_schema = database()'
const TABLES = `SELECT table_name, table_comment FROM information_schema.tables WHERE ${HERE} AND table_type = 'BASE TABLE' ORDER BY table_name`
const COLUMNS = `SELECT table_name, column_name, column_type, is_nullable, column_default, extra, coalesce(generation_expression, ''), column_comment
  FROM information_schema.columns WHERE ${HERE} ORDER BY table_name, ordinal_position`
const INDEXES = `SELECT table_name, index_name, non_unique, index_type, column_name, sub_part, collation
  FROM information_schema.statistics WHERE ${HERE} ORDER BY table_name, index_name, seq_in_index`
const FOREIGN_KEYS = `SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule
  FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL ORDER BY k.table_name, k.constraint_name, k.ordinal_position`
const CHECKS = `SELECT t.table_name, c.constraint_name, c.check_clause FROM information_schema.check_constraints c
  JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
  AND t.constraint_type = 'CHECK' WHERE c.constraint_schema = database() ORDER BY t.table_name, c.constraint_name`
const VIEWS = 'SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = database() ORDER BY table_name'
const TRIGGERS = `SELECT trigger_name, action_timing, event_manipulation, event_object_table, action_statement
  FROM information_schema.triggers WHERE trigger_schema = database() ORDER BY trigger_name`

type Rows = readonly (readonly unknown[])[]

/** Reads what `db/schema.rb` would say of a MySQL or MariaDB database, and what only `db/structure.sql` would. */
export async function pullMysql(query: CatalogueQuery): Promise<DatabaseStructure> {
  const structure = emptyPull('mysql')
  const isMariaDb = /mariadb/i.test(String((await query('SELECT version()'))[0]![0]))
  const [columns, indexes, keys] = [grouped(await query(COLUMNS)), grouped(await query(INDEXES)), grouped(await query(FOREIGN_KEYS))]
  const checks = grouped(await query(CHECKS))
  for (const [name, comment] of await query(TABLES)) {
    const table = String(name)
    if (ownTables.has(table)) continue
    const own = { columns: columns.get(table) ?? [], indexes: indexes.get(table) ?? [], checks: checks.get(table) ?? [] }
    const foreignKeys = foreignKeysOf(table, keys.get(table) ?? [])
    structure.foreignKeys.push(...foreignKeys)
    structure.tables.push(tableOf(table, String(comment), own, { foreignKeys, isMariaDb, structure }))
  }
  for (const [name, definition] of await query(VIEWS))
    addCode(structure, `view ${name}`, `CREATE VIEW \`${name}\` AS\n${withoutSchema(String(definition))}`)
  for (const [name, timing, event, table, body] of await query(TRIGGERS))
    addCode(structure, `trigger ${name}`, `CREATE TRIGGER \`${name}\` ${timing} ${event} ON \`${table}\` FOR EACH ROW ${body}`)
  return structure
}

function addCode(structure: DatabaseStructure, construct: string, sql: string): void {
  structure.extras.push({ construct, sql: `${sql.trim().replace(/;$/, '')};`, before: false, ruby: '', line: 1 })
}

/** The catalogue writes each table with its database. */
function withoutSchema(sql: string): string {
  return sql.replace(/`[^`]+`\.(?=`[^`]+`(?:\.`|\s|\)|,|$))/g, (qualifier, at: number) =>
    /\b(?:from|join)\s*\(*$/i.test(sql.slice(0, at)) ? '' : qualifier,
  )
}

interface Context {
  readonly foreignKeys: readonly ForeignKey[]
  readonly isMariaDb: boolean
  readonly structure: DatabaseStructure
}

function tableOf(
  name: string,
  comment: string,
  { columns, indexes, checks }: { columns: Rows; indexes: Rows; checks: Rows },
  context: Context,
): Table {
  const parts = grouped(indexes.map((row) => row.slice(1)))
  const key = (parts.get('PRIMARY') ?? []).map((row) => String(row[3]))
  const json = new Set(checks.map((row) => /^json_valid\(`(.*)`\)$/.exec(String(row[2]))?.[1]))
  const options = optionsOf({
    id: key.length === 0 ? false : undefined,
    primary_key: key.length > 1 ? key : key[0],
    comment: comment || undefined,
  })
  // MySQL makes an index for a foreign key that has none, under the key's name.
  const isOfKey = (index: string) => context.foreignKeys.some(({ options: own }) => own.get('name') === index)
  return {
    name,
    options,
    columns: columns.map((row) => columnOf(row, name, key, json, context)),
    indexes: [...parts].flatMap(([index, rows]) => (index === 'PRIMARY' || isOfKey(index) ? [] : [indexOf(index, rows)])),
    constraints: checks
      .filter(([, , clause]) => !/^json_valid\(`/.test(String(clause)))
      .map(([, check, clause]) => ({ kind: 'check' as const, sql: String(clause), options: optionsOf({ name: String(check) }), line: 0 })),
    comments: [],
    line: 0,
  }
}

function columnOf(
  row: readonly unknown[],
  table: string,
  key: readonly string[],
  json: ReadonlySet<string | undefined>,
  { isMariaDb, structure }: Context,
): Column {
  const [, name, columnType, nullable, given, extra, expression, comment] = row
  const column = String(name)
  const members = enumMembers(String(columnType))
  if (members) structure.enums.push({ name: `${table}_${column}`, values: members, line: 0 })
  const isJson = json.has(column) && String(columnType) === 'longtext'
  const type = members
    ? { type: 'enum', options: { enum_type: `${table}_${column}` } }
    : isJson
      ? { type: 'json', options: {} }
      : mysqlType(String(columnType))
  const common = { null: nullable === 'NO' ? false : undefined, comment: textOrNothing(comment) || undefined }
  if (String(expression) !== '') {
    const stored = !String(extra).includes('VIRTUAL')
    return {
      name: column,
      type: 'virtual',
      options: optionsOf({ type: type.type, ...type.options, as: String(expression), stored, ...common }),
      line: 0,
    }
  }
  const counts = String(extra).includes('auto_increment')
  const value = counts ? undefined : defaultOf(given, String(extra), isMariaDb, type.type)
  const isKey = key.length === 1 && key[0] === column
  return {
    name: column,
    type: type.type,
    options: optionsOf({ ...type.options, default: value ?? (isKey && !counts ? null : undefined), ...common }),
    line: 0,
  }
}

function defaultOf(given: unknown, extra: string, isMariaDb: boolean, type: string): RubyValue | undefined {
  if (given === null || given === undefined || (isMariaDb && given === 'NULL')) return undefined
  const text = String(given)
  const quoted = /^'(.*)'$/s.exec(text)?.[1]
  const isLiteral = isMariaDb
    ? quoted !== undefined || /^-?[\d.]+$/.test(text)
    : !extra.includes('DEFAULT_GENERATED') && !/^current_timestamp/i.test(text)
  if (!isLiteral) return sqlExpression(/^current_timestamp|^\(/i.test(text) ? text : `(${text})`)
  const value = isMariaDb && quoted !== undefined ? quoted.replaceAll("''", "'").replaceAll('\\\\', '\\') : text
  if (type === 'boolean') return value === '1'
  return ['integer', 'bigint', 'float'].includes(type) ? Number(value) : value
}

function indexOf(name: string, rows: Rows): Index {
  const [, nonUnique, kind] = rows[0]!
  const columns = rows.map((row) => String(row[3]))
  const type = { FULLTEXT: 'fulltext', SPATIAL: 'spatial' }[String(kind)]
  const lengths = Object.fromEntries(
    rows.flatMap((row) => (row[4] === null || type !== undefined ? [] : [[String(row[3]), Number(row[4])]])),
  )
  const orders = Object.fromEntries(rows.flatMap((row) => (row[5] === 'D' ? [[String(row[3]), 'desc']] : [])))
  return {
    columns,
    options: optionsOf({
      name,
      unique: Number(nonUnique) === 0 ? true : undefined,
      type,
      length: Object.keys(lengths).length > 0 ? optionsOf(lengths) : undefined,
      order: Object.keys(orders).length > 0 ? optionsOf(orders) : undefined,
    }),
    line: 0,
  }
}

const actions: Record<string, string> = { CASCADE: 'cascade', 'SET NULL': 'nullify', 'SET DEFAULT': 'set_default' }

function foreignKeysOf(from: string, rows: Rows): ForeignKey[] {
  return [...grouped(rows.map((row) => row.slice(1)))].map(([name, own]) => ({
    from,
    to: String(own[0]![2]),
    columns: own.map((row) => String(row[1])),
    primaryKey: own.map((row) => String(row[3])),
    options: optionsOf({ name, on_delete: actions[String(own[0]![4])], on_update: actions[String(own[0]![5])] }),
    line: 0,
  }))
}
