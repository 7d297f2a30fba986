import type { RateLimitStore } from '../../src/controller/index.ts'
import { type RedisConnection, redisCommands } from './client.ts'

/** What `redisRateLimitStore` takes. */
export interface RedisRateLimitOptions {
  /** Default: `REDIS_URL`, else the Redis of this machine. */
  readonly connection?: RedisConnection | undefined
  /** What the keys begin with. Default: nothing, since they begin with `rate-limit:`, as those of Rails' cache store. */
  readonly prefix?: string | undefined
}

// In one step, so that no count is left without an end when a process dies between two commands.
const script = `local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count`

/** Counts rate limits in Redis, so that all processes count together.
 * @example config.controller.rateLimitStore = redisRateLimitStore({ connection: process.env.REDIS_URL })
 */
export function redisRateLimitStore(options: RedisRateLimitOptions = {}): RateLimitStore & { close(): Promise<void> } {
  const { connection, prefix = '' } = options
  const redis = redisCommands(connection ?? process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')
  return {
    async increment(key, seconds) {
      return Number(await redis.send('EVAL', script, '1', prefix + key, String(Math.ceil(seconds * 1000))))
    },
    close: () => redis.close(),
  }
}
