import type { MysqlColumn, MysqlForeignKey, MysqlIndex, MysqlTable } from './tables.ts'

/** One statement of a change, and what it takes away. */
export interface Change {
  readonly sql: string
  /** A table or a column whose values are gone afterwards. */
  readonly drops?: { readonly table: string; readonly column?: string }
  /** A column whose values may not fit its new type. */
  readonly converts?: { readonly table: string; readonly column: string; readonly to: string }
  /** A column that is added, or made to require a value, without a default. */
  readonly requires?: { readonly table: string; readonly column: string; readonly isNew: boolean }
}

/** The statements that make the tables of `from` those of `to`, in an order that MySQL accepts. */
export function changesBetween(from: readonly MysqlTable[], to: readonly MysqlTable[]): Change[] {
  const [before, after] = [byName(from), byName(to)]
  const gone = from.filter(({ name }) => !after.has(name))
  const fresh = to.filter(({ name }) => !before.has(name))
  const kept = to.flatMap((table) => (before.has(table.name) ? [[before.get(table.name)!, table] as const] : []))
  return [
    ...gone.flatMap((table) => table.foreignKeys.map((key) => dropForeignKey(table.name, key))),
    ...kept.flatMap(([old, table]) => missing(old.foreignKeys, table.foreignKeys, sameKey).map((key) => dropForeignKey(table.name, key))),
    ...gone.map(({ name }) => ({ sql: `DROP TABLE ${quoted(name)}`, drops: { table: name } })),
    ...kept.flatMap(([old, table]) =>
      missing(old.indexes, table.indexes, sameIndex)
        .filter((index) => !servesKey(index, table))
        .map((index) => dropIndex(table.name, index)),
    ),
    ...kept.flatMap(([old, table]) => columnChanges(old, table)),
    ...fresh.map((table) => ({ sql: createTable(table) })),
    ...kept.flatMap(([old, table]) =>
      missing(table.indexes, old.indexes, sameIndex).map((index) => ({ sql: createIndex(table.name, index) })),
    ),
    ...fresh.flatMap((table) => table.foreignKeys.map((key) => ({ sql: addForeignKey(table.name, key) }))),
    ...kept.flatMap(([old, table]) =>
      missing(table.foreignKeys, old.foreignKeys, sameKey).map((key) => ({ sql: addForeignKey(table.name, key) })),
    ),
  ]
}

function byName(tables: readonly MysqlTable[]): Map<string, MysqlTable> {
  return new Map(tables.map((table) => [table.name, table]))
}

/** What of `all` has no equal in `others`. */
function missing<T>(all: readonly T[], others: readonly T[], same: (one: T, other: T) => boolean): T[] {
  return all.filter((one) => !others.some((other) => same(one, other)))
}

function sameKey(one: MysqlForeignKey, other: MysqlForeignKey): boolean {
  return JSON.stringify(one, keyOrder) === JSON.stringify(other, keyOrder)
}

const keyOrder = ['name', 'columns', 'table', 'references', 'onDelete', 'onUpdate']

function sameIndex(one: MysqlIndex, other: MysqlIndex): boolean {
  const shape = ({ name, kind, columns }: MysqlIndex) => [
    name,
    kind,
    columns.map((column) => [column.name, column.length ?? 0, column.descending ?? false]),
  ]
  return JSON.stringify(shape(one)) === JSON.stringify(shape(other))
}

/** MySQL makes an index for a foreign key whose columns have none, and keeps it as long as there is no other. */
function servesKey(index: MysqlIndex, table: MysqlTable): boolean {
  const key = table.foreignKeys.find(({ name }) => name === index.name)
  return key !== undefined && index.kind === 'plain' && !table.indexes.some(({ name }) => name === index.name)
}

function columnChanges(old: MysqlTable, table: MysqlTable): Change[] {
  const known = new Map(old.columns.map((column) => [column.name, column]))
  const wanted = new Set(table.columns.map(({ name }) => name))
  const alter = `ALTER TABLE ${quoted(table.name)}`
  const changes: Change[] = []
  const newKey = old.primaryKey.join() !== table.primaryKey.join()
  if (newKey && old.primaryKey.length > 0) changes.push({ sql: `${alter} ${withoutIncrement(old)}DROP PRIMARY KEY` })
  for (const column of table.columns) {
    const before = known.get(column.name)
    if (before === undefined) changes.push({ sql: `${alter} ADD COLUMN ${definition(column)}`, ...requirement(table.name, column, true) })
    else if (!sameColumn(before, column)) changes.push(modification(alter, table.name, before, column))
  }
  for (const { name } of old.columns) {
    if (!wanted.has(name)) changes.push({ sql: `${alter} DROP COLUMN ${quoted(name)}`, drops: { table: table.name, column: name } })
  }
  if (newKey && table.primaryKey.length > 0) changes.push({ sql: `${alter} ADD PRIMARY KEY (${table.primaryKey.map(quoted).join(', ')})` })
  return changes
}

