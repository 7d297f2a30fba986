import { randomUUID } from 'node:crypto'
import type { Database, Dialect } from '../database.ts'
import type { FieldMetadata, SchemaMetadata } from '../metadata.ts'
import { type AttributeType, attributeType, parseJson } from './attribute_type.ts'
import { type EnumMapping, enumType } from './enum_type.ts'

/** One column of a model at its place in the row. */
export interface Column {
  readonly name: string
  /** The name in the database. */
  readonly column: string
  readonly position: number
  readonly type: AttributeType
  readonly field: FieldMetadata
  /** What the database of the column speaks. */
  readonly dialect: Dialect
  /** The members, when the column is an enum. */
  readonly enumeration: EnumMapping | undefined
  /** What a new record starts with; undefined when the database fills the column. */
  readonly initial: (() => unknown) | undefined
  /** Whether each record starts with a value of its own. */
  readonly isGenerated?: boolean
  /** What the schema has a new record start with, where the class declares another default: the change that such a record is made with. */
  readonly schemaInitial?: () => unknown
}

/** Makes the column of a field. */
export function columnOf(model: string, field: FieldMetadata, position: number, database: Database, schema: SchemaMetadata): Column {
  const values = field.kind === 'enum' ? schema.enums.find((candidate) => candidate.name === field.type)?.values : undefined
  const enumeration = values === undefined ? undefined : new Map(values.map(({ name, value }) => [name, value]))
  const type =
    enumeration === undefined || field.list ? attributeType(field, database.codec(field)) : enumType(model, field.name, enumeration)
  return {
    name: field.name,
    column: field.column,
    position,
    type,
    field,
    dialect: database.dialect,
    enumeration,
    initial: initialValue(field, type),
  }
}

function initialValue(field: FieldMetadata, type: AttributeType): (() => unknown) | undefined {
  const value = schemaValue(field, type)
  if (value !== undefined) return () => value
  if (field.default === undefined || !('function' in field.default)) return undefined
  return field.default.function === 'uuid' || field.default.function === 'cuid' ? randomUUID : undefined
}

/** The value that the schema has new rows start with; undefined where it has none, or a function. */
export function schemaValue({ type: fieldType, default: given }: FieldMetadata, type: AttributeType): unknown {
  if (given === undefined || !('value' in given)) return undefined
  // The schema says a default of JSON as its text.
  return type.cast(fieldType === 'Json' && typeof given.value === 'string' ? parseJson(given.value) : given.value)
}
