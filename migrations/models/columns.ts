import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RubySource } from '../ruby/index.ts'
import {
  arrayOf,
  bigNumber,
  boolean,
  bytes,
  type ColumnTypes,
  date,
  decimal,
  hash,
  number,
  type Tables,
  text,
  time,
  unknown,
  wholeNumber,
  type ValueType,
} from '../ruby/translate/index.ts'
import { readStructure } from '../schema/read_structure.ts'
import { columnsOf } from '../schema/build_models.ts'
import { primaryKeyOf } from '../schema/schema_port.ts'
import { type Column, type DatabaseStructure, isRequired } from '../schema/structure.ts'
import { readModels } from './read_models.ts'
import type { PortedSchema } from './schema_relations.ts'
import { readDump } from './structure_columns.ts'
import { ModelTables } from './tables_of_models.ts'

/** Types of columns as `db/schema.rb` calls them, and as databases do. */
const kinds: Readonly<Record<string, ValueType>> = {
  ...ofKind(text, 'string text uuid citext inet character varchar char cidr macaddr tinytext mediumtext longtext'),
  ...ofKind({ ...text, isEnum: true }, 'enum'),
  ...ofKind(number, 'float double real'),
  ...ofKind(decimal, 'decimal numeric'),
  ...ofKind(bigNumber, 'bigint'),
  ...ofKind(wholeNumber, 'integer smallint int tinyint mediumint'),
  ...ofKind(boolean, 'boolean'),
  ...ofKind(bytes, 'binary bytea blob tinyblob mediumblob longblob varbinary'),
  ...ofKind(time, 'datetime timestamp timestamptz'),
  ...ofKind(date, 'date'),
  ...ofKind({ ...hash, isJson: true }, 'json jsonb hstore'),
}

function ofKind(type: ValueType, names: string): Record<string, ValueType> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]))
}

/** The columns of a class by its name, as `db/schema.rb` or `db/structure.sql` says; none when there is neither.
 *
 * @param numbers the columns that are no `bigint` in the ported schema, by table
 */
export function columnTypes(root: string, numbers: PortedSchema['numbers']): Tables {
  const structure = structureAt(join(root, 'db/schema.rb'))
  const byTable = structure ? fromSchema(structure, numbers) : fromDump(join(root, 'db/structure.sql'))
  if (!byTable) return { columnsOf: () => undefined, tableOf: () => undefined }
  const tables = new ModelTables(readModels(root), new Set(byTable.keys()))
  const keys = new Map(structure?.tables.map((table) => [table.name, primaryKeyOf(table)]))
  return {
    columnsOf: (model) => byTable.get(tables.tableOf(model) ?? ''),
    tableOf: (model) => tables.tableOf(model),
    keyOf: (table) => keys.get(table),
  }
}

function structureAt(path: string): DatabaseStructure | undefined {
  return existsSync(path) ? readStructure(new RubySource('db/schema.rb', readFileSync(path, 'utf8'))) : undefined
}

function fromSchema(structure: DatabaseStructure, numbers: PortedSchema['numbers']): Map<string, ColumnTypes> {
  return new Map(
    structure.tables.map((table) => [
      table.name,
      new Map(columnsOf(table).map((column) => [column.name, ported(columnType(column), numbers.get(table.name)?.has(column.name))])),
    ]),
  )
}

/** A column as the ported schema has it. */
function ported({ isBig, ...type }: ValueType, isNumber = false): ValueType {
  if (!isBig) return type
  return isNumber ? { ...type, isWhole: true } : { ...type, isBig }
}

function columnType(column: Column): ValueType {
  return typeOf(column.type, Boolean(column.options.get('array')), isRequired(column))
}

function fromDump(path: string): Map<string, ColumnTypes> | undefined {
  if (!existsSync(path)) return undefined
  const tables = readDump(readFileSync(path, 'utf8'))
  return new Map(
    [...tables].map(([name, columns]) => [
      name,
      new Map(columns.map((column) => [column.name, typeOf(column.type, column.isArray, column.isRequired)])),
    ]),
  )
}

/** A list is never null: where Rails has none, Prisma has an empty one. */
function typeOf(name: string, isArray: boolean, isRequired: boolean): ValueType {
  const type = kinds[name] ?? unknown
  if (isArray) return arrayOf(type)
  return isRequired ? type : { ...type, isNullable: true }
}
