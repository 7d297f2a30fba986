import { RubyHash, RubyLambda, RubySymbol, type RubyValue, textOf } from '../ruby/index.ts'
import { columnDefault } from './column_defaults.ts'
import { type ColumnType, columnType } from './column_types.ts'
import { addConstraints, addIndexes } from './indexes.ts'
import { lineBreak, type PrismaField, type PrismaModel, prismaString } from './prisma.ts'
import { enumValueName, fieldName, primaryKeyOf, type SchemaPort } from './schema_port.ts'
import { type Column, isRequired, type Table, textOption } from './structure.ts'
import { addGeneratedColumn } from './generated_columns.ts'

/** Builds the model of a table: its columns, key and indexes. Relations come later, when all models are there. */
export function buildModel(table: Table, port: SchemaPort): PrismaModel {
  const name = port.modelName(table.name)!
  const key = primaryKeyOf(table)
  const comment = textOption(table.options, 'comment')
  const model: PrismaModel = {
    name,
    table: table.name,
    documentation: comment === undefined ? [] : comment.split(lineBreak),
    fields: [],
    relations: [],
    attributes: [],
  }
  for (const column of columnsOf(table)) model.fields.push(buildField(column, table, key, port))
  if (key.length > 1) model.attributes.push(`@@id([${key.map((column) => fieldName({ name: column })).join(', ')}])`)
  addIndexes(table, model, port)
  if (key.length === 0) addMissingKey(table, model, port)
  addConstraints(table, port)
  if (name !== table.name) model.attributes.push(`@@map(${prismaString(table.name)})`)
  port.report(table.line, `create_table ${table.name}`, 'ported')
  return model
}

/** The columns of a table with the key column that Rails doesn't write out. */
export function columnsOf(table: Table): Column[] {
  const [key, ...more] = primaryKeyOf(table)
  if (key === undefined || more.length > 0 || table.columns.some(({ name }) => name === key)) return table.columns
  const id = table.options.get('id')
  const details = id instanceof RubyHash ? id : table.options
  const type = textOf(id instanceof RubyHash ? id.get('type') : id) ?? 'bigint'
  const options = new RubyHash([...details.pairs.filter(([name]) => keyOptions.has(textOf(name) ?? '')), [new RubySymbol('null'), false]])
  return [{ name: key, type: keyTypes[type] ?? type, options, line: table.line }, ...table.columns]
}

const keyOptions = new Set(['default', 'limit', 'unsigned', 'precision', 'comment'])
const keyTypes: Record<string, string> = { serial: 'integer', bigserial: 'bigint', primary_key: 'bigint' }

/** Prisma's scalar for a column, before the keys it points at are looked at. */
export function scalarOf(column: Column, table: Table, port: SchemaPort): ColumnType {
  const type = columnType(column, port.provider, port.enumNames)
  const followed = port.keyTypes.get(`${table.name}.${column.name}`)
  if (followed !== undefined && followed !== type.type) return { type: followed }
  // SQLite numbers rows in an INTEGER PRIMARY KEY only, which is Prisma's Int.
  const numbered = port.provider === 'sqlite' && type.type === 'BigInt' && primaryKeyOf(table).join() === column.name
  return numbered ? { type: 'Int' } : type
}

function buildField(column: Column, table: Table, key: readonly string[], port: SchemaPort): PrismaField {
  const type = scalarOf(column, table, port)
  const name = fieldName(column)
  const isKey = key.length === 1 && key[0] === column.name
  const attributes: string[] = []
  if (isKey) attributes.push('@id', ...keyDefault(column, type, port))
  else attributes.push(...valueDefault(column, type, table, port))
  if (name !== column.name) {
    attributes.push(`@map(${prismaString(column.name)})`)
    port.report(column.line, `${table.name}.${column.name}`, 'note', `Prisma refuses the name; the field is called ${name}`)
  }
  if (isKey && port.provider === 'mysql' && type.native?.endsWith('Text')) attributes.push('@db.VarChar(191)')
  else if (type.native) attributes.push(type.native)
  if (type.note !== undefined) port.report(column.line, `${table.name}.${column.name} ${column.type}`, 'note', type.note)
  if (column.type === 'virtual') addGeneratedColumn(column, table, port)
  if (type.list && isRequired(column)) requireList(column, table, port)
  const required = isKey || key.includes(column.name) || (isRequired(column) && column.type !== 'virtual')
  const documentation =
    [textOption(column.options, 'comment'), type.documentation, ownType(column, table, type, port)]
      .filter((text) => text !== undefined)
      .join('\n') || undefined
  const mark = type.list ? '[]' : required ? '' : '?'
  return { name, type: `${type.type}${mark}`, attributes, ...(documentation === undefined ? {} : { documentation }) }
}

