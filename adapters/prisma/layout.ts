import path from 'node:path'
import { camelize } from '../../src/naming/index.ts'

/** Where an application keeps what concerns its database. */
export interface DatabaseLayout {
  readonly root: string
  readonly schema: string
  readonly migrations: string
  readonly generated: string
  readonly client: string
  readonly metadata: string
  readonly register: string
  /** The interface of the types of a schema that isn't the application's main one: `Animals` for `db/animals/schema.prisma`. */
  readonly interface: string | undefined
}

const main = 'db/schema.prisma'

/** The places under an application's root. A schema of another name than `schema.prisma` has a folder of that name beside it.
 *
 * @param schemaPath where the schema is when it isn't `db/schema.prisma`, relative to the root
 */
export function layoutOf(root: string, schemaPath = main): DatabaseLayout {
  const schema = path.resolve(root, schemaPath)
  const { dir, name } = path.parse(schema)
  const folder = name === 'schema' ? dir : path.join(dir, name)
  const generated = path.join(folder, 'generated')
  return {
    root: path.resolve(root),
    schema,
    migrations: path.join(folder, 'migrations'),
    generated,
    client: path.join(generated, 'client'),
    metadata: path.join(generated, 'metadata.json'),
    register: path.join(generated, 'register.ts'),
    interface: schema === path.resolve(root, main) ? undefined : camelize(path.basename(folder).replace(/\W+/g, '_'), 'upper'),
  }
}
