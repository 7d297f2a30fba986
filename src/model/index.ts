export type { Changes, Database, Dialect, ResultSet, SqlValue, Transaction } from './database.ts'
export type { FieldMetadata, ModelMetadata, SchemaMetadata } from './metadata.ts'
