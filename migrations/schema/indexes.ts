import { createHash } from 'node:crypto'
import { RubyHash, textOf } from '../ruby/index.ts'
import { columnsOf } from './build_models.ts'
import { type ColumnType, columnType } from './column_types.ts'
import { type PrismaModel, prismaString } from './prisma.ts'
import { fieldName, type SchemaPort } from './schema_port.ts'
import { type Index, type Table, type TableConstraint, textOption } from './structure.ts'

/** Adds a table's indexes to its model; those that Prisma can't say go out as SQL. */
export function addIndexes(table: Table, model: PrismaModel, port: SchemaPort): void {
  const unique = table.constraints.filter(({ kind }) => kind === 'unique')
  const asIndexes = unique.map(({ sql, options, line }): Index => ({ columns: sql.split(', '), options, line }))
  for (const index of asIndexes) addAttribute(index, table, model, port, true)
  for (const index of table.indexes) {
    const reason = onlySqlCan(index, table, port)
    if (reason !== undefined) port.addSql(index.line, `index ${indexName(index, table)}`, indexSql(index, table, port), reason)
    // The index goes with the ordinary column that the computed one takes the place of.
    if (reason === undefined && isOverComputed(index, table) && port.provider === 'postgresql')
      port.addSql(index.line, `index ${indexName(index, table)}`, indexSql(index, table, port), 'an index over a computed column')
    if (reason === undefined) addAttribute(index, table, model, port, index.options.get('unique') === true)
  }
}

function isOverComputed({ columns }: Index, table: Table): boolean {
  return columns.some((name) => table.columns.some((column) => column.name === name && column.type === 'virtual'))
}

/** Checks and exclusions are SQL alone. */
export function addConstraints(table: Table, port: SchemaPort): void {
  for (const constraint of table.constraints) {
    if (constraint.kind === 'unique') continue
    const kind =
      constraint.kind === 'check'
        ? `CHECK (${constraint.sql})${constraint.options.get('validate') === false && port.provider === 'postgresql' ? ' NOT VALID' : ''}`
        : `EXCLUDE USING ${textOption(constraint.options, 'using') ?? 'gist'} (${constraint.sql})`
    const sql = `ALTER TABLE ${port.quote(table.name)} ADD CONSTRAINT ${port.quote(constraintName(constraint, table))} ${kind};`
    port.addSql(
      constraint.line,
      `${constraint.kind} constraint of ${table.name}`,
      sql,
      `Prisma has no word for ${constraint.kind} constraints`,
    )
  }
}

function addAttribute(index: Index, table: Table, model: PrismaModel, port: SchemaPort, unique: boolean): void {
  const map = port.mapName(index.line, table.name, indexName(index, table))
  const columns = index.columns.map((column) => `${fieldName({ name: column })}${modifiers(index, column, table, port)}`)
  const type = indexTypes[textOption(index.options, 'using') ?? '']
  const field = model.fields.find(({ name }) => name === columns[0])
  if (
    unique &&
    columns.length === 1 &&
    field &&
    !columns[0]!.includes('(') &&
    !field.attributes.some((attribute) => /^@(unique|id)\b/.test(attribute))
  ) {
    field.attributes.push(map === undefined ? '@unique' : `@unique(${map})`)
    return
  }
  const fulltext = textOption(index.options, 'type') === 'fulltext' && port.provider === 'mysql'
  const kind = unique ? '@@unique' : fulltext ? '@@fulltext' : '@@index'
  const suffix = [map, type !== undefined && port.provider === 'postgresql' ? `type: ${type}` : undefined].filter(
    (part) => part !== undefined,
  )
  model.attributes.push(`${kind}(${[`[${columns.join(', ')}]`, ...suffix].join(', ')})`)
}

const indexTypes: Record<string, string> = { gin: 'Gin', hash: 'Hash', brin: 'Brin' }

/** Why an index can only be said in SQL; undefined when Prisma can say it. */
function onlySqlCan(index: Index, table: Table, port: SchemaPort): string | undefined {
  const { options } = index
  if (index.expression !== undefined) return 'an index over an expression'
  if (options.has('where')) return 'an index over a part of the rows'
  if (options.has('include')) return 'an index that includes other columns'
  if (options.get('nulls_not_distinct')) return 'an index in which nulls are equal'
  if (textOption(options, 'type') === 'spatial' || options.get('spatial')) return 'a spatial index'
  const using = textOption(options, 'using')
  if (port.provider === 'postgresql' && using !== undefined && using !== 'btree' && !Object.hasOwn(indexTypes, using))
    return `an index of type ${using}`
  if (port.provider === 'postgresql' && options.has('opclass') && (using === undefined || using === 'btree'))
    return 'an index with operators of its own'
  if (/nulls/i.test(JSON.stringify(options.get('order') ?? '')) || typeof options.get('order') === 'string')
    return 'an index whose order says where nulls go'
  const typed = index.columns.map((name) => table.columns.find((column) => column.name === name))
  const special = typed.some((column) => column && columnType(column, port.provider, port.enumNames).type.startsWith('Unsupported'))
  if (special) return 'an index over a column that Prisma leaves out'
  const isPlain = (name: string) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    return (
      column !== undefined &&
      !takesGin(columnType(column, port.provider, port.enumNames)) &&
      perColumn(index, 'opclass', name) === undefined
    )
  }
  return port.provider === 'postgresql' && using === 'gin' && index.columns.some(isPlain)
    ? 'an index of type gin over plain values'
    : undefined
}

