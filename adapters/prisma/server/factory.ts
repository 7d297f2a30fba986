import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { createRequire } from 'node:module'
import { DatabaseAdapterMissing } from '../errors.ts'
import type { DatabaseLocation } from '../url.ts'
import { clientOfText } from './answered_text.ts'
import { poolSettings, withMysqlPool } from './pool.ts'
import { statementNames } from './statement_names.ts'

/** A database that a server has. */
export type ServerLocation = Exclude<DatabaseLocation, { dialect: 'sqlite' }>
type FactoryClass = new (config: object | string, options?: object) => SqlDriverAdapterFactory

/** Prisma's own adapter factory for a server: the optional packages @prisma/adapter-pg and @prisma/adapter-mariadb. */
export function serverFactory(location: ServerLocation): SqlDriverAdapterFactory {
  if (location.dialect === 'mysql') return new (load('MySQL', '@prisma/adapter-mariadb', 'PrismaMariaDb'))(withMysqlPool(location.url))
  const PrismaPg = load('PostgreSQL', '@prisma/adapter-pg', 'PrismaPg')
  const { searchParams } = new URL(location.url)
  const schema = searchParams.get('schema')
  // A pooler in transaction mode gives each statement another connection, which has prepared nothing.
  const prepares = searchParams.get('pgbouncer') !== 'true' && searchParams.get('prepared_statements') !== 'false'
  return new PrismaPg(
    { connectionString: location.url, ...poolSettings(location.url), Client: clientOfText() },
    { ...(schema !== null && { schema }), ...(prepares && { statementNameGenerator: statementNames() }) },
  )
}

function load(dialect: string, name: string, exported: string): FactoryClass {
  const file = packageOf(dialect, name)
  return (createRequire(file)(file) as Record<string, FactoryClass>)[exported]!
}

/** The file of a package. Looks in the application first: it is its dependency, not ours.
 *
 * @throws DatabaseAdapterMissing
 */
export function packageOf(dialect: string, name: string): string {
  for (const from of [`${process.cwd()}/package.json`, import.meta.url]) {
    try {
      return createRequire(from).resolve(name)
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new DatabaseAdapterMissing({ dialect, package: name })
}
