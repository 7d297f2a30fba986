import type { AttributeType } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { infoOf } from '../model_info.ts'
import type { ModelClass } from './model_record.ts'
import { SerializedRecord } from './serialized_record.ts'

/** What a class knows of a column. */
export interface ColumnDescription {
  /** The attribute's name. */
  readonly name: string
  /** The name in the database. */
  readonly column: string
  /** `string`, `integer`, `bigint`, `float`, `decimal`, `boolean`, `datetime`, `json`, …: Rails' names where it has them. */
  readonly type: string
  readonly isNullable: boolean
  readonly isArray: boolean
  /** The value of the schema's default; null without one, and for those that the database makes. */
  readonly default: unknown
  /** What the schema says of the database's own type: `VarChar(120)`. */
  readonly nativeType: string | null
}

/** How the values of an attribute are read and written. */
export interface TypeDescription {
  readonly type: string
  /** What an assigned value becomes. */
  cast(value: unknown): unknown
  /** What is written into the database. */
  serialize(value: unknown): unknown
}

/** The class methods that tell of columns and attributes. */
export class ColumnStatics extends SerializedRecord {
  /** The names of the table's columns, in their order: Rails' `column_names`. */
  static get columnNames(): string[] {
    return columnsOf(this).map((column) => column.name)
  }

  /** The names of the attributes: the columns, then those without one. */
  static get attributeNames(): string[] {
    const { virtual } = infoOf(this as unknown as ModelClass)
    return [...this.columnNames, ...[...virtual].filter(([, { isAccessor }]) => !isAccessor).map(([name]) => name)]
  }

  static get columns(): ColumnDescription[] {
    return columnsOf(this).map(described)
  }

  /** The columns by name: Rails' `columns_hash`.
   * @example Article.columnsHash.title.type // 'string'
   */
  static get columnsHash(): Record<string, ColumnDescription> {
    return byName(this.columns.map((column) => [column.name, column]))
  }

  /** The values that columns of a new record have. */
  static get columnDefaults(): Record<string, unknown> {
    const { virtual } = infoOf(this as unknown as ModelClass)
    const others = [...virtual].filter(([, { isAccessor }]) => !isAccessor)
    return byName([
      ...this.columns.map((column) => [column.name, column.default] as const),
      ...others.map(
        ([name, { cast, initial }]) => [name, initial === undefined || typeof initial === 'function' ? null : cast(initial)] as const,
      ),
    ])
  }

  /** How the values of columns are read and written, by name. */
  static get attributeTypes(): Record<string, TypeDescription> {
    return byName(columnsOf(this).map((column) => [column.name, typeDescription(column.type)]))
  }

  static hasAttribute(name: string): boolean {
    return this.attributeNames.includes(name) || infoOf(this as unknown as ModelClass).schema.byName.has(name)
  }

  /** How the values of an attribute are read and written; one that nobody has heard of stays as it is. */
  static typeForAttribute(name: string): TypeDescription {
    const column = infoOf(this as unknown as ModelClass).schema.byName.get(name)
    if (column !== undefined) return typeDescription(column.type)
    return { type: 'value', cast: (value) => value, serialize: (value) => value }
  }
}

function columnsOf(model: typeof ColumnStatics): readonly Column[] {
  return infoOf(model as unknown as ModelClass).schema.columns
}

/** Any name may be asked of it, so that it inherits none. */
function byName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(entries))
}

function described({ name, column, field, type }: Column): ColumnDescription {
  const { default: initial, nativeType } = field
  return {
    name,
    column,
    type: type.name,
    isNullable: !field.required,
    isArray: field.list,
    default: initial !== undefined && 'value' in initial ? type.cast(initial.value) : null,
    nativeType: nativeType === undefined ? null : nativeType[0] + (nativeType[1].length > 0 ? `(${nativeType[1].join(',')})` : ''),
  }
}

function typeDescription({ name, cast, serialize }: AttributeType): TypeDescription {
  return { type: name, cast, serialize }
}
