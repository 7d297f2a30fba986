export {
  ClientMissing,
  DatabaseAdapterMissing,
  DatabaseError,
  DatabaseMissing,
  DatabaseProtected,
  DatabaseReadOnly,
  DatabaseUnreadable,
  InvalidDatabaseUrl,
  MigrationDrift,
  MigrationFailed,
  MigrationIrreversible,
  MigrationUnknown,
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
export type { Generated, GenerateOptions } from './generate/index.ts'
export { loadMetadata } from './metadata.ts'
export { type OpenOptions, openDatabase } from './open.ts'
export { create, drop, generate, migrate, push, readDatabase, reset, schemaLag } from './schema_tasks.ts'
export type {
  ApplyOptions,
  Baseline,
  BaselineOptions,
  Created,
  CreateOptions,
  DatabaseOptions,
  MigrationState,
  MigrationStatus,
  Protection,
  PushOptions,
  PushResult,
  ResetResult,
  ResolveOptions,
  RollbackOptions,
  SchemaLag,
  SchemaSession,
  SchemaTarget,
} from './schema/index.ts'
export { decimalClass } from './decimal.ts'
