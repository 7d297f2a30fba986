/** A database beside the one of `config.database.url`. */
export interface OtherDatabase {
  readonly url: string
  /** The file of its schema, from the root. Default: `db/<name>/schema.prisma`; a replica has that of its database. */
  readonly schema?: string
  /** The database that it is a copy of: `primary`, or another by name. It is for reading then, and no command changes it. */
  readonly replicaOf?: string
}

/** The file of the schema of a database that isn't the primary one, from the root. */
export function schemaPathOf(name: string, { schema }: OtherDatabase): string {
  return schema ?? `db/${name}/schema.prisma`
}
