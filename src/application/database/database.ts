import { checkModels, type Database, type NamedDatabase, type SchemaMetadata, useDatabases } from '../../model/index.ts'
import { classify } from '../../naming/index.ts'
import { openApplicationDatabase, openNamedDatabase } from '../adapters.ts'
import type { Configuration } from '../configuration.ts'
import type { LoadedApplication } from '../loading/load_application.ts'
import { tellSchemaLag } from './schema_lag.ts'

/** What boot opens for models. */
interface OpenedModels {
  readonly database: Database | undefined
  readonly metadata: SchemaMetadata | undefined
  /** The databases of `config.database.others`, which end with the application too. */
  readonly otherDatabases: readonly Database[]
}

/** Opens the databases and binds the models to them.
 *
 * @param application whose databases they are: several applications in one process have their own
 * @returns nothing for an application without a schema
 * @throws DatabaseMissing, DatabaseReadOnly and their kin; UnknownDatabase, UnknownModel, UnknownAssociation, UnknownColumn with a suggestion
 */
export async function openModels(config: Configuration, loaded: LoadedApplication, application: object): Promise<OpenedModels> {
  const primary = await openApplicationDatabase(config)
  if (primary === undefined) return { database: undefined, metadata: undefined, otherDatabases: [] }
  const others = await openOthers(config, primary)
  try {
    bind({ primary, ...others }, config, loaded.models, application)
    await tellSchemaLag(config, primary)
  } catch (error) {
    await Promise.allSettled([primary, ...Object.values(others)].map(({ database }) => database.close()))
    throw error
  }
  config.controller.attributesToWrap ??= attributesByName(primary.metadata)
  return { ...primary, otherDatabases: Object.values(others).map(({ database }) => database) }
}

function bind(
  databases: Record<'primary' | string, NamedDatabase>,
  config: Configuration,
  models: readonly Function[],
  application: object,
): void {
  useDatabases(databases, { classes: models, roles: { writing: 'primary', ...config.database.roles }, application })
  checkModels(models)
}

/** Opens the other databases, or none: when one fails, those that are open are closed. */
async function openOthers(config: Configuration, primary: NamedDatabase): Promise<Record<string, NamedDatabase>> {
  const opened: Record<string, NamedDatabase> = {}
  try {
    // Replicas last: they have the schema of another one.
    const entries = Object.entries(config.database.others).sort(
      ([, a], [, b]) => Number(a.replicaOf !== undefined) - Number(b.replicaOf !== undefined),
    )
    for (const [name, settings] of entries) {
      const schema = settings.replicaOf === 'primary' ? primary.metadata : opened[settings.replicaOf ?? '']?.metadata
      opened[name] = await openNamedDatabase(config, name, settings, schema)
    }
    return opened
  } catch (error) {
    await Promise.allSettled([primary, ...Object.values(opened)].map(({ database }) => database.close()))
    throw error
  }
}

/** For wrapped parameters: the columns of the model that a controller's name stands for, as `attribute_names` gives them in Rails. */
function attributesByName(metadata: SchemaMetadata): (name: string) => readonly string[] | undefined {
  const columns = new Map(
    metadata.models.map(({ name, fields }) => [name, fields.filter(({ kind }) => kind !== 'relation').map((field) => field.name)]),
  )
  return (name) => columns.get(classify(name))
}
