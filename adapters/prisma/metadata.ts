import { readFileSync } from 'node:fs'
import type { SchemaMetadata } from '../../src/model/index.ts'
import { generate } from './generate/index.ts'
import { layoutOf } from './layout.ts'

/** What the models of an application need to know of its schema, from `db/generated/metadata.json`; generated first when it is missing or
 * older than the schema.
 *
 * @param root the application's folder
 * @throws SchemaMissing, SchemaInvalid
 */
export async function loadMetadata(root: string, schemaPath?: string): Promise<SchemaMetadata> {
  await generate({ root, schemaPath })
  return JSON.parse(readFileSync(layoutOf(root, schemaPath).metadata, 'utf8')) as SchemaMetadata
}
