import {
  argumentOf,
  attributeNamed,
  namesIn,
  plainValue,
  type SchemaAttribute,
  type SchemaBlock,
  schemaBlocks,
  type SchemaField,
  type SchemaValue,
} from '../schema_text.ts'
import { columnDefault, columnType } from './column_types.ts'
import type { MysqlForeignKey, MysqlIndex, MysqlTable } from './tables.ts'

/** The tables that a schema asks for. */
export function tablesOfSchema(text: string): MysqlTable[] {
  const blocks = schemaBlocks(text)
  const models = blocks.filter(({ kind }) => kind === 'model')
  const names = new Set(models.map(({ name }) => name))
  return models.map((model) => tableOf(model, blocks, names))
}

function tableOf(model: SchemaBlock, blocks: readonly SchemaBlock[], models: ReadonlySet<string>): MysqlTable {
  const columns = model.fields.filter(({ type }) => !models.has(type))
  const ids = columns.filter((field) => attributeNamed(field, '@id'))
  const together = attributeNamed(model, '@@id')
  const key = together === undefined ? ids.map(({ name }) => name) : namesIn(listIn(together))
  return {
    name: tableName(model),
    columns: columns.map((field) => {
      const type = columnType(field, blocks)
      return {
        name: columnName(field),
        type,
        required: field.mark !== '?',
        default: columnDefault(field, type, blocks),
        increments: plainValue(argumentOf(attributeNamed(field, '@default'))) === 'autoincrement',
        computed: false,
      }
    }),
    primaryKey: key.map((name) => columnNamed(model, name)),
    indexes: [
      ...columns.flatMap((field) => fieldIndex(field, model)),
      ...model.attributes.flatMap((attribute) => modelIndex(attribute, model)),
    ],
    foreignKeys: model.fields.flatMap((field) => foreignKey(field, model, blocks)),
  }
}

function fieldIndex(field: SchemaField, model: SchemaBlock): MysqlIndex[] {
  const unique = attributeNamed(field, '@unique')
  if (!unique) return []
  const column = { name: columnName(field), ...modifiers(unique.args) }
  return [{ name: indexName(unique, model, [column.name], 'key'), kind: 'unique', columns: [column] }]
}

const kinds: Record<string, MysqlIndex['kind']> = { '@@unique': 'unique', '@@index': 'plain', '@@fulltext': 'fulltext' }

function modelIndex(attribute: SchemaAttribute, model: SchemaBlock): MysqlIndex[] {
  const kind = kinds[attribute.name]
  const fields = listIn(attribute)
  if (kind === undefined || fields === undefined || !('list' in fields)) return []
  const columns = fields.list.map((item) => ({
    name: columnNamed(model, plainValue(item) ?? ''),
    ...('args' in item ? modifiers(item.args) : {}),
  }))
  return [
    {
      name: indexName(
        attribute,
        model,
        columns.map(({ name }) => name),
        kind === 'unique' ? 'key' : 'idx',
      ),
      kind,
      columns,
    },
  ]
}

/** The fields of `@@index([a])` or `@@index(fields: [a])`. */
function listIn(attribute: SchemaAttribute): SchemaValue | undefined {
  return argumentOf(attribute) ?? argumentOf(attribute, 'fields')
}

function modifiers(args: SchemaAttribute['args']): { length?: number; descending?: boolean } {
  const named = (name: string) => plainValue(args.find((argument) => argument.name === name)?.value)
  const length = named('length')
  return { ...(length !== undefined && { length: Number(length) }), ...(named('sort') === 'Desc' && { descending: true }) }
}

/** The name given, or the one that Prisma gives. */
function indexName(attribute: SchemaAttribute, model: SchemaBlock, columns: readonly string[], suffix: string): string {
  return plainValue(argumentOf(attribute, 'map')) ?? shortened(`${tableName(model)}_${columns.join('_')}`, suffix)
}

function foreignKey(field: SchemaField, model: SchemaBlock, blocks: readonly SchemaBlock[]): MysqlForeignKey[] {
  const relation = attributeNamed(field, '@relation')
  const own = namesIn(argumentOf(relation, 'fields'))
  const parent = blocks.find(({ name }) => name === field.type)
  if (own.length === 0 || parent === undefined) return []
  const columns = own.map((name) => columnNamed(model, name))
  const action = (option: string) => plainValue(argumentOf(relation, option))
  const fallback = field.mark === '?' ? 'SetNull' : 'Restrict'
  return [
    {
      name: action('map') ?? shortened(`${tableName(model)}_${columns.join('_')}`, 'fkey'),
      columns,
      table: tableName(parent),
      references: namesIn(argumentOf(relation, 'references')).map((name) => columnNamed(parent, name)),
      onDelete: actions[action('onDelete') ?? fallback] ?? 'RESTRICT',
      onUpdate: actions[action('onUpdate') ?? 'Cascade'] ?? 'RESTRICT',
    },
  ]
}

const actions: Record<string, string> = { Cascade: 'CASCADE', SetNull: 'SET NULL', SetDefault: 'SET DEFAULT' }

/** MySQL takes names of 64 characters; Prisma cuts what stands before the suffix. */
function shortened(name: string, suffix: string): string {
  return `${name.slice(0, 64 - suffix.length - 1)}_${suffix}`
}

function tableName(model: SchemaBlock): string {
  return plainValue(argumentOf(attributeNamed(model, '@@map'))) ?? model.name
}

function columnNamed(model: SchemaBlock, name: string): string {
  const field = model.fields.find((candidate) => candidate.name === name)
  return field === undefined ? name : columnName(field)
}

function columnName(field: SchemaField): string {
  return plainValue(argumentOf(attributeNamed(field, '@map'))) ?? field.name
}
