import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { connectServer } from '../../server/index.ts'

/** The part of the driver under Prisma's adapter that runs several statements at once, which the adapter doesn't. */
interface MysqlAdapter extends SqlDriverAdapter {
  underlyingDriver(): { query(options: { sql: string }): Promise<unknown> }
}

/** A connection for the work around a schema, with what runs scripts on it.
 *
 * @throws DatabaseAdapterMissing when Prisma's adapter for MySQL isn't installed
 */
export async function connectMysql(url: string): Promise<{ adapter: SqlDriverAdapter; runScript: (script: string) => Promise<void> }> {
  const own = new URL(url)
  own.searchParams.set('multipleStatements', 'true')
  own.searchParams.set('connectionLimit', '1')
  const adapter = (await connectServer({ dialect: 'mysql', provider: 'mysql', url: own.href })) as MysqlAdapter
  const runScript = async (script: string) => {
    await adapter
      .underlyingDriver()
      .query({ sql: script })
      .catch((error: { sqlMessage?: string }) => {
        throw new Error(error.sqlMessage ?? String(error), { cause: error })
      })
  }
  return { adapter, runScript }
}
