import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { createRequire } from 'node:module'
import { DatabaseAdapterMissing } from '../errors.ts'
import type { DatabaseLocation } from '../url.ts'
import { ServerDatabase, type ServerOptions } from './database.ts'
import { serverError } from './failures.ts'
import { poolSettings, withMysqlPool } from './pool.ts'
import { statementNames } from './statement_names.ts'

type ServerLocation = Exclude<DatabaseLocation, { dialect: 'sqlite' }>
type FactoryClass = new (config: object | string, options?: object) => SqlDriverAdapterFactory

/** Opens a database server and checks that it answers.
 *
 * @throws DatabaseAdapterMissing when Prisma's adapter for it isn't installed; DatabaseError of the kind `unreachable`
 */
export async function openServer(location: ServerLocation, options: Omit<ServerOptions, 'hasReturning'>): Promise<ServerDatabase> {
  const factory = serverFactory(location)
  try {
    const adapter = await factory.connect()
    const { rows } = await adapter.queryRaw({ sql: 'SELECT version()', args: [], argTypes: [] })
    const hasReturning = location.dialect === 'postgres' || answersInserts(String(rows[0]?.[0]))
    return new ServerDatabase(location.dialect, adapter, { ...options, hasReturning })
  } catch (error) {
    throw serverError(error, 'SELECT version()')
  }
}

/** Whether a server of MySQL's family knows `insert … returning`: MariaDB since 10.5, and MySQL none. Some proxies write `5.5.5-` before MariaDB's version. */
function answersInserts(version: string): boolean {
  const [, major, minor] = /^(?:5\.5\.5-)?(\d+)\.(\d+).*mariadb/i.exec(version) ?? []
  return Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 5)
}

/** Prisma's own adapter factory for a server: the optional packages @prisma/adapter-pg and @prisma/adapter-mariadb. */
export function serverFactory(location: ServerLocation): SqlDriverAdapterFactory {
  if (location.dialect === 'mysql') return new (load('MySQL', '@prisma/adapter-mariadb', 'PrismaMariaDb'))(withMysqlPool(location.url))
  const PrismaPg = load('PostgreSQL', '@prisma/adapter-pg', 'PrismaPg')
  const { searchParams } = new URL(location.url)
  const schema = searchParams.get('schema')
  // A pooler in transaction mode gives each statement another connection, which has prepared nothing.
  const prepares = searchParams.get('pgbouncer') !== 'true' && searchParams.get('prepared_statements') !== 'false'
  return new PrismaPg(
    { connectionString: location.url, ...poolSettings(location.url) },
    { ...(schema !== null && { schema }), ...(prepares && { statementNameGenerator: statementNames() }) },
  )
}

/** Looks in the application first: the package is its dependency, not ours. */
function load(dialect: string, name: string, exported: string): FactoryClass {
  for (const from of [`${process.cwd()}/package.json`, import.meta.url]) {
    try {
      const require = createRequire(from)
      require.resolve(name)
      return (require(name) as Record<string, FactoryClass>)[exported]!
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new DatabaseAdapterMissing({ dialect, package: name })
}
