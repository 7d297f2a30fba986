import { type RubyHash, type RubyValue, textOf } from '../ruby/index.ts'

/** A column as `db/schema.rb` declares it. */
export interface Column {
  readonly name: string
  /** Rails' type: `string`, `bigint`, `virtual`. */
  readonly type: string
  readonly options: RubyHash
  readonly line: number
}

export interface Index {
  readonly columns: readonly string[]
  /** The SQL of an expression index; then `columns` is empty. */
  readonly expression?: string
  readonly options: RubyHash
  readonly line: number
}

/** A check or an exclusion: SQL that Prisma has no word for. */
export interface TableConstraint {
  readonly kind: 'check' | 'exclude' | 'unique'
  readonly sql: string
  readonly options: RubyHash
  readonly line: number
}

export interface Table {
  readonly name: string
  readonly options: RubyHash
  readonly columns: Column[]
  readonly indexes: Index[]
  readonly constraints: TableConstraint[]
  /** Comments that stood before the table, without their marks. */
  readonly comments: readonly string[]
  readonly line: number
}

export interface ForeignKey {
  readonly from: string
  readonly to: string
  readonly columns: readonly string[]
  readonly primaryKey: readonly string[]
  readonly options: RubyHash
  readonly line: number
}

export interface DatabaseEnum {
  readonly name: string
  readonly values: readonly string[]
  readonly line: number
}

/** Something that only SQL can say: a view, a trigger, an extension. */
export interface SqlExtra {
  readonly construct: string
  /** The SQL; undefined when the schema doesn't give it. */
  readonly sql: string | undefined
  /** Whether it must be there before the tables are. */
  readonly before: boolean
  readonly ruby: string
  readonly line: number
}

/** All that `db/schema.rb` declares, in its order. */
export interface DatabaseStructure {
  /** Where it is from. */
  readonly file: string
  /** Read from a database, where nothing has a line. */
  readonly isPulled?: boolean
  readonly version: string | undefined
  readonly tables: Table[]
  readonly foreignKeys: ForeignKey[]
  readonly enums: DatabaseEnum[]
  /** Indexes of what is no table: of materialized views. */
  readonly viewIndexes: { readonly view: string; readonly index: Index }[]
  readonly extras: SqlExtra[]
  /** Statements that the porter doesn't know. */
  readonly unknown: { ruby: string; line: number; reason: string }[]
}

/** A structure that declares nothing yet. */
export function emptyStructure(file: string): DatabaseStructure {
  return { file, version: undefined, tables: [], foreignKeys: [], enums: [], viewIndexes: [], extras: [], unknown: [] }
}

/** The text of an option, when it is a string or a symbol. */
export function textOption(options: RubyHash, name: string): string | undefined {
  return textOf(options.get(name))
}

/** The number of an option. */
export function numberOption(options: RubyHash, name: string): number | undefined {
  const value: RubyValue | undefined = options.get(name)
  return typeof value === 'number' ? value : undefined
}

/** Whether a column must have a value. */
export function isRequired(column: Column): boolean {
  return column.options.get('null') === false
}
