import { serverError } from '../server/index.ts'
import { SqliteConnection } from '../sqlite/index.ts'
import { DatabaseMissing } from '../errors.ts'
import { type DatabaseLocation, locate } from '../url.ts'
import { databaseExists, databaseName } from './create_database.ts'
import { connectMysql } from './mysql/connection.ts'
import { connectPostgres } from './postgres_factory.ts'
import { runSqliteScript } from './sqlite_factory.ts'

/** A connection for the work around a schema: reading catalogues, running scripts. */
export interface SchemaSession {
  readonly dialect: DatabaseLocation['dialect']
  /** Rows by column position. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Runs a script of any number of statements; whole or not at all, but on MySQL, which commits each change of a table. */
  run(script: string): Promise<void>
}

/** Opens a connection for `work`, and closes it.
 *
 * @param options.readOnly leave a SQLite file as it is
 * @throws DatabaseError with what the database said
 */
export async function withSession<T>(
  location: DatabaseLocation,
  work: (session: SchemaSession) => Promise<T>,
  { readOnly = false }: { readOnly?: boolean } = {},
): Promise<T> {
  if (location.dialect === 'sqlite') return onSqlite(location.file, work, readOnly)
  const { adapter, runScript } = await connect(location)
  const telling = async <R>(sql: string, result: Promise<R>): Promise<R> =>
    result.catch((error: unknown) => {
      throw serverError(error, sql)
    })
  try {
    return await work({
      dialect: location.dialect,
      query: async (sql) => (await telling(sql, adapter.queryRaw({ sql, args: [], argTypes: [] }))).rows,
      run: (script) => telling(script, runScript(script)),
    })
  } finally {
    await adapter.dispose()
  }
}

/** Lets `work` read a database's catalogues.
 *
 * @throws DatabaseMissing, or DatabaseError of the kind `unreachable`
 */
export async function readDatabase<T>(target: { url: string; root: string }, work: (session: SchemaSession) => Promise<T>): Promise<T> {
  const location = locate(target.url, target.root)
  if (!(await databaseExists(location)))
    throw new DatabaseMissing({ file: location.dialect === 'sqlite' ? location.file : databaseName(location) })
  return withSession(location, work, { readOnly: true })
}

async function connect(location: Exclude<DatabaseLocation, { dialect: 'sqlite' }>) {
  try {
    return await (location.dialect === 'postgres' ? connectPostgres(location.url) : connectMysql(location.url))
  } catch (error) {
    throw serverError(error, 'SELECT 1')
  }
}

async function onSqlite<T>(file: string, work: (session: SchemaSession) => Promise<T>, readOnly: boolean): Promise<T> {
  const connection = SqliteConnection.open(file, { create: true, readOnly, blockFor: 5_000 })
  try {
    return await work({
      dialect: 'sqlite',
      query: async (sql) => connection.query(sql, []).rows,
      run: async (script) => void runSqliteScript(connection, script),
    })
  } finally {
    connection.close()
  }
}

/** A text as SQL writes it. */
export function sqlText(text: string, dialect: DatabaseLocation['dialect']): string {
  const escaped = dialect === 'mysql' ? text.replaceAll('\\', '\\\\') : text
  return `'${escaped.replaceAll("'", "''")}'`
}

/** A name in the quotes of a dialect. */
export function quoted(name: string, dialect: DatabaseLocation['dialect']): string {
  const mark = dialect === 'mysql' ? '`' : '"'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}
