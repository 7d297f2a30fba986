import { row } from '../row.ts'

/** What kind of refusal a database answered with, in words that all dialects share. */
export type DatabaseFailureKind =
  | 'unique'
  | 'foreign_key'
  | 'not_null'
  | 'check'
  | 'too_long'
  | 'out_of_range'
  | 'busy'
  | 'conflict'
  | 'timeout'
  | 'readonly'
  | 'no_table'
  | 'no_column'
  | 'unreachable'
  | 'other'

/** Why a statement failed: what the model layer turns into `RecordNotUnique`, `NotNullViolation` and their like. */
export interface DatabaseFailure {
  kind: DatabaseFailureKind
  /** What the database said, in its own words. */
  reason: string
  /** The statement, without its values. */
  sql?: string | undefined
  table?: string | undefined
  /** Names of columns, where the database tells. */
  columns?: readonly string[] | undefined
  /** The name of the index or the constraint, where the database tells. */
  constraint?: string | undefined
}

const missing = 'Bring the schema into the database with `regauge db:push` or `regauge db:migrate`.'
const hints: Partial<Record<DatabaseFailureKind, string>> = {
  no_table: missing,
  no_column: missing,
  unreachable:
    'Is the server running, and has the database URL (DATABASE_URL, or config.database.url) the right host, port, user, password and database?',
}

const slow =
  'The database lets a statement take so long only: statement_timeout, max_statement_time. Does the query find its rows by an index?'
const again = 'Nothing of the transaction was written. Run it again, as `Model.transaction(work, { retries: 3 })` does.'

