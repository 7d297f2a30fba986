import { argumentOf, attributeNamed, namesIn, plainValue, type SchemaBlock, schemaBlocks, type SchemaField } from './schema_text.ts'

/** The schema as the database shall be told of it. Two comments say where that differs from what models are told:
 *
 * - `/// @noForeignKey` above a relation: there is a relation, and no foreign key that Prisma looks after;
 * - `/// @column(Int @db.SmallInt)` above a field: the column's own type, where the field's follows the key it points at.
 *
 * Lines keep their numbers, so that what Prisma says of them holds for the file.
 */
export function engineSchema(text: string): string {
  if (!/@noForeignKey|@column\(/.test(text)) return text
  const lines = text.split('\n')
  const models = schemaBlocks(text).filter(({ kind }) => kind === 'model')
  for (const model of models) {
    for (const field of model.fields) {
      const type = /(?:^|\s)@column\((\w+)((?: @db\.\w+(?:\([^)]*\))?)?)\)/.exec(field.documentation)
      if (type) lines[field.line] = withType(lines[field.line]!, type[1]!, type[2]!)
      if (!/(?:^|\s)@noForeignKey(?:\s|$)/.test(field.documentation)) continue
      lines[field.line] = ''
      const back = backOf(field, model, models)
      if (back !== undefined) lines[back.line] = ''
    }
  }
  return lines.join('\n')
}

function withType(line: string, type: string, native: string): string {
  const plain = line.replace(/ @db\.\w+(?:\([^)]*\))?/, '')
  return plain.replace(/^(\s*\w+\s+)\w+(\?|\[\])?/, (_, head: string, mark = '') => `${head}${type}${mark}${native}`)
}

/** The other end of a relation. */
function backOf(field: SchemaField, model: SchemaBlock, models: readonly SchemaBlock[]): SchemaField | undefined {
  const parent = models.find(({ name }) => name === field.type)
  return parent?.fields.find((other) => other !== field && other.type === model.name && isFar(other) && nameOf(other) === nameOf(field))
}

function isFar(field: SchemaField): boolean {
  return namesIn(argumentOf(attributeNamed(field, '@relation'), 'fields')).length === 0
}

function nameOf(field: SchemaField): string | undefined {
  const relation = attributeNamed(field, '@relation')
  return plainValue(argumentOf(relation) ?? argumentOf(relation, 'name'))
}
