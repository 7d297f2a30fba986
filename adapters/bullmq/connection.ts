import type { ConnectionOptions } from 'bullmq'
import { BullmqMissing } from './errors.ts'
import { steadyClient } from './steady_client.ts'

/** A client of Redis that is there already: ioredis' `Redis` or `Cluster`, with `maxRetriesPerRequest: null`. */
export interface RedisClient {
  readonly isCluster?: boolean | undefined
  connect(...args: never[]): unknown
  disconnect(...args: never[]): unknown
  duplicate(...args: never[]): unknown
}

/** Where the jobs are: a URL of Redis or PostgreSQL, or the options that ioredis takes (`tls`, `sentinels` and all), or those of node-postgres with
 * `connectionString` or `database`, or a client of Redis, as a cluster needs. */
export type BullmqConnection = string | { readonly [option: string]: unknown } | RedisClient

/** What BullMQ's classes are made with. */
export interface BullmqPlace {
  readonly connection: ConnectionOptions
  readonly isPostgres: boolean
  /** Typed as that of Redis: what we use of the two is the same. */
  readonly factory: typeof import('bullmq').createRedisBackend
}

/** Each queue and each worker has connections of its own: so many to PostgreSQL at most. */
const postgresPool = { max: 3, migrate: true }

const migratesNothing = { migrate: false, skipMigrations: undefined }

/** Redis is tried again soon after it went away: BullMQ's own rule comes to 20 seconds between two tries. */
const retryStrategy = (tries: number): number => Math.min(100 * 2 ** tries, 2000)

/** The backend of BullMQ for a connection. It is named, because an application that uses the embedded queues as well makes those the default.
 * @param readsOnly no tables are made or changed */
export async function placeOf(bullmq: typeof import('bullmq'), connection: BullmqConnection, readsOnly = false): Promise<BullmqPlace> {
  if (isClient(connection)) return { connection: connection as ConnectionOptions, isPostgres: false, factory: bullmq.createRedisBackend }
  if (!isPostgres(connection)) {
    const options = typeof connection === 'string' ? { url: connection } : connection
    return { connection: { retryStrategy, ...options } as ConnectionOptions, isPostgres: false, factory: bullmq.createRedisBackend }
  }
  const options = typeof connection === 'string' ? { connectionString: connection } : connection
  return {
    connection: {
      ...postgresPool,
      Client: await steadyClient(),
      ...options,
      ...(readsOnly && migratesNothing),
    } as unknown as ConnectionOptions,
    isPostgres: true,
    factory: bullmq.createPostgresBackend as unknown as BullmqPlace['factory'],
  }
}

/** @throws BullmqMissing (REGAUGE_BULLMQ_MISSING) when the package bullmq isn't installed */
export async function loadBullmq(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq')
  } catch (cause) {
    throw new BullmqMissing({ reason: (cause as Error).message }, { cause })
  }
}

/** Finds the packages that a connection needs, without opening it.
 * @throws BullmqMissing (REGAUGE_BULLMQ_MISSING) when the package bullmq isn't installed */
export async function requireBullmqFor(connection: BullmqConnection): Promise<void> {
  await placeOf(await loadBullmq(), connection)
}

function isPostgres(connection: Exclude<BullmqConnection, RedisClient>): boolean {
  if (typeof connection === 'string') return /^postgres(?:ql)?:\/\//.test(connection)
  return 'connectionString' in connection || 'database' in connection
}

/** Whether a connection is a client of Redis, which BullMQ then makes more of by itself. */
export function isClient(connection: unknown): connection is RedisClient {
  if (typeof connection !== 'object' || connection === null) return false
  return ['connect', 'disconnect', 'duplicate'].every((method) => typeof Reflect.get(connection, method) === 'function')
}
