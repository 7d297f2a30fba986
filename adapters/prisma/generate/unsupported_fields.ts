import type { FieldMetadata } from '../../../src/model/index.ts'
import { argumentOf, attributeNamed, plainValue, schemaBlocks, type SchemaField } from '../schema/schema_text.ts'

/** The `Unsupported("…")` columns of each model, which Prisma's own description leaves out. */
export function unsupportedFields(text: string): Map<string, FieldMetadata[]> {
  const models = schemaBlocks(text).filter(({ kind }) => kind === 'model')
  return new Map(models.map(({ name, fields }) => [name, fields.filter((field) => field.unsupported !== undefined).map(metadataOf)]))
}

function metadataOf(field: SchemaField): FieldMetadata {
  const [, name = '', args = ''] = /^([^(]*?)\s*(?:\((.*)\))?\s*$/s.exec(field.unsupported!) ?? []
  const fallback = argumentOf(attributeNamed(field, '@default'))
  return {
    name: field.name,
    column: plainValue(argumentOf(attributeNamed(field, '@map'))) ?? field.name,
    kind: 'scalar',
    type: 'Unsupported',
    list: field.mark === '[]',
    required: field.mark === '',
    unique: attributeNamed(field, '@unique') !== undefined,
    id: attributeNamed(field, '@id') !== undefined,
    updatedAt: false,
    ...(fallback !== undefined && { default: { function: 'dbgenerated', args: [] } }),
    nativeType: [name.toLowerCase(), args === '' ? [] : args.split(/\s*,\s*/)],
    ...(field.documentation !== '' && { documentation: field.documentation }),
  }
}