/** A column that counts up must be a key: it stops counting before the key goes. */
function withoutIncrement({ columns }: MysqlTable): string {
  return columns
    .filter(({ increments }) => increments)
    .map((column) => `MODIFY COLUMN ${definition({ ...column, increments: false })}, `)
    .join('')
}

function modification(alter: string, table: string, before: MysqlColumn, column: MysqlColumn): Change {
  return {
    sql: `${alter} MODIFY COLUMN ${definition(column)}`,
    ...(before.type !== column.type && !isWider(before.type, column.type) && { converts: { table, column: column.name, to: column.type } }),
    ...(!before.required && requirement(table, column, false)),
  }
}

function requirement(table: string, column: MysqlColumn, isNew: boolean): Pick<Change, 'requires'> {
  const fills = column.default !== undefined || column.increments || !column.required
  return fills && (isNew || !column.required) ? {} : { requires: { table, column: column.name, isNew } }
}

const widths = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint']
const texts = ['tinytext', 'text', 'mediumtext', 'longtext']

/** Whether every value of one type is one of the other. */
function isWider(from: string, to: string): boolean {
  const [, name, length] = /^(\w+)(?:\((\d+)\))?$/.exec(from) ?? []
  const [, other, otherLength] = /^(\w+)(?:\((\d+)\))?$/.exec(to) ?? []
  if (name === undefined || other === undefined) return false
  if (name === other && /char|binary|time/.test(name)) return Number(length ?? 0) <= Number(otherLength ?? 0)
  if (name === 'varchar' || name === 'char') return texts.includes(other) && other !== 'tinytext'
  const [numbers, letters] = [widths, texts].map((order) => order.includes(name) && order.indexOf(name) <= order.indexOf(other))
  return numbers! || letters!
}

/** Whether two columns are the same, however MySQL writes their defaults. A computed one is the affair of the SQL that made it. */
function sameColumn(one: MysqlColumn, other: MysqlColumn): boolean {
  if (one.computed) return true
  const sameDefault = canonical(one.default) === canonical(other.default)
  return (
    one.type.toLowerCase() === other.type.toLowerCase() &&
    one.required === other.required &&
    one.increments === other.increments &&
    sameDefault
  )
}

function canonical(sql: string | undefined): string | undefined {
  if (sql === undefined) return undefined
  let text = sql.trim()
  while (/^\(.*\)$/s.test(text)) text = text.slice(1, -1)
  if (/^'.*'$/s.test(text)) text = text.slice(1, -1).replaceAll("''", "'").replaceAll('\\\\', '\\')
  else
    text = text
      .toLowerCase()
      .replace(/^now\(/, 'current_timestamp(')
      .replace(/^current_timestamp\(\)$/, 'current_timestamp')
  text = text.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$/, '$1')
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text
}

function definition({ name, type, required, default: given, increments }: MysqlColumn): string {
  const parts = [quoted(name), type, required ? 'NOT NULL' : 'NULL']
  if (given !== undefined) parts.push(`DEFAULT ${given}`)
  if (increments) parts.push('AUTO_INCREMENT')
  return parts.join(' ')
}

function createTable({ name, columns, primaryKey, indexes }: MysqlTable): string {
  const lines = [
    ...columns.map(definition),
    ...indexes.map((index) => `${indexKinds[index.kind]} ${quoted(index.name)} (${indexColumns(index)})`),
    ...(primaryKey.length > 0 ? [`PRIMARY KEY (${primaryKey.map(quoted).join(', ')})`] : []),
  ]
  return `CREATE TABLE ${quoted(name)} (\n  ${lines.join(',\n  ')}\n) DEFAULT CHARACTER SET utf8mb4`
}

const indexKinds = { unique: 'UNIQUE INDEX', fulltext: 'FULLTEXT INDEX', spatial: 'SPATIAL INDEX', plain: 'INDEX' } as const

function createIndex(table: string, index: MysqlIndex): string {
  return `CREATE ${indexKinds[index.kind]} ${quoted(index.name)} ON ${quoted(table)} (${indexColumns(index)})`
}

function indexColumns({ columns }: MysqlIndex): string {
  return columns
    .map(({ name, length, descending }) => `${quoted(name)}${length === undefined ? '' : `(${length})`}${descending ? ' DESC' : ''}`)
    .join(', ')
}

function dropIndex(table: string, { name }: MysqlIndex): Change {
  return { sql: `DROP INDEX ${quoted(name)} ON ${quoted(table)}` }
}

function dropForeignKey(table: string, { name }: MysqlForeignKey): Change {
  return { sql: `ALTER TABLE ${quoted(table)} DROP FOREIGN KEY ${quoted(name)}` }
}

function addForeignKey(table: string, { name, columns, table: parent, references, onDelete, onUpdate }: MysqlForeignKey): string {
  const list = (names: readonly string[]) => names.map(quoted).join(', ')
  return `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${quoted(parent)} (${list(references)}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