function takesGin({ type, list }: ColumnType): boolean {
  return list === true || type === 'Json'
}

/** What stands in brackets behind a column: its order, length, operator class. */
function modifiers(index: Index, column: string, table: Table, port: SchemaPort): string {
  const parts: string[] = []
  const operators = perColumn(index, 'opclass', column)
  if (operators !== undefined && port.provider === 'postgresql')
    parts.push(`ops: ${knownOperators[operators] ?? `raw(${prismaString(operators)})`}`)
  const length = perColumn(index, 'length', column) ?? requiredLength(index, column, table, port)
  if (length !== undefined && port.provider === 'mysql') parts.push(`length: ${length}`)
  if (perColumn(index, 'order', column)?.toLowerCase() === 'desc') parts.push('sort: Desc')
  return parts.length === 0 ? '' : `(${parts.join(', ')})`
}

/** Operator classes that Prisma has words for: it takes another for a change of the index. */
const knownOperators: Record<string, string | undefined> = { jsonb_path_ops: 'JsonbPathOps', jsonb_ops: 'JsonbOps', array_ops: 'ArrayOps' }

/** MySQL indexes the beginning of a text only, and wants to be told how much. */
function requiredLength(index: Index, column: string, table: Table, port: SchemaPort): string | undefined {
  const declared = table.columns.find(({ name }) => name === column)
  if (port.provider !== 'mysql' || !declared || textOption(index.options, 'type') === 'fulltext') return undefined
  if (!/^@db\.\w*(Text|Blob)$/.test(columnType(declared, 'mysql', port.enumNames).native ?? '')) return undefined
  port.report(index.line, `index ${indexName(index, table)}`, 'note', `MySQL indexes the first 191 characters of ${column}`)
  return '191'
}

/** An option given for all columns, or for each by name. */
function perColumn(index: Index, option: string, column: string): string | undefined {
  const value = index.options.get(option)
  const own = value instanceof RubyHash ? value.get(column) : value
  return own === undefined || own === null ? undefined : (textOf(own) ?? String(own))
}

/** An index of something that is no table, as SQL: of a materialized view. */
export function addViewIndex(view: string, index: Index, port: SchemaPort): void {
  const table: Table = { name: view, options: new RubyHash([]), columns: [], indexes: [], constraints: [], comments: [], line: index.line }
  port.addSql(index.line, `index ${indexName(index, table)}`, indexSql(index, table, port), 'an index of a view')
}

function indexSql(index: Index, table: Table, port: SchemaPort): string {
  const { options } = index
  const columns = index.columns.map((column) => {
    const order = perColumn(index, 'order', column)
    const operators = port.provider === 'postgresql' ? perColumn(index, 'opclass', column) : undefined
    return [port.quote(column), operators, order?.toUpperCase()].filter(Boolean).join(' ')
  })
  const using = textOption(options, 'using')
  const where = textOption(options, 'where')
  const parts = [
    `CREATE ${options.get('unique') ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${port.quote(indexName(index, table))}`,
    `ON ${port.quote(table.name)}`,
    ...(using !== undefined && using !== 'btree' ? [`USING ${using}`] : []),
    `(${index.expression === undefined ? columns.join(', ') : expressionSql(index.expression, table, port)})`,
    ...(Array.isArray(options.get('include'))
      ? [`INCLUDE (${(options.get('include') as unknown[]).map((name) => port.quote(String(name))).join(', ')})`]
      : []),
    ...(options.get('nulls_not_distinct') ? ['NULLS NOT DISTINCT'] : []),
    ...(where === undefined ? [] : [`WHERE ${where}`]),
  ]
  return `${parts.join(' ')};`
}

/** SQLite takes a quoted name that is no column for a text, as long as it isn't told to be strict; here it is one. */
function expressionSql(expression: string, table: Table, port: SchemaPort): string {
  if (port.provider !== 'sqlite') return expression
  const columns = new Set(columnsOf(table).map(({ name }) => name))
  return expression.replace(/"([^"]*)"/g, (quoted, name: string) => (columns.has(name) ? quoted : `(''||'${name.replaceAll("'", "''")}')`))
}

/** The index's name, or the one Rails gives it. */
function indexName(index: Index, table: Table): string {
  return textOption(index.options, 'name') ?? `index_${table.name}_on_${index.columns.join('_and_')}`
}

function constraintName(constraint: TableConstraint, table: Table): string {
  const given = textOption(constraint.options, 'name')
  if (given !== undefined) return given
  const [prefix, suffix] = constraint.kind === 'check' ? ['chk', 'chk'] : ['excl', 'excl']
  return `${prefix}_rails_${createHash('sha256').update(`${table.name}_${constraint.sql}_${suffix}`).digest('hex').slice(0, 10)}`
}
