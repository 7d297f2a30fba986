export {
  ClientMissing,
  DatabaseAdapterMissing,
  DatabaseError,
  DatabaseMissing,
  DatabaseReadOnly,
  DatabaseUnreadable,
  InvalidDatabaseUrl,
  MigrationDrift,
  MigrationFailed,
  NotADatabase,
  SchemaDataLoss,
  SchemaInvalid,
  SchemaLocked,
  SchemaMissing,
  SchemaUnexecutable,
  SqliteDriverMissing,
  TransactionOver,
  TransactionWait,
} from './errors.ts'
export { type Generated, type GenerateOptions, generate } from './generate/index.ts'
export { loadMetadata } from './metadata.ts'
export { type OpenOptions, openDatabase } from './open.ts'
export {
  type Created,
  type CreateOptions,
  type MigrationState,
  type MigrationStatus,
  migrate,
  type PushOptions,
  type PushResult,
  push,
  type ResetResult,
  reset,
  type SchemaTarget,
} from './schema/index.ts'