/** Errors of databases: opening them, statements they refuse, schema changes. */
export const databaseErrors = {
  REGAUGE_DATABASE_ERROR: row(
    500,
    (d: DatabaseFailure) => d.reason,
    (d) => hints[d.kind],
  ),
  REGAUGE_QUERY_CANCELED: row(500, (d: DatabaseFailure) => d.reason, slow),
  REGAUGE_STATEMENT_TIMEOUT: row(500, (d: DatabaseFailure) => d.reason, slow),
  REGAUGE_LOCK_WAIT_TIMEOUT: row(
    500,
    (d: DatabaseFailure) => d.reason,
    'Another transaction holds the lock. Keep transactions short, take locks in one order, or wait longer: lock_timeout, innodb_lock_wait_timeout.',
  ),
  REGAUGE_DEADLOCKED: row(500, (d: DatabaseFailure) => d.reason, again),
  REGAUGE_SERIALIZATION_FAILURE: row(500, (d: DatabaseFailure) => d.reason, again),
  REGAUGE_DATABASE_MISSING: row(
    500,
    (d: { file: string }) => `The database ${d.file} doesn't exist.`,
    'Run `regauge db:push` to create it from db/schema.prisma, or correct the database URL: DATABASE_URL, or config.database.url.',
  ),
  REGAUGE_DATABASE_READ_ONLY: row(
    500,
    (d: { file: string }) => `The database ${d.file} can't be written to.`,
    'Give the user that runs the application write permission on the file and on its folder.',
  ),
  REGAUGE_NOT_A_DATABASE: row(
    500,
    (d: { file: string }) => `The file ${d.file} isn't a SQLite database.`,
    'Correct the database URL, or move the file away and run `regauge db:push`.',
  ),
  REGAUGE_DATABASE_UNREADABLE: row(
    500,
    (d: { file: string; reason: string }) => `The database ${d.file} can't be opened: ${d.reason}.`,
    'The folder must exist, and the user that runs the application must be allowed to read and write in it.',
  ),
  REGAUGE_DATABASE_URL: row(
    500,
    (d: { url: string; reason: string }) => `The database URL ${d.url || "''"} can't be used: ${d.reason}.`,
    'Write file:storage/development.sqlite3, postgresql://user@host/name or mysql://user@host/name in DATABASE_URL or config.database.url.',
  ),
  REGAUGE_DATABASE_ADAPTER: row(
    500,
    (d: { dialect: string; package: string }) =>
      `The package ${d.package} isn't installed; ${d.dialect} needs it. Run: npm install ${d.package}@7.10.0`,
    'Its version is that of the Prisma client that regauge comes with.',
  ),
  REGAUGE_SQLITE_DRIVER: row(
    500,
    (d: { version: string }) => `Node.js ${d.version} has no usable node:sqlite, and the optional package libsql isn't installed.`,
    'Run `npm install libsql`, or use Node.js 24 or newer.',
  ),
  REGAUGE_TRANSACTION_WAIT: row(
    503,
    (d: { seconds: number }) => `Waited ${d.seconds} seconds for the open transaction to end.`,
    'Inside a transaction, use only models or only the Prisma client: each waits for the transaction of the other.',
  ),
  REGAUGE_TRANSACTION_OVER: row(500, (d: { action: string }) => `Can't ${d.action}: the transaction is over.`),
  REGAUGE_CLIENT_MISSING: row(
    500,
    (d: { path: string }) => `The Prisma client isn't generated: ${d.path} doesn't exist.`,
    'Run `regauge db:push`, which generates it.',
  ),
  REGAUGE_SCHEMA_MISSING: row(
    500,
    (d: { path: string }) => `The schema ${d.path} doesn't exist.`,
    'Write db/schema.prisma, or port it with `regauge port`.',
  ),
  REGAUGE_SCHEMA_INVALID: row(500, (d: { path: string; reason: string }) => `The schema ${d.path} isn't valid.\n${d.reason}`),
  REGAUGE_SCHEMA_DATA_LOSS: row(
    409,
    (d: { warnings: readonly string[] }) => `The change of the schema loses data:\n${d.warnings.map((line) => `- ${line}`).join('\n')}`,
    'Back the data up, then repeat the command with --accept-data-loss. For a new name of what is there, complete by hand what `regauge generate migration NAME` writes: ALTER TABLE … RENAME …',
  ),
  REGAUGE_SCHEMA_UNEXECUTABLE: row(
    409,
    (d: { steps: readonly string[] }) =>
      `The database holds rows that the new schema doesn't allow:\n${d.steps.map((line) => `- ${line}`).join('\n')}`,
    'Give the columns a default or correct the rows first.',
  ),
  REGAUGE_SCHEMA_LOCKED: row(
    409,
    (d: { process: string }) => `Another process (${d.process}) is changing the schema of this database.`,
    'Wait until it has finished.',
  ),
  REGAUGE_MIGRATION_FAILED: row(500, (d: { reason: string }) => `The migrations can't be applied. ${d.reason}`),
  REGAUGE_MIGRATION_DRIFT: row(
    409,
    (d: { reason: string }) => `The database doesn't match its migrations. ${d.reason}`,
    'Undo what was changed by hand; or take it along: `regauge db:pull`, then `regauge generate migration NAME` and `regauge db:migrate --applied` with the folder it wrote; or throw everything away with `regauge db:reset`.',
  ),
  REGAUGE_MIGRATION_IRREVERSIBLE: row(
    409,
    (d: { name: string }) => `The migration ${d.name} can't be rolled back: there is nothing in its down.sql.`,
    'Write db/migrations/…/down.sql, or a new migration that undoes it.',
  ),
  REGAUGE_MIGRATION_UNKNOWN: row(
    404,
    (d: { name: string; suggestion?: string | undefined }) =>
      `There is no migration ${d.name} in db/migrations.${d.suggestion === undefined ? '' : ` The last one is ${d.suggestion}.`}`,
    '`regauge db:status` lists them.',
  ),
  REGAUGE_DATABASE_PROTECTED: row(
    409,
    (d: { action: string; reason: string }) => `Refused to ${d.action}: ${d.reason}.`,
    'If you are sure, set DISABLE_DATABASE_ENVIRONMENT_CHECK=1 for this one command.',
  ),
} as const
