import type { RubyValue } from '../../ruby/index.ts'
import type { Column, DatabaseStructure, ForeignKey, Index, Table, TableConstraint } from '../structure.ts'
import { type CatalogueQuery, emptyPull, grouped, optionsOf, ownTables, sqlExpression } from './catalogue.ts'
import type { RailsType } from './postgres_types.ts'

const MASTER = `SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
  AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid`

/** Reads what `db/schema.rb` would say of a SQLite database. */
export async function pullSqlite(query: CatalogueQuery): Promise<DatabaseStructure> {
  const structure = emptyPull('sqlite')
  const all = grouped(await query(MASTER))
  const tables = (all.get('table') ?? []).filter(([, name]) => !ownTables.has(String(name)))
  const isVirtual = (sql: unknown) => /^\s*CREATE\s+VIRTUAL\b/i.test(String(sql))
  for (const [, name, , sql] of tables) {
    const table = String(name)
    if (isVirtual(sql)) addCode(structure, `virtual table ${table}`, String(sql))
    else {
      structure.tables.push(
        await readTable(
          query,
          table,
          String(sql),
          (all.get('index') ?? []).filter(([, , owner]) => owner === table),
        ),
      )
      structure.foreignKeys.push(...(await readForeignKeys(query, table)))
    }
  }
  for (const kind of ['view', 'trigger']) {
    for (const [, name, , sql] of all.get(kind) ?? []) addCode(structure, `${kind} ${name}`, String(sql))
  }
  return structure
}

/** Statements that may run again, as those of the porter are. */
function addCode(structure: DatabaseStructure, construct: string, sql: string): void {
  const repeatable = sql
    .trim()
    .replace(/^CREATE\s+VIRTUAL\s+TABLE\s+(?!IF)/i, 'CREATE VIRTUAL TABLE IF NOT EXISTS ')
    .replace(/^CREATE\s+(VIEW|TRIGGER)\s+/i, 'CREATE $1 ')
  structure.extras.push({ construct, sql: `${repeatable.replace(/;$/, '')};`, before: false, ruby: '', line: 1 })
}

async function readTable(query: CatalogueQuery, name: string, sql: string, indexes: readonly (readonly unknown[])[]): Promise<Table> {
  const rows = await query(`SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(${text(name)})`)
  const key = rows
    .filter(([, , , , place]) => Number(place) > 0)
    .sort((left, right) => Number(left[4]) - Number(right[4]))
    .map(([column]) => String(column))
  const read: Index[] = []
  for (const [, index, , statement] of indexes) read.push(await readIndex(query, String(index), String(statement)))
  return {
    name,
    options: optionsOf({ id: key.length === 0 ? false : undefined, primary_key: key.length > 1 ? key : key[0] }),
    columns: rows.map((row) => columnOf(row, key, sql)),
    indexes: read,
    constraints: checksOf(sql),
    comments: [],
    line: 0,
  }
}

function columnOf([name, declared, required, given, , hidden]: readonly unknown[], key: readonly string[], sql: string): Column {
  const type = typeOf(String(declared))
  const isKey = key.length === 1 && key[0] === name
  const counts = isKey && /^integer$/i.test(String(declared))
  const common = { null: Number(required) === 1 ? false : undefined }
  if (Number(hidden) > 1) {
    const expression = balanced(sql, new RegExp(`["\`]?${String(name)}["\`]?\\s[^,]*?\\bAS\\s*\\(`, 'i')) ?? ''
    return {
      name: String(name),
      type: 'virtual',
      options: optionsOf({ type: type.type, ...type.options, as: expression, stored: Number(hidden) === 3, ...common }),
      line: 0,
    }
  }
  const value = given === null ? undefined : defaultOf(String(given), type.type)
  return {
    name: String(name),
    type: type.type,
    options: optionsOf({ ...type.options, default: value ?? (isKey && !counts ? null : undefined), ...common }),
    line: 0,
  }
}

/** Rails' types by the names that Rails, Prisma and people give them. */
const types: Record<string, string> = {
  varchar: 'string',
  nvarchar: 'string',
  character: 'string',
  char: 'string',
  text: 'text',
  clob: 'text',
  uuid: 'uuid',
  int: 'integer',
  integer: 'integer',
  smallint: 'integer',
  tinyint: 'integer',
  mediumint: 'integer',
  bigint: 'bigint',
  real: 'float',
  float: 'float',
  double: 'float',
  'double precision': 'float',
  decimal: 'decimal',
  numeric: 'decimal',
  bool: 'boolean',
  boolean: 'boolean',
  datetime: 'datetime',
  timestamp: 'datetime',
  date: 'date',
  time: 'time',
  json: 'json',
  jsonb: 'json',
  blob: 'binary',
  '': 'binary',
}

