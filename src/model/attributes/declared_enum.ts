import type { Database, SqlValue } from '../database.ts'
import type { EnumDeclaration } from '../declarations.ts'
import { InvalidEnum } from '../errors.ts'
import type { FieldMetadata, SchemaMetadata } from '../metadata.ts'
import { attributeType } from './attribute_type.ts'
import type { Column } from './column.ts'
import { type EnumStorage, enumType } from './enum_type.ts'

/** How `this.enum('status', …)` is declared. */
export interface EnumOptions {
  /** What the names of methods and scopes start with; true for the attribute's name. */
  readonly prefix?: boolean | string
  readonly suffix?: boolean | string
  /** Whether a value that is no member is a validation error rather than one of the assignment. */
  readonly validate?: boolean | { readonly allowNil?: boolean }
  /** Whether there are scopes `draft()` and `notDraft()`; they are by default. */
  readonly scopes?: boolean
  /** Whether there are methods `isDraft()` and `draftOrThrow()`; they are by default. */
  readonly instanceMethods?: boolean
  /** The member that a new record starts with, rather than what the column says. */
  readonly default?: string
}

/** What `this.enum('status', …)` makes of a column. Its values are those that the column holds: members of the schema's own enum are texts.
 * @throws InvalidEnum when the column can't hold what a member stands for
 */
export function declaredEnum(
  model: string,
  { attribute, mapping, validate, initial }: EnumDeclaration,
  field: FieldMetadata | undefined,
  database: Database,
  schema: SchemaMetadata,
): Partial<Column> {
  const reason = field === undefined ? undefined : (reasonAgainst(mapping) ?? unheld(field, mapping, schema))
  if (reason !== undefined) throw new InvalidEnum({ model, attribute, reason })
  const type = enumType(model, attribute, mapping, {
    validate,
    isDeclared: true,
    ...(field !== undefined && { storage: storageOf(field, database) }),
  })
  const start = field === undefined ? undefined : startOfSchema(field, mapping, schema)
  if (initial !== undefined) return { type, enumeration: mapping, initial: () => initial, schemaInitial: () => start ?? null }
  return { type, enumeration: mapping, ...(start !== undefined && { initial: () => start }) }
}

/** The member that the schema's default stands for; null where none does, undefined without a default. */
function startOfSchema(field: FieldMetadata, mapping: ReadonlyMap<string, unknown>, schema: SchemaMetadata): string | null | undefined {
  const { default: given } = field
  if (given === undefined || !('value' in given)) return undefined
  const native = valuesOf(field, schema)
  // The schema says the default of its own enum by the name that Prisma knows, the mapping what the column holds.
  const held = native === undefined ? given.value : native.find(({ name }) => name === given.value)?.value
  return [...mapping].find(([, stored]) => String(stored) === String(held))?.[0] ?? null
}

function valuesOf(field: FieldMetadata, schema: SchemaMetadata): SchemaMetadata['enums'][number]['values'] | undefined {
  return field.kind === 'enum' ? schema.enums.find(({ name }) => name === field.type)?.values : undefined
}

/** An enum of the schema is written as the mapping says it: its codec would take the value for Prisma's name. */
function storageOf(field: FieldMetadata, database: Database): EnumStorage | undefined {
  return field.kind === 'enum' ? undefined : attributeType(field, database.codec(field))
}

function reasonAgainst(mapping: ReadonlyMap<string, SqlValue>): string | undefined {
  if (mapping.size === 0) return 'an enum has at least one member.'
  return [...mapping.keys()].some((name) => typeof name !== 'string' || name.trim() === '') ? 'a member has no name.' : undefined
}

/** What the column can't hold, and what to write instead. */
function unheld(field: FieldMetadata, mapping: ReadonlyMap<string, SqlValue>, schema: SchemaMetadata): string | undefined {
  const native = valuesOf(field, schema)
  const stored = [...mapping.values()]
  if (native !== undefined) {
    const odd = stored.find((value) => value !== null && !native.some((each) => each.value === value))
    if (odd === undefined) return undefined
    const members = native.map(({ name, value }) => `${name}: '${value}'`).join(', ')
    return `the column is the enum ${field.type} of the schema and never holds ${shown(odd)}. Say what it holds: this.enum('${field.name}', { ${members} }).`
  }
  if (field.type !== 'Int' && field.type !== 'BigInt') return undefined
  const odd = stored.find(
    (value) => value !== null && !Number.isInteger(typeof value === 'string' ? Number(value || Number.NaN) : Number(value)),
  )
  if (odd === undefined) return undefined
  return `the column is ${field.type} and can't hold ${shown(odd)}. Name the members in a list, this.enum('${field.name}', ['…']), or give each an integer.`
}

function shown(value: SqlValue): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