/** Prisma's lists may be null in the database, where it takes null for an empty one. */
function requireList(column: Column, table: Table, port: SchemaPort): void {
  const sql = `ALTER TABLE ${port.quote(table.name)} ALTER COLUMN ${port.quote(column.name)} SET NOT NULL;`
  port.addSql(column.line, `${table.name}.${column.name} null: false`, sql, "Prisma's language has lists that may be null only")
}

/** The column's own type, where the field's follows the key that it points at. */
function ownType(column: Column, table: Table, type: ColumnType, port: SchemaPort): string | undefined {
  if (port.provider === 'sqlite' || !port.keyTypes.has(`${table.name}.${column.name}`)) return undefined
  const own = columnType(column, port.provider, port.enumNames)
  return own.type === type.type ? undefined : `@column(${own.type}${own.native ? ` ${own.native}` : ''})`
}

function keyDefault(column: Column, type: ColumnType, port: SchemaPort): string[] {
  const given: RubyValue | undefined = column.options.get('default')
  if (['Int', 'BigInt'].includes(type.type) && given instanceof RubyLambda) {
    const { attribute } = columnDefault(column, type, port.provider, () => undefined)
    return attribute === undefined ? ['@default(autoincrement())'] : [attribute]
  }
  if (['Int', 'BigInt'].includes(type.type)) {
    const manual = column.options.pairs.some(([name, value]) => textOf(name) === 'default' && value === null)
    return manual ? [] : ['@default(autoincrement())']
  }
  if (column.type !== 'uuid') return []
  if (port.provider !== 'postgresql') return ['@default(uuid())']
  const { attribute } =
    given === undefined
      ? { attribute: '@default(dbgenerated("gen_random_uuid()"))' }
      : columnDefault(column, type, port.provider, () => undefined)
  return attribute === undefined ? [] : [attribute]
}

function valueDefault(column: Column, type: ColumnType, table: Table, port: SchemaPort): string[] {
  const { attribute, problem } = columnDefault(column, type, port.provider, enumValueName)
  if (problem !== undefined) port.report(column.line, `${table.name}.${column.name} default`, 'left', problem)
  return attribute === undefined ? [] : [attribute]
}

/** Prisma wants every row to be told apart. A join table is, by the two it joins; other tables without a key are left out of the client. */
function addMissingKey(table: Table, model: PrismaModel, port: SchemaPort): void {
  const required = new Set(model.fields.filter(({ type }) => !/[?\]]$/.test(type)).map(({ name }) => name))
  const isUnique = model.fields.some(({ name, attributes }) => required.has(name) && attributes.some((text) => text.startsWith('@unique')))
  const together = model.attributes.flatMap((text) => /^@@unique\(\[([^\]]*)\]/.exec(text)?.[1] ?? [])
  if (isUnique || together.some((columns) => columns.split(', ').every((column) => required.has(column)))) return
  const [first, second, ...more] = table.columns
  const joins = first && second && more.length === 0 && [first, second].every((column) => column.name.endsWith('_id') && isRequired(column))
  if (joins) {
    model.attributes.unshift(`@@id([${first.name}, ${second.name}])`)
    port.report(
      table.line,
      `create_table ${table.name}`,
      'note',
      'a join table without a key: its two columns are the key here, so pairs must be unique',
    )
    return
  }
  model.attributes.push('@@ignore')
  port.ignored.add(table.name)
  port.report(
    table.line,
    `create_table ${table.name}`,
    'left',
    "a table without key or unique index: Prisma's client leaves it out (@@ignore)",
  )
}
