/** What the model layer knows of a schema: written by the generator of the schema's owner, read at boot. */
export interface SchemaMetadata {
  provider: 'sqlite' | 'postgresql' | 'mysql'
  models: ModelMetadata[]
  enums: { name: string; values: { name: string; value: string }[] }[]
}

/** One table and the model over it. */
export interface ModelMetadata {
  name: string
  table: string
  /** Field names. */
  primaryKey: string[]
  uniques: string[][]
  indexes: string[][]
  fields: FieldMetadata[]
  documentation?: string
}

/** One column, or one relation, of a model. */
export interface FieldMetadata {
  name: string
  /** The column's name in the database; the field's own name for relations. */
  column: string
  kind: 'scalar' | 'enum' | 'relation'
  /** Prisma's scalar type, the enum's name or the related model's name. */
  type: string
  list: boolean
  required: boolean
  unique: boolean
  id: boolean
  updatedAt: boolean
  default?:
    | { value: string | number | boolean | unknown[] }
    | { function: 'autoincrement' | 'now' | 'uuid' | 'cuid' | 'dbgenerated'; args: unknown[] }
  nativeType?: [string, string[]]
  relation?: { name: string; fields: string[]; references: string[]; onDelete?: string; onUpdate?: string }
  documentation?: string
}
