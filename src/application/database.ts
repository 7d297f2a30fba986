import { checkModels, type Database, type SchemaMetadata, useDatabase } from '../model/index.ts'
import { classify } from '../naming/index.ts'
import { openApplicationDatabase } from './adapters.ts'
import type { Configuration } from './configuration.ts'
import type { LoadedApplication } from './load_application.ts'

/** Opens the database and binds the models to it.
 *
 * @returns nothing for an application without a schema
 * @throws DatabaseMissing, DatabaseReadOnly and their kin; UnknownModel, UnknownAssociation, UnknownColumn with a suggestion
 */
export async function openModels(
  config: Configuration,
  loaded: LoadedApplication,
): Promise<{ database: Database | undefined; metadata: SchemaMetadata | undefined }> {
  const opened = await openApplicationDatabase(config)
  if (opened === undefined) return { database: undefined, metadata: undefined }
  useDatabase(opened.database, opened.metadata, loaded.models)
  checkModels(loaded.models, opened.metadata)
  config.controller.attributesToWrap ??= attributesByName(opened.metadata)
  return opened
}

/** For wrapped parameters: the columns of the model that a controller's name stands for, as `attribute_names` gives them in Rails. */
function attributesByName(metadata: SchemaMetadata): (name: string) => readonly string[] | undefined {
  const columns = new Map(
    metadata.models.map(({ name, fields }) => [name, fields.filter(({ kind }) => kind !== 'relation').map((field) => field.name)]),
  )
  return (name) => columns.get(classify(name))
}
