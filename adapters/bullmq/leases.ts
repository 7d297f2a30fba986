import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { LeaseStore } from '../../src/jobs/index.ts'
import { type BullmqPlace, isClient } from './connection.ts'
import { withinTime } from './time_limit.ts'

/** A store that can be closed. */
export interface OpenLeaseStore extends LeaseStore {
  close(): Promise<void>
}

/** Milliseconds in which the server must answer: who asks goes by its answer at once. */
const timeout = 5000

/** Leases where the jobs are, on a connection of their own, which the first that is asked for opens. */
export function leasesAt(place: BullmqPlace, prefix: string): OpenLeaseStore {
  let opening: Promise<OpenLeaseStore> | undefined
  const opened = () =>
    (opening ??= (place.isPostgres ? openPostgres(place, prefix) : openRedis(place, prefix)).catch((error: unknown) => {
      opening = undefined
      throw error
    }))
  const asked = <T>(ask: (store: OpenLeaseStore) => Promise<T>) => withinTime(opened().then(ask), timeout)
  return {
    take: (name, owner, milliseconds) => asked((store) => store.take(name, owner, milliseconds)),
    release: (name, owner) => asked((store) => store.release(name, owner)),
    holder: (name) => asked((store) => store.holder(name)),
    close: async () => (await opening)?.close(),
  }
}

const takeScript = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

async function openRedis(place: BullmqPlace, prefix: string): Promise<OpenLeaseStore> {
  const redis = await openRedisClient(place)
  const key = (name: string) => `${prefix}:lease:${name}`
  return {
    take: async (name, owner, milliseconds) => (await redis.eval(takeScript, 1, key(name), owner, milliseconds)) === 1,
    release: async (name, owner) => {
      await redis.eval(releaseScript, 1, key(name), owner)
    },
    holder: async (name) => (await redis.get(key(name))) ?? undefined,
    close: async () => redis.disconnect(),
  }
}

/** A client of Redis for what we ask ourselves. */
export async function openRedisClient({ connection }: BullmqPlace): Promise<Redis> {
  const redis = isClient(connection)
    ? (connection.duplicate() as unknown as Redis)
    : await connectRedis(connection as { readonly url?: string })
  redis.on('error', () => {}) // Whoever asks is told.
  return redis
}

async function connectRedis({ url, ...options }: { readonly url?: string }): Promise<Redis> {
  const ioredis = await import('ioredis')
  const settings = { ...options, maxRetriesPerRequest: 1 }
  return url === undefined ? new ioredis.Redis(settings) : new ioredis.Redis(url, settings)
}

const createTable = `CREATE TABLE IF NOT EXISTS regauge_leases (
  name text PRIMARY KEY, owner text NOT NULL, ends_at timestamptz NOT NULL)`

/** By the server's clock, which is the same for all. Who waited for another's row is told the time of then. */
const takeStatement = `INSERT INTO regauge_leases AS held (name, owner, ends_at)
  VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, ends_at = clock_timestamp() + $3 * interval '1 millisecond'
  WHERE held.owner = excluded.owner OR held.ends_at <= clock_timestamp()`

/** A connection to PostgreSQL for what we ask ourselves. */
export async function openPool({ connection }: BullmqPlace): Promise<Pool> {
  const { default: pg } = await import('pg')
  const { migrate: _, schema: __, skipVersionCheck: ___, skipMigrations: ____, ...options } = connection as Record<string, unknown>
  const pool: Pool = new pg.Pool({ ...options, max: 1, connectionTimeoutMillis: timeout })
  pool.on('error', () => {}) // Whoever asks is told.
  return pool
}

async function openPostgres(place: BullmqPlace, prefix: string): Promise<OpenLeaseStore> {
  const pool = await openPool(place)
  const key = (name: string) => `${prefix}:${name}`
  // Of two that make it at the same time one fails, and finds it the next time.
  await pool.query(createTable).catch(() => pool.query(createTable))
  return {
    take: async (name, owner, milliseconds) => (await pool.query(takeStatement, [key(name), owner, milliseconds])).rowCount === 1,
    release: async (name, owner) => {
      await pool.query('DELETE FROM regauge_leases WHERE name = $1 AND owner = $2', [key(name), owner])
    },
    holder: async (name) => {
      const { rows } = await pool.query<{ owner: string }>(
        'SELECT owner FROM regauge_leases WHERE name = $1 AND ends_at > clock_timestamp()',
        [key(name)],
      )
      return rows[0]?.owner
    },
    close: () => pool.end(),
  }
}
