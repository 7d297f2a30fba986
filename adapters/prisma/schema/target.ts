import { InvalidDatabaseUrl } from '../errors.ts'
import { readSchema, type SchemaFile } from '../generate/index.ts'
import { type DatabaseLayout, layoutOf } from '../layout.ts'
import { type DatabaseLocation, locate, withoutPassword } from '../url.ts'

/** Which schema to bring into which database. */
export interface SchemaTarget {
  /** The application's folder. */
  root: string
  /** The database's URL. */
  url: string
  schemaPath?: string | undefined
}

/** A target with its files and its database found. */
export interface ResolvedTarget {
  readonly layout: DatabaseLayout
  readonly location: DatabaseLocation
  readonly schema: SchemaFile
}

/** Finds schema and database of a target.
 *
 * @throws SchemaMissing, SchemaInvalid, or InvalidDatabaseUrl when the URL is for another kind of database than the schema
 */
export function resolveTarget(target: SchemaTarget): ResolvedTarget {
  const layout = layoutOf(target.root, target.schemaPath)
  const location = locate(target.url, target.root)
  const schema = readSchema(layout.schema)
  if (schema.provider !== location.provider) {
    throw new InvalidDatabaseUrl({ url: withoutPassword(target.url), reason: `the schema is written for ${schema.provider}` })
  }
  return { layout, location, schema }
}
