import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RubySource } from '../ruby/index.ts'
import { boolean, type ColumnTypes, hash, number, text, time, unknown, type ValueType } from '../ruby/translate/index.ts'
import { readStructure } from '../schema/read_structure.ts'
import { columnsOf } from '../schema/build_models.ts'
import { readModels } from './read_models.ts'
import { ModelTables } from './tables_of_models.ts'

const kinds: Readonly<Record<string, ValueType>> = {
  string: text,
  text,
  uuid: text,
  citext: text,
  inet: text,
  enum: text,
  integer: number,
  bigint: number,
  float: number,
  decimal: number,
  boolean,
  datetime: time,
  timestamp: time,
  timestamptz: time,
  date: time,
  json: hash,
  jsonb: hash,
  hstore: hash,
}

/** The columns of a class by its name, as `db/schema.rb` says; none when there is no such file. */
export function columnTypes(root: string): (model: string) => ColumnTypes | undefined {
  const path = join(root, 'db/schema.rb')
  if (!existsSync(path)) return () => undefined
  const structure = readStructure(new RubySource('db/schema.rb', readFileSync(path, 'utf8')))
  const models = readModels(root)
  const tables = new ModelTables(models, new Set(structure.tables.map(({ name }) => name)))
  const byTable = new Map(
    structure.tables.map((table) => [
      table.name,
      new Map(
        columnsOf(table).map(({ name, type, options }) => [
          name,
          options.get('array') ? { kind: 'array' as const } : (kinds[type] ?? unknown),
        ]),
      ),
    ]),
  )
  return (model) => byTable.get(tables.tableOf(model) ?? '')
}
