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

/** A column that the database computes: Prisma makes it an ordinary one, so SQL puts the computed one in its place. */
export function addGeneratedColumn(column: Column, table: Table, port: SchemaPort): void {
  const type = textOption(column.options, 'type') ?? 'string'
  const expression = textOption(column.options, 'as') ?? ''
  const length = numberOption(column.options, 'limit')
  const sqlType = `${sqlTypes[type] ?? type}${length === undefined ? '' : `(${length})`}`
  const stored = column.options.get('stored') === false ? 'VIRTUAL' : 'STORED'
  const name = port.quote(column.name)
  const sql = `ALTER TABLE ${port.quote(table.name)} DROP COLUMN ${name}, ADD COLUMN ${name} ${sqlType} GENERATED ALWAYS AS (${expression}) ${stored};`
  port.addSql(column.line, `${table.name}.${column.name} virtual`, sql, 'a column that the database computes')
}
