import path from 'node:path'

/** Where an application keeps what concerns its database. */
export interface DatabaseLayout {
  readonly root: string
  readonly schema: string
  readonly migrations: string
  readonly generated: string
  readonly client: string
  readonly metadata: string
  readonly register: string
}

/** The places under an application's root.
 *
 * @param schemaPath where the schema is when it isn't `db/schema.prisma`, relative to the root
 */
export function layoutOf(root: string, schemaPath = 'db/schema.prisma'): DatabaseLayout {
  const schema = path.resolve(root, schemaPath)
  const folder = path.dirname(schema)
  const generated = path.join(folder, 'generated')
  return {
    root: path.resolve(root),
    schema,
    migrations: path.join(folder, 'migrations'),
    generated,
    client: path.join(generated, 'client'),
    metadata: path.join(generated, 'metadata.json'),
    register: path.join(generated, 'register.ts'),
  }
}
