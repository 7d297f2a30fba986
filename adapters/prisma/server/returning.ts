import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type { ServerLocation } from './factory.ts'

/** Whether inserts of a server answer columns of the rows that they made: PostgreSQL's do, MySQL's don't, and MariaDB's do since 10.5. */
export async function hasReturning(adapter: SqlDriverAdapter, { dialect }: ServerLocation): Promise<boolean> {
  if (dialect === 'postgres') return true
  const { rows } = await adapter.queryRaw({ sql: 'SELECT version()', args: [], argTypes: [] })
  // Some proxies write `5.5.5-` before MariaDB's version.
  const [, major, minor] = /^(?:5\.5\.5-)?(\d+)\.(\d+).*mariadb/i.exec(String(rows[0]?.[0])) ?? []
  return Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 5)
}
