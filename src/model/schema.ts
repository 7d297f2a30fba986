import { didYouMean } from '../naming/index.ts'
import { type AttributeType, attributeType } from './attributes/attribute_type.ts'
import { type Column, columnOf } from './attributes/column.ts'
import type { Binding } from './binding.ts'
import { UnknownColumn } from './errors.ts'
import type { FieldMetadata, ModelMetadata } from './metadata.ts'

const decimalField: FieldMetadata = {
  name: 'value',
  column: 'value',
  kind: 'scalar',
  type: 'Decimal',
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
  /** The only key column; undefined for composite keys. */
  readonly key: Column | undefined
  readonly createdAt: Column | undefined
  readonly updatedAt: Column | undefined
  /** Counts the changes of a row, so that two of them can't overwrite each other unseen: `lock_version`. */
  readonly lockVersion: Column | undefined

  /** How decimals of no column are read: those that SQL calculates. */
  get decimals(): AttributeType {
    return attributeType(decimalField, this.binding.database.codec(decimalField))
  }

  constructor(
    binding: Binding,
    metadata: ModelMetadata,
    overrides: ReadonlyMap<string, Partial<Column>>,
    aliases: readonly { alias: string; name: string }[] = [],
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
    this.key = this.primaryKey.length === 1 ? this.primaryKey[0] : undefined
    this.createdAt = this.byName.get('created_at') ?? this.byName.get('createdAt')
    this.lockVersion = this.byName.get('lock_version') ?? this.byName.get('lockVersion')
    this.updatedAt = this.byName.get('updated_at') ?? this.byName.get('updatedAt') ?? this.columns.find((column) => column.field.updatedAt)
  }
}

function withOverride(column: Column, override: Partial<Column>): Column {
  const type: AttributeType = override.type ?? column.type
  const initial = override.initial ?? column.initial
  return { ...column, ...override, initial: initial === undefined ? undefined : () => type.cast(initial()) }
}
