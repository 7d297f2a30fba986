import { InvalidDatabaseUrl } from '../errors.ts'
import { withoutPassword } from '../url.ts'

/** How many connections a pool opens, and how long somebody waits for one. */
export interface PoolSettings {
  readonly max: number
  readonly connectionTimeoutMillis: number
}

/** Reads the settings of the pool from a database's URL, by Prisma's names: `connection_limit` (default 10) and `pool_timeout` in seconds
 * (default 5, as long as Rails waits; 0 waits for ever).
 *
 * @throws InvalidDatabaseUrl for what is no number
 * @example poolSettings('postgresql://localhost/blog?connection_limit=20&pool_timeout=2') // { max: 20, connectionTimeoutMillis: 2000 }
 */
export function poolSettings(url: string): PoolSettings {
  const { searchParams } = new URL(url)
  const number = (name: string, otherwise: number, least: number): number => {
    const given = searchParams.get(name)
    if (given === null) return otherwise
    if (/^\d{1,6}$/.test(given) && Number(given) >= least) return Number(given)
    throw new InvalidDatabaseUrl({ url: withoutPassword(url), reason: `${name} is a number from ${least}` })
  }
  return { max: number('connection_limit', 10, 1), connectionTimeoutMillis: number('pool_timeout', 5, 0) * 1000 }
}

/** A URL for the driver of MySQL and MariaDB, which has its own names for the settings of the pool.
 * @throws InvalidDatabaseUrl for what is no number
 */
export function withMysqlPool(url: string): string {
  const { max, connectionTimeoutMillis } = poolSettings(url)
  const named = new URL(url)
  const { searchParams } = named
  for (const name of ['connection_limit', 'pool_timeout']) searchParams.delete(name)
  if (!searchParams.has('connectionLimit')) searchParams.set('connectionLimit', String(max))
  if (!searchParams.has('acquireTimeout')) searchParams.set('acquireTimeout', String(connectionTimeoutMillis))
  return named.href
}
