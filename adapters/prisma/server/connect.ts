import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { createRequire } from 'node:module'
import { DatabaseError } from '../errors.ts'
import { notAnswering } from './failures.ts'
import { packageOf, serverFactory, type ServerLocation } from './factory.ts'
import { withMysqlPool } from './pool.ts'

/** Connects to a server, and fails with what it says when it doesn't let anybody in.
 *
 * @throws DatabaseAdapterMissing; DatabaseError of the kind `unreachable`; the driver's own errors
 */
export async function connectServer(location: ServerLocation): Promise<SqlDriverAdapter> {
  const factory = serverFactory(location)
  if (location.dialect === 'mysql') await knock(location.url)
  const adapter = await factory.connect()
  try {
    await adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] })
    return adapter
  } catch (error) {
    await adapter.dispose()
    throw error
  }
}

interface MysqlDriver {
  createConnection(url: string): Promise<{ end(): Promise<void> }>
}

/** The pool of MySQL's driver tries again until its time is over, and then doesn't say why: a wrong password or no server. So one connection is
 * made without it. */
async function knock(url: string): Promise<void> {
  const { createConnection } = createRequire(packageOf('MySQL', '@prisma/adapter-mariadb'))('mariadb') as MysqlDriver
  const plain = new URL(withMysqlPool(url))
  for (const name of ['connectionLimit', 'acquireTimeout']) plain.searchParams.delete(name)
  try {
    const connection = await createConnection(plain.href.replace(/^mysql:/, 'mariadb:'))
    await connection.end()
  } catch (error) {
    const { sqlMessage, errno } = error as { sqlMessage?: string; errno?: number }
    const isAnswer = errno !== undefined && errno > 0 && errno < driversOwn
    const reason = isAnswer && sqlMessage !== undefined ? sqlMessage : notAnswering(plain.hostname, plain.port || 3306)
    throw new DatabaseError({ kind: 'unreachable', reason, sql: 'SELECT 1' }, { cause: error })
  }
}

/** Errors of the driver itself are numbered from here; those of the operating system are negative. */
const driversOwn = 45_000