function typeOf(declared: string): RailsType {
  const name = declared.toLowerCase().replace(/\(.*$/, '').trim()
  const [first, second] = (/\(([\d, ]+)\)/.exec(declared)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  const type = Object.hasOwn(types, name) ? types[name]! : declared
  if (type === 'decimal') return { type, options: { precision: first, scale: second === 0 ? undefined : second } }
  return { type, options: type === 'string' ? { limit: first } : {} }
}

function defaultOf(sql: string, type: string): RubyValue | undefined {
  if (/^null$/i.test(sql)) return undefined
  // Rails takes the name from other databases; SQLite has no such function.
  if (/^\(?now\(\)\)?$/i.test(sql)) return sqlExpression('CURRENT_TIMESTAMP')
  const quoted = /^(?:'((?:[^']|'')*)'|"([^"]*)")$/.exec(sql)
  const value = quoted ? (quoted[1]?.replaceAll("''", "'") ?? quoted[2]!) : sql
  if (type === 'boolean' && /^(?:0|1|true|false|t|f)$/i.test(value)) return /^(?:1|t)/i.test(value)
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return ['integer', 'bigint', 'float'].includes(type) ? Number(value) : value
  return quoted ? value : sqlExpression(/^current_timestamp$/i.test(sql) || sql.startsWith('(') ? sql : `(${sql})`)
}

async function readIndex(query: CatalogueQuery, name: string, sql: string): Promise<Index> {
  const rows = await query(`SELECT cid, name, "desc" FROM pragma_index_xinfo(${text(name)}) WHERE key = 1 ORDER BY seqno`)
  const columns = rows.map(([, column]) => String(column))
  const list = balanced(sql, /\bON\s+(?:"[^"]+"|\S+?)\s*\(/i) ?? ''
  const options = optionsOf({
    name,
    unique: /^\s*CREATE\s+UNIQUE\b/i.test(sql) ? true : undefined,
    where: /\)\s*WHERE\s+([\s\S]+)$/i.exec(sql)?.[1]?.trim(),
    order: orderOf(rows),
  })
  return rows.some(([id]) => Number(id) === -2) ? { columns: [], expression: list, options, line: 0 } : { columns, options, line: 0 }
}

function orderOf(rows: readonly (readonly unknown[])[]) {
  const descending = rows.filter(([, , isDescending]) => Number(isDescending) === 1).map(([, column]) => [String(column), 'desc'] as const)
  return descending.length > 0 ? optionsOf(Object.fromEntries(descending)) : undefined
}

function checksOf(sql: string): TableConstraint[] {
  return [...sql.matchAll(/\bCONSTRAINT\s+["`]?(\w+)["`]?\s+CHECK\s*\(/gi)].map((match) => ({
    kind: 'check' as const,
    sql: balanced(sql.slice(match.index), /\(/) ?? '',
    options: optionsOf({ name: match[1]! }),
    line: 0,
  }))
}

/** What stands in the brackets that a pattern ends with the first of. */
function balanced(sql: string, opening: RegExp): string | undefined {
  const match = opening.exec(sql)
  if (!match) return undefined
  const start = match.index + match[0].length
  let depth = 1
  for (const token of sql.slice(start).matchAll(/'(?:[^']|'')*'|"[^"]*"|[()]/g)) {
    if (token[0] === '(') depth++
    if (token[0] === ')' && --depth === 0) return sql.slice(start, start + token.index)
  }
  return undefined
}

const actions: Record<string, string> = { CASCADE: 'cascade', 'SET NULL': 'nullify', 'SET DEFAULT': 'set_default', RESTRICT: 'restrict' }

async function readForeignKeys(query: CatalogueQuery, table: string): Promise<ForeignKey[]> {
  const rows = await query(
    `SELECT id, "table", "from", "to", on_delete, on_update FROM pragma_foreign_key_list(${text(table)}) ORDER BY id, seq`,
  )
  return [...grouped(rows).values()].map((own) => ({
    from: table,
    to: String(own[0]![1]),
    columns: own.map((row) => String(row[2])),
    primaryKey: own.flatMap((row) => (row[3] === null ? [] : [String(row[3])])),
    options: optionsOf({ on_delete: actions[String(own[0]![4])], on_update: actions[String(own[0]![5])] }),
    line: 0,
  }))
}

function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`
}
