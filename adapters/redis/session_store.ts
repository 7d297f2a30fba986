import type { SessionRecord, SessionStore } from '../../src/http/index.ts'
import { type RedisCommands, type RedisConnection, redisCommands } from './client.ts'

/** What `redisSessionStore` takes. */
export interface RedisSessionOptions {
  /** Default: `REDIS_URL`, else the Redis of this machine. */
  readonly connection?: RedisConnection | undefined
  /** What the keys begin with; the private id of the session follows. Default `session:`. With the `key_prefix` of the gem redis-session-store
   * and its JSON serializer both applications share their sessions. */
  readonly prefix?: string | undefined
  /** Seconds that a session is kept which `expireAfter` doesn't end. Default two weeks. */
  readonly keepFor?: number | undefined
}

/** Keeps sessions in Redis.
 * @example config.session.store = redisSessionStore({ connection: process.env.REDIS_URL, prefix: 'shop:session:' })
 */
export function redisSessionStore(options: RedisSessionOptions = {}): SessionStore {
  return new RedisSessionStore(options)
}

class RedisSessionStore implements SessionStore {
  readonly isAsynchronous = true
  readonly #redis: RedisCommands
  readonly #prefix: string
  readonly #keepFor: number

  constructor({ connection, prefix = 'session:', keepFor = 14 * 86_400 }: RedisSessionOptions) {
    this.#redis = redisCommands(connection ?? process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')
    this.#prefix = prefix
    this.#keepFor = keepFor
  }

  async read(id: string): Promise<SessionRecord | undefined> {
    const text = await this.#redis.send('GET', this.#prefix + id)
    return typeof text === 'string' ? recordOf(text) : undefined
  }

  async write(id: string, record: SessionRecord, expireAfter: number = this.#keepFor): Promise<void> {
    await this.#redis.send('SET', this.#prefix + id, JSON.stringify(record), 'EX', String(Math.max(1, Math.ceil(expireAfter))))
  }

  async delete(id: string): Promise<void> {
    await this.#redis.send('DEL', this.#prefix + id)
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}

function recordOf(text: string): SessionRecord | undefined {
  try {
    const record: unknown = JSON.parse(text)
    return typeof record === 'object' && record !== null && !Array.isArray(record) ? (record as SessionRecord) : undefined
  } catch {
    return undefined // marshalled by Ruby: the session begins anew
  }
}
