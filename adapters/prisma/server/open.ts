import { connectServer } from './connect.ts'
import { ServerDatabase, type ServerOptions } from './database.ts'
import type { ServerLocation } from './factory.ts'
import { serverError } from './failures.ts'

/** Opens a database server and checks that it answers.
 *
 * @throws DatabaseAdapterMissing when Prisma's adapter for it isn't installed; DatabaseError of the kind `unreachable`
 */
export async function openServer(location: ServerLocation, options: Omit<ServerOptions, 'hasReturning'>): Promise<ServerDatabase> {
  try {
    const adapter = await connectServer(location)
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
