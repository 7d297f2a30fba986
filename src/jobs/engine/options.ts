import { type Logger, logger } from '../../logging/index.ts'
import type { JournalDurability } from '../journal/index.ts'
import type { BackPressureOptions } from './limits/back_pressure.ts'
import type { Retention } from './finished_jobs.ts'
import type { QueueLimit } from './queues/queue_controls.ts'

/** When an added job counts as stored: on the disk, handed to the operating system (synced twice a second), or at once. */
export type Durability = JournalDurability | 'memory'

/** Where the engine reports what it can't tell a caller. */
export type EngineLogger = Pick<Logger, 'info' | 'warn' | 'error'>

/** How an engine is set up. */
export interface EngineOptions {
  /** Where the journal lives; made when it doesn't exist. Not needed with durability 'memory'. */
  readonly directory?: string | undefined
  /** Default 'fsync': a stored job survives the loss of power. 'interval' survives the death of the process. */
  readonly durability?: Durability | undefined
  /** Default: no completed jobs (where they are kept, 10,000 for 30 days), and 10,000 failed ones for 180 days. */
  readonly retention?: { readonly completed?: Partial<Retention> | undefined; readonly failed?: Partial<Retention> | undefined } | undefined
  /** How often the process may die while it runs a job before the job counts as failed. Default 10. */
  readonly maxRecoveries?: number | undefined
  /** The longest JSON text of a job's data, in characters. Default 8 million. */
  readonly maxDataLength?: number | undefined
  /** The size in bytes at which a journal file is followed by the next. Default 32 MB. */
  readonly segmentBytes?: number | undefined
  /** How fast jobs may be started, by queue. */
  readonly limits?: Readonly<Record<string, QueueLimit>> | undefined
  /** Lets enqueues wait while too many jobs do. Default: they never wait. */
  readonly backPressure?: BackPressureOptions | undefined
  readonly logger?: EngineLogger | undefined
  /** Called when another process took the directory over: this queue is closed then. */
  readonly onLost?: (() => void) | undefined
}

const day = 24 * 3600
/** The longest JSON text of a job's data, in characters, where nothing else is said. */
export const longestData = 8_000_000

/** The options with their defaults filled in. */
export function resolveOptions(options: EngineOptions) {
  return {
    directory: options.directory ?? 'storage/jobs',
    durability: options.durability ?? 'fsync',
    retention: {
      completed: { count: options.retention?.completed === undefined ? 0 : 10_000, age: 30 * day, ...options.retention?.completed },
      failed: { count: 10_000, age: 180 * day, ...options.retention?.failed },
    },
    maxRecoveries: options.maxRecoveries ?? 10,
    maxDataLength: options.maxDataLength ?? longestData,
    segmentBytes: options.segmentBytes ?? 32 * 1024 * 1024,
    limits: options.limits ?? {},
    backPressure: options.backPressure,
    logger: options.logger ?? logger,
    onLost: options.onLost,
  } as const
}
