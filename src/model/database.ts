import type { FieldMetadata } from './metadata.ts'

/** A value that travels to or from the database. Lists are PostgreSQL's. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | Date | readonly SqlValue[]

/** What a query answered: rows by column position. */
export interface ResultSet {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
  /** What the database calls the types of the columns, where it tells: for {@link Database.typeOfAnswer}. */
  readonly types?: readonly number[]
  /** The key that the database gave to the row an insert made, where it tells so to queries and has no `returning`: MySQL. */
  readonly insertId?: number | bigint
}

/** What a statement changed. */
export interface Changes {
  readonly affected: number
  /** The key the database gave to the inserted row, where it tells. */
  readonly insertId?: number | bigint
}

/** The SQL dialects that relations compile to. */
export type Dialect = 'sqlite' | 'postgres' | 'mysql'

/** The port to a database. Outside of a transaction statements run on any free connection, never inside someone else's open transaction.
 * The answers may be synchronous: an embedded database then costs no promise. */
export interface Database {
  readonly dialect: Dialect
  /** Whether an insert can answer columns of the rows that it made: `returning`. MySQL can't, MariaDB can since 10.5. */
  readonly hasReturning: boolean
  query(sql: string, args: readonly SqlValue[]): ResultSet | Promise<ResultSet>
  execute(sql: string, args: readonly SqlValue[]): Changes | Promise<Changes>
  /** Opens a transaction on a connection that nobody else uses until it ends. */
  begin(options?: { isolation?: string }): Promise<Transaction>
  /** The type of field that holds answers of one of its types; undefined where they are read as they come. */
  typeOfAnswer?(type: number): 'DateTime' | 'Date' | 'Decimal' | 'Json' | undefined
  /** How the values of a field are written and read; undefined when they travel as they are. */
  codec(field: FieldMetadata): Codec | undefined
  /** The PrismaClient on the same connections, made at first use. */
  readonly client: unknown
  close(): Promise<void>
}

/** One open transaction. */
export interface Transaction {
  query(sql: string, args: readonly SqlValue[]): ResultSet | Promise<ResultSet>
  execute(sql: string, args: readonly SqlValue[]): Changes | Promise<Changes>
  commit(): Promise<void>
  rollback(): Promise<void>
  savepoint(name: string): Promise<void>
  releaseSavepoint(name: string): Promise<void>
  rollbackToSavepoint(name: string): Promise<void>
}

/** Turns the values of a field into what the database holds and back. Never called with null; a direction that changes nothing is left out. */
export interface Codec {
  encode?(value: unknown): SqlValue
  decode?(value: SqlValue): unknown
}
