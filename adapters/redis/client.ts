import { RedisMissing } from './errors.ts'

/** A client of `ioredis`, or one of `redis` that is connected: whatever sends commands. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown>; quit?(): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown>; quit?(): Promise<unknown> }

/** Where Redis is: a URL, a client, or options of `ioredis`. */
export type RedisConnection = string | RedisClient | { readonly [option: string]: unknown }

/** Sends commands to Redis, and ends the connection when it is its own. */
export interface RedisCommands {
  send(command: string, ...args: string[]): Promise<unknown>
  close(): Promise<void>
}

/** Opens a connection when the first command is sent, or uses the client that was given.
 * @throws RedisMissing (REGAUGE_REDIS_MISSING) from the first command, when a client is needed and `ioredis` isn't installed
 */
export function redisCommands(connection: RedisConnection): RedisCommands {
  if (isClient(connection)) return { send: sender(connection), close: async () => {} }
  let opened: Promise<RedisClient> | undefined
  return {
    async send(command, ...args) {
      opened ??= open(connection)
      return sender(await opened)(command, ...args)
    },
    async close() {
      const client = await opened?.catch(() => undefined)
      opened = undefined
      await client?.quit?.()
    },
  }
}

/** Loads what a connection needs, so that an application that lacks it doesn't boot.
 * @throws RedisMissing (REGAUGE_REDIS_MISSING) when `ioredis` isn't installed, and no client is given
 */
export async function requireClientFor(connection: RedisConnection | undefined): Promise<void> {
  if (connection === undefined || !isClient(connection)) await loadClient()
}

async function loadClient(): Promise<typeof import('ioredis').Redis> {
  try {
    return (await import('ioredis')).Redis
  } catch (cause) {
    throw new RedisMissing({}, { cause })
  }
}

function isClient(connection: RedisConnection): connection is RedisClient {
  return typeof connection === 'object' && ('call' in connection || 'sendCommand' in connection) && isFunction(connection)
}

function isFunction(connection: object): boolean {
  const { call, sendCommand } = connection as { call?: unknown; sendCommand?: unknown }
  return typeof call === 'function' || typeof sendCommand === 'function'
}

function sender(client: RedisClient): RedisCommands['send'] {
  // ioredis has a sendCommand of another kind beside call.
  if ('call' in client) return (command, ...args) => client.call(command, ...args)
  return (command, ...args) => client.sendCommand([command, ...args])
}

async function open(connection: string | object): Promise<RedisClient> {
  const Redis = await loadClient()
  // A command fails rather than waiting for a server that isn't there: a request must not hang.
  const options = { maxRetriesPerRequest: 1, enableOfflineQueue: true, connectTimeout: 5000 }
  const client = typeof connection === 'string' ? new Redis(connection, options) : new Redis({ ...options, ...connection })
  // Without a listener every lost connection is printed; the commands that fail of it tell.
  client.on('error', () => {})
  return client
}
