import { readFileSync } from 'node:fs'
import type { SchemaMetadata } from '../../../src/model/index.ts'
import { layoutOf } from '../layout.ts'
import { replaceFolder, writeAtomically } from './atomic.ts'
import { writeClient } from './client.ts'
import { dataModelOf } from './data_model.ts'
import { modelClasses, modelFiles, registerModule } from './register.ts'
import { schemaMetadata } from './schema_metadata.ts'
import { readSchema } from './schema_file.ts'
import { isComplete, readStamp, stampFile, stampFor } from './stamp.ts'

/** What to generate from. */
export interface GenerateOptions {
  /** The application's folder. */
  root: string
  schemaPath?: string | undefined
  /** Generate even when nothing has changed. */
  force?: boolean | undefined
}

/** What was written; both false when everything was up to date. */
export interface Generated {
  /** The client, its types and `metadata.json`. */
  readonly client: boolean
  /** `register.ts`. */
  readonly register: boolean
}

/** Writes `db/generated`: Prisma's client with its types, the metadata that models read at boot, and the registration of the application's
 * classes. Does nothing when neither the schema nor the files under `app/models` have changed.
 *
 * @throws SchemaMissing, SchemaInvalid; what was generated before then stays
 * @example await generate({ root: process.cwd() })
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const layout = layoutOf(options.root, options.schemaPath)
  const schema = readSchema(layout.schema)
  const files = modelFiles(layout.root)
  const stamp = stampFor(layout, schema.text, files)
  const before = options.force || !isComplete(layout) ? {} : readStamp(layout)
  const isSchemaOld = before.schema !== stamp.schema
  if (!isSchemaOld && before.models === stamp.models) return { client: false, register: false }
  if (isSchemaOld) {
    const document = dataModelOf(schema)
    await replaceFolder(layout.client, (folder) => writeClient(schema, document, folder))
    writeAtomically(layout.metadata, `${JSON.stringify(schemaMetadata(document, schema.provider, schema.text), null, 1)}\n`)
  }
  const metadata = JSON.parse(readFileSync(layout.metadata, 'utf8')) as SchemaMetadata
  writeAtomically(layout.register, registerModule(modelClasses(files, metadata, layout.interface === undefined), layout))
  writeAtomically(stampFile(layout), `${JSON.stringify(stamp)}\n`)
  return { client: isSchemaOld, register: true }
}
