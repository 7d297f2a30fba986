import { RegaugeError, StatementInvalid } from '../../src/errors/index.ts'

/** A statement that the database refused; `details.kind` says why in words that all dialects share. */
export class DatabaseError extends StatementInvalid<'REGAUGE_DATABASE_ERROR'> {
  static override code = 'REGAUGE_DATABASE_ERROR' as const
}

/** The database file doesn't exist. */
export class DatabaseMissing extends RegaugeError<'REGAUGE_DATABASE_MISSING'> {
  static override code = 'REGAUGE_DATABASE_MISSING' as const
}

/** The database file, or the folder around it, can't be written to. */
export class DatabaseReadOnly extends RegaugeError<'REGAUGE_DATABASE_READ_ONLY'> {
  static override code = 'REGAUGE_DATABASE_READ_ONLY' as const
}

/** The file holds something else than a SQLite database. */
export class NotADatabase extends RegaugeError<'REGAUGE_NOT_A_DATABASE'> {
  static override code = 'REGAUGE_NOT_A_DATABASE' as const
}

/** The database can't be opened for another reason. */
export class DatabaseUnreadable extends RegaugeError<'REGAUGE_DATABASE_UNREADABLE'> {
  static override code = 'REGAUGE_DATABASE_UNREADABLE' as const
}

/** The database URL names nothing that we know. */
export class InvalidDatabaseUrl extends RegaugeError<'REGAUGE_DATABASE_URL'> {
  static override code = 'REGAUGE_DATABASE_URL' as const
}

/** The package that speaks with this kind of database isn't installed. */
export class DatabaseAdapterMissing extends RegaugeError<'REGAUGE_DATABASE_ADAPTER'> {
  static override code = 'REGAUGE_DATABASE_ADAPTER' as const
}

/** Neither `node:sqlite` nor `libsql` is there. */
export class SqliteDriverMissing extends RegaugeError<'REGAUGE_SQLITE_DRIVER'> {
  static override code = 'REGAUGE_SQLITE_DRIVER' as const
}

/** Another transaction stayed open for too long. */
export class TransactionWait extends RegaugeError<'REGAUGE_TRANSACTION_WAIT'> {
  static override code = 'REGAUGE_TRANSACTION_WAIT' as const
}

/** A statement came after the commit or the rollback. */
export class TransactionOver extends RegaugeError<'REGAUGE_TRANSACTION_OVER'> {
  static override code = 'REGAUGE_TRANSACTION_OVER' as const
}

/** `database.client` was asked for before the Prisma client was generated. */
export class ClientMissing extends RegaugeError<'REGAUGE_CLIENT_MISSING'> {
  static override code = 'REGAUGE_CLIENT_MISSING' as const
}

/** There is no `schema.prisma`. */
export class SchemaMissing extends RegaugeError<'REGAUGE_SCHEMA_MISSING'> {
  static override code = 'REGAUGE_SCHEMA_MISSING' as const
}

/** Prisma doesn't accept the schema. */
export class SchemaInvalid extends RegaugeError<'REGAUGE_SCHEMA_INVALID'> {
  static override code = 'REGAUGE_SCHEMA_INVALID' as const
}

/** A change of the schema would lose data, and nobody allowed it. */
export class SchemaDataLoss extends RegaugeError<'REGAUGE_SCHEMA_DATA_LOSS'> {
  static override code = 'REGAUGE_SCHEMA_DATA_LOSS' as const
}

/** The rows that exist don't fit the new schema. */
export class SchemaUnexecutable extends RegaugeError<'REGAUGE_SCHEMA_UNEXECUTABLE'> {
  static override code = 'REGAUGE_SCHEMA_UNEXECUTABLE' as const
}

/** Another process is changing the schema. */
export class SchemaLocked extends RegaugeError<'REGAUGE_SCHEMA_LOCKED'> {
  static override code = 'REGAUGE_SCHEMA_LOCKED' as const
}

/** A migration failed, or failed earlier. */
export class MigrationFailed extends RegaugeError<'REGAUGE_MIGRATION_FAILED'> {
  static override code = 'REGAUGE_MIGRATION_FAILED' as const
}

/** The database isn't what its migrations made. */
export class MigrationDrift extends RegaugeError<'REGAUGE_MIGRATION_DRIFT'> {
  static override code = 'REGAUGE_MIGRATION_DRIFT' as const
}

/** A migration has no script that leads back. */
export class MigrationIrreversible extends RegaugeError<'REGAUGE_MIGRATION_IRREVERSIBLE'> {
  static override code = 'REGAUGE_MIGRATION_IRREVERSIBLE' as const
}

/** The data of a protected environment was about to be thrown away. */
export class DatabaseProtected extends RegaugeError<'REGAUGE_DATABASE_PROTECTED'> {
  static override code = 'REGAUGE_DATABASE_PROTECTED' as const
}

/** A migration was named that isn't there. */
export class MigrationUnknown extends RegaugeError<'REGAUGE_MIGRATION_UNKNOWN'> {
  static override code = 'REGAUGE_MIGRATION_UNKNOWN' as const
}
