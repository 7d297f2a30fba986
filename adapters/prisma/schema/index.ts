export { type Created, type CreateOptions, type MigrationState, type MigrationStatus, migrate } from './migrate.ts'
export { type PushOptions, type PushResult, push } from './push.ts'
export { type ResetResult, reset } from './reset.ts'
export type { SchemaTarget } from './target.ts'
