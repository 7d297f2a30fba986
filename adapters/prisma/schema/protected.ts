import { DatabaseProtected } from '../errors.ts'
import { databaseExists } from './create_database.ts'
import { quoted, type SchemaSession, sqlText, withSession } from './session.ts'
import type { ResolvedTarget } from './target.ts'

/** Which environments hold data that a command must not throw away, and the one that the command runs in. */
export interface Protection {
  readonly environment: string
  readonly protectedEnvironments: readonly string[]
}

const TABLE = 'ar_internal_metadata'

/** Refuses to go on when the data of the database is protected: by the environment of the command, or by the one that the database itself
 * was made in, which Rails and we note in `ar_internal_metadata`. `DISABLE_DATABASE_ENVIRONMENT_CHECK` switches it off, as it does in Rails.
 *
 * @param action what was asked for, as a sentence ends: `drop the database`
 * @throws DatabaseProtected
 */
export async function requireUnprotected(
  { location }: Pick<ResolvedTarget, 'location'>,
  protection: Protection | undefined,
  action: string,
) {
  if (protection === undefined || process.env['DISABLE_DATABASE_ENVIRONMENT_CHECK']) return
  const { environment, protectedEnvironments } = protection
  const refuse = (reason: string) => {
    throw new DatabaseProtected({ action, reason })
  }
  if (protectedEnvironments.includes(environment)) refuse(`the environment is ${environment}`)
  if (!(await databaseExists(location))) return
  const stored = await withSession(location, storedEnvironment, { readOnly: true })
  if (stored === undefined) return
  if (protectedEnvironments.includes(stored)) refuse(`the database is that of ${stored}`)
  if (stored !== environment) refuse(`the database is that of ${stored}, and the environment is ${environment}`)
}

/** Notes in a database that it is that of a protected environment, in the table that Rails notes it in. */
export async function noteEnvironment({ location }: Pick<ResolvedTarget, 'location'>, protection: Protection | undefined): Promise<void> {
  if (protection === undefined || !protection.protectedEnvironments.includes(protection.environment)) return
  await withSession(location, async (session) => {
    if ((await storedEnvironment(session)) !== undefined) return
    await session.run(noteSql(session.dialect, protection.environment))
  })
}

async function storedEnvironment(session: SchemaSession): Promise<string | undefined> {
  const key = quoted('key', session.dialect)
  const rows = (await tableExists(session, TABLE)) ? await session.query(`SELECT value FROM ${TABLE} WHERE ${key} = 'environment'`) : []
  return rows[0]?.[0] === undefined || rows[0][0] === null ? undefined : String(rows[0][0])
}

/** Whether the database has a table. */
export async function tableExists({ dialect, query }: SchemaSession, table: string): Promise<boolean> {
  const name = sqlText(table, dialect)
  const sql = {
    sqlite: `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`,
    postgres: `SELECT 1 WHERE to_regclass(quote_ident(${name})) IS NOT NULL`,
    mysql: `SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_name = ${name}`,
  }[dialect]
  return (await query(sql)).length > 0
}

function noteSql(dialect: SchemaSession['dialect'], environment: string): string {
  const text = dialect === 'mysql' ? 'varchar(255)' : 'varchar'
  const time = dialect === 'postgres' ? 'timestamp(6)' : 'datetime(6)'
  const key = quoted('key', dialect)
  return `CREATE TABLE IF NOT EXISTS ${TABLE} (${key} ${text} NOT NULL PRIMARY KEY, value ${text}, created_at ${time} NOT NULL, updated_at ${time} NOT NULL);
INSERT INTO ${TABLE} (${key}, value, created_at, updated_at) VALUES ('environment', ${sqlText(environment, dialect)}, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP);`
}
