/** A database as MySQL keeps it, however it was read. */
export interface MysqlTable {
  readonly name: string
  readonly columns: readonly MysqlColumn[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly MysqlIndex[]
  readonly foreignKeys: readonly MysqlForeignKey[]
}

export interface MysqlColumn {
  readonly name: string
  /** In small letters, without the width that integers were once shown with: `varchar(255)`, `int unsigned`. */
  readonly type: string
  readonly required: boolean
  /** SQL: `'draft'`, `0`, `current_timestamp(6)`. */
  readonly default: string | undefined
  readonly increments: boolean
  /** A column that the database computes, and that only SQL beside the schema can have made. */
  readonly computed: boolean
}

export interface MysqlIndex {
  readonly name: string
  readonly kind: 'unique' | 'fulltext' | 'plain' | 'spatial'
  readonly columns: readonly { readonly name: string; readonly length?: number; readonly descending?: boolean }[]
}

export interface MysqlForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly table: string
  readonly references: readonly string[]
  /** `CASCADE`, `SET NULL`, `RESTRICT`; what MySQL calls NO ACTION is the same as RESTRICT. */
  readonly onDelete: string
  readonly onUpdate: string
}
