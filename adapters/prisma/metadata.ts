import { existsSync, readFileSync } from 'node:fs'
import type { SchemaMetadata } from '../../src/model/index.ts'
import { readStamp, schemaStamp } from './generate/stamp.ts'
import { type DatabaseLayout, layoutOf } from './layout.ts'
import { generate } from './schema_tasks.ts'

/** What the models of an application need to know of its schema, from `db/generated/metadata.json`. Generated first when it is missing or
 * older than the schema; nothing is written otherwise, so that a deployed application may be on a file system that can't be written to,
 * and may leave its `schema.prisma` at home.
 *
 * @param root the application's folder
 * @throws SchemaMissing, SchemaInvalid
 */
export async function loadMetadata(root: string, schemaPath?: string): Promise<SchemaMetadata> {
  const layout = layoutOf(root, schemaPath)
  if (!isCurrent(layout)) await generate({ root, schemaPath })
  return JSON.parse(readFileSync(layout.metadata, 'utf8')) as SchemaMetadata
}

function isCurrent(layout: DatabaseLayout): boolean {
  if (!existsSync(layout.metadata)) return false
  return !existsSync(layout.schema) || readStamp(layout).schema === schemaStamp(readFileSync(layout.schema, 'utf8'))
}
