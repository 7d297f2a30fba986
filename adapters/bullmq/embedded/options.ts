import { type Logger, logger } from '../../../src/logging/index.ts'

/** Where the queues live, and when a job counts as stored. */
export interface EmbeddedQueueOptions {
  /** Made when it doesn't exist; one process owns it. Default 'storage/bullmq'. */
  readonly directory?: string | undefined
  /** 'fsync' (the default): what was added survives the loss of power; 'interval': the death of the process; 'memory': neither. */
  readonly durability?: 'fsync' | 'interval' | 'memory' | undefined
  /** Files are written anew when they hold so many bytes more than is needed. Default 32 MB. */
  readonly slackBytes?: number | undefined
  readonly logger?: Pick<Logger, 'warn' | 'error'> | undefined
}

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly directory: string
  readonly durability: 'fsync' | 'interval' | 'memory'
  readonly slackBytes: number
  readonly logger: Pick<Logger, 'warn' | 'error'>
}

let defaults: ResolvedOptions = { directory: 'storage/bullmq', durability: 'fsync', slackBytes: 32 * 1024 * 1024, logger }

/** Sets where queues live whose `connection` doesn't say. Queues that are open stay where they are.
 *
 * @example configureQueues({ directory: '/var/lib/shop/queues' })
 */
export function configureQueues(options: EmbeddedQueueOptions): void {
  defaults = resolve(options)
}

/** The options of a `connection`: its `directory`, `durability` and `slackBytes`. Whatever else it says is about a Redis that isn't needed. */
export function optionsOf(connection: unknown): ResolvedOptions {
  if (typeof connection !== 'object' || connection === null) return defaults
  const directory: unknown = Reflect.get(connection, 'directory')
  const durability: unknown = Reflect.get(connection, 'durability')
  const slackBytes: unknown = Reflect.get(connection, 'slackBytes')
  return resolve({
    directory: typeof directory === 'string' ? directory : undefined,
    durability: durability === 'fsync' || durability === 'interval' || durability === 'memory' ? durability : undefined,
    slackBytes: typeof slackBytes === 'number' ? slackBytes : undefined,
  })
}

function resolve(options: EmbeddedQueueOptions): ResolvedOptions {
  return {
    directory: options.directory ?? defaults.directory,
    durability: options.durability ?? defaults.durability,
    slackBytes: options.slackBytes ?? defaults.slackBytes,
    logger: options.logger ?? defaults.logger,
  }
}
