import type { SchemaPort } from './schema_port.ts'
import { type Column, numberOption, type Table, textOption } from './structure.ts'

const sqlTypes: Record<string, string> = {
  string: 'character varying',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  float: 'double precision',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp(6) without time zone',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  tsvector: 'tsvector',
}

/** A column that the database computes: Prisma makes it an ordinary one, so SQL puts the computed one in its place, once. */
export function addGeneratedColumn(column: Column, table: Table, port: SchemaPort): void {
  const expression = textOption(column.options, 'as') ?? ''
  const stored = column.options.get('stored') === false ? 'VIRTUAL' : 'STORED'
  const name = port.quote(column.name)
  const change = `ALTER TABLE ${port.quote(table.name)} DROP COLUMN ${name}, ADD COLUMN ${name} ${sqlType(column)} GENERATED ALWAYS AS (${expression}) ${stored};`
  const sql = port.provider === 'postgresql' ? unlessComputed(column, table, port, change) : change
  port.addSql(column.line, `${table.name}.${column.name} virtual`, sql, 'a column that the database computes')
}

function sqlType({ options }: Column): string {
  const type = textOption(options, 'type') ?? 'string'
  const [limit, precision, scale] = ['limit', 'precision', 'scale'].map((name) => numberOption(options, name))
  if ((type === 'decimal' || type === 'numeric') && precision !== undefined) return `numeric(${precision},${scale ?? 0})`
  if (type === 'datetime' && options.has('precision'))
    return `timestamp${precision === undefined ? '' : `(${precision})`} without time zone`
  return `${sqlTypes[type] ?? type}${limit === undefined ? '' : `(${limit})`}`
}

function unlessComputed(column: Column, table: Table, port: SchemaPort, change: string): string {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  const found = `SELECT FROM pg_attribute WHERE attrelid = ${text(port.quote(table.name))}::regclass AND attname = ${text(column.name)} AND attgenerated <> ''`
  return `DO $do$ BEGIN\n  IF NOT EXISTS (${found}) THEN\n    ${change}\n  END IF;\nEND $do$;`
}
