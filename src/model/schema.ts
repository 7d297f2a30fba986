import { didYouMean } from '../naming/index.ts'
import { type AttributeType, attributeType } from './attributes/attribute_type.ts'
import { type Column, columnOf } from './attributes/column.ts'
import type { Binding } from './binding.ts'
import type { Dialect } from './database.ts'
import { UnknownColumn } from './errors.ts'
import type { FieldMetadata, ModelMetadata } from './metadata.ts'

const expression: FieldMetadata = {
  name: 'value',
  column: 'value',
  kind: 'scalar',
  type: 'Json',
  list: false,
  required: false,
  unique: false,
  id: false,
  updatedAt: false,
}

/** The columns and keys of one model, by position and by name. */
export class ModelSchema {
  readonly binding: Binding
  readonly metadata: ModelMetadata
  readonly name: string
  readonly table: string
  readonly columns: readonly Column[]
  /** By name, and by the other names that some have. */
  readonly byName: ReadonlyMap<string, Column>
  readonly primaryKey: readonly Column[]
  /** The columns that a saved row is written and read anew by: what `queryConstraints` says, or the key. */
  readonly rowKey: readonly Column[]
  /** The only key column; undefined for composite keys. */
  readonly key: Column | undefined
  readonly createdAt: Column | undefined
  readonly updatedAt: Column | undefined
  /** All columns that hold when a row was made, and all that hold when it was changed: `created_on` and `updated_on` are such, too. */
  readonly createdColumns: readonly Column[]
  readonly updatedColumns: readonly Column[]
  /** Counts the changes of a row, so that two of them can't overwrite each other unseen: `lock_version`. */
  readonly lockVersion: Column | undefined

  /** What the database of the model speaks. */
  get dialect(): Dialect {
    return this.binding.database.dialect
  }

  /** How decimals of no column are read: those that SQL calculates. */
  get decimals(): AttributeType {
    return this.typeOfExpressions('Decimal')
  }

  /** How values of no column are read that SQL calculates. */
  typeOfExpressions(type: 'DateTime' | 'Date' | 'Decimal' | 'Json'): AttributeType {
    const field: FieldMetadata = type === 'Date' ? { ...expression, type: 'DateTime', nativeType: ['Date', []] } : { ...expression, type }
    return attributeType(field, this.binding.database.codec(field))
  }

  constructor(
    binding: Binding,
    metadata: ModelMetadata,
    overrides: ReadonlyMap<string, Partial<Column>>,
    aliases: readonly { alias: string; name: string }[] = [],
    lockingColumn?: string,
    queryConstraints: readonly string[] = metadata.primaryKey,
  ) {
    const fields = metadata.fields.filter((field) => field.kind !== 'relation')
    this.binding = binding
    this.metadata = metadata
    this.name = metadata.name
    this.table = metadata.table
    this.columns = fields.map((field, position) => {
      const column = columnOf(metadata.name, field, position, binding.database, binding.metadata)
      const override = overrides.get(field.name)
      return override === undefined ? column : withOverride(column, override)
    })
    const byName = new Map(this.columns.map((column) => [column.name, column]))
    for (const { alias, name } of aliases) {
      const column = byName.get(name)
      if (column === undefined) throw new UnknownColumn({ model: metadata.name, column: name, suggestion: didYouMean(name, byName.keys()) })
      byName.set(alias, column)
    }
    this.byName = byName
    this.primaryKey = metadata.primaryKey.map((name) => this.byName.get(name)!)
    this.rowKey = queryConstraints.map((name) => {
      const column = byName.get(name)
      if (column === undefined) throw new UnknownColumn({ model: metadata.name, column: name, suggestion: didYouMean(name, byName.keys()) })
      return column
    })
    this.key = this.primaryKey.length === 1 ? this.primaryKey[0] : undefined
    const named = (...names: string[]): Column[] => names.flatMap((name) => this.byName.get(name) ?? [])
    this.createdColumns = named('created_at', 'createdAt', 'created_on', 'createdOn')
    this.updatedColumns = named('updated_at', 'updatedAt', 'updated_on', 'updatedOn')
    if (this.updatedColumns.length === 0) this.updatedColumns = this.columns.filter((column) => column.field.updatedAt).slice(0, 1)
    this.createdAt = this.createdColumns[0]
    this.updatedAt = this.updatedColumns[0]
    this.lockVersion = named(lockingColumn ?? 'lock_version', lockingColumn ?? 'lockVersion')[0]
  }
}

function withOverride(column: Column, override: Partial<Column>): Column {
  const type: AttributeType = override.type ?? column.type
  // What the schema says is the column's own type's before it is the type's above it: a bigint is written as a text.
  const own = column.initial
  const initial = override.initial ?? (own === undefined ? undefined : () => column.type.cast(own()))
  const { schemaInitial } = override
  return {
    ...column,
    ...override,
    initial: initial === undefined ? undefined : () => type.cast(initial()),
    ...(schemaInitial !== undefined && { schemaInitial: () => type.cast(schemaInitial()) }),
  }
}
