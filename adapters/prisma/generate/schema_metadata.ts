import type * as DMMF from '@prisma/dmmf'
import { unsupportedFields } from './unsupported_fields.ts'
import type { FieldMetadata, ModelMetadata, SchemaMetadata } from '../../../src/model/index.ts'

/** What models need to know of a schema, from Prisma's description of it, and from its text for the columns that Prisma's client leaves out.
 * @param text the schema
 */
export function schemaMetadata(document: DMMF.Document, provider: SchemaMetadata['provider'], text: string): SchemaMetadata {
  const { models, enums, indexes } = document.datamodel
  const others = provider === 'postgresql' || provider === 'mysql' ? unsupportedFields(text) : new Map<string, FieldMetadata[]>()
  return {
    provider,
    models: models.map((model) =>
      modelMetadata(
        model,
        indexes.filter((index) => index.model === model.name),
        others.get(model.name) ?? [],
      ),
    ),
    enums: enums.map(({ name, values }) => ({
      name,
      values: values.map((value) => ({ name: value.name, value: value.dbName ?? value.name })),
    })),
  }
}

function modelMetadata(model: DMMF.Model, indexes: readonly DMMF.Index[], others: readonly FieldMetadata[]): ModelMetadata {
  const fieldsOf = (type: string) => indexes.filter((index) => index.type === type).map((index) => index.fields.map((field) => field.name))
  return {
    name: model.name,
    table: model.dbName ?? model.name,
    primaryKey: fieldsOf('id')[0] ?? [],
    uniques: fieldsOf('unique'),
    indexes: fieldsOf('normal'),
    fields: [...model.fields.map(fieldMetadata), ...others],
    ...(model.documentation !== undefined && { documentation: model.documentation }),
  }
}

function fieldMetadata(field: DMMF.Field): FieldMetadata {
  const defaultValue = defaultOf(field.default)
  return {
    name: field.name,
    column: field.dbName ?? field.name,
    kind: field.kind === 'object' ? 'relation' : field.kind === 'enum' ? 'enum' : 'scalar',
    type: field.type,
    list: field.isList,
    required: field.isRequired,
    unique: field.isUnique,
    id: field.isId,
    updatedAt: field.isUpdatedAt ?? false,
    ...(defaultValue && { default: defaultValue }),
    ...(field.nativeType && { nativeType: [field.nativeType[0], [...field.nativeType[1]]] }),
    ...(field.relationName !== undefined && { relation: relationOf(field, field.relationName) }),
    ...(field.documentation !== undefined && { documentation: field.documentation }),
  }
}

function relationOf(field: DMMF.Field, name: string): NonNullable<FieldMetadata['relation']> {
  return {
    name,
    fields: [...(field.relationFromFields ?? [])],
    references: [...(field.relationToFields ?? [])],
    ...(field.relationOnDelete !== undefined && { onDelete: field.relationOnDelete }),
    ...(field.relationOnUpdate !== undefined && { onUpdate: field.relationOnUpdate }),
  }
}

type Default = NonNullable<FieldMetadata['default']>

function defaultOf(value: DMMF.Field['default']): Default | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return { value }
  if (Array.isArray(value)) return { value: [...value] }
  const { name, args } = value as DMMF.FieldDefault
  return { function: name as Extract<Default, { function: string }>['function'], args: [...args] }
}
