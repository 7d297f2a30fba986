import type { Logger } from '../logging/index.ts'

/** The part of a logger that this room uses. */
export type CableLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
