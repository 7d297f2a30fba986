import type * as DMMF from '@prisma/dmmf'
import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'
import { SchemaInvalid } from '../errors.ts'
import { type SchemaFile, shown } from './schema_file.ts'

type DataModelOrError = DMMF.Document | { reason: string; error: Error }

/** Prisma's own description of a schema. Loads a parser of four megabytes, so only when the schema has changed.
 *
 * @throws SchemaInvalid with Prisma's explanation and the line
 */
export function dataModelOf(schema: SchemaFile): DMMF.Document {
  // Its build for ECMAScript modules lacks a file extension in an import, so CommonJS it is, here and for the generator.
  const { getInternalDMMF } = createRequire(import.meta.url)('@prisma/get-dmmf') as {
    getInternalDMMF(options: { datamodel: [string, string][] }): DataModelOrError
  }
  const document = getInternalDMMF({ datamodel: [[shown(schema.path), schema.text]] })
  if ('error' in document) throw new SchemaInvalid({ path: shown(schema.path), reason: explanation(document.error) })
  return document
}

/** Prisma wraps its explanation in JSON and colours it. */
function explanation(error: Error): string {
  try {
    const { message } = JSON.parse(error.message) as { message: string }
    return stripVTControlCharacters(message).trim()
  } catch {
    return error.message
  }
}
