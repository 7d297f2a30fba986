import { installEmbeddedBackend } from './factory.ts'

export * from 'bullmq'
export { type BullmqBackendOptions, bullmqBackend } from '../backend.ts'
export type { BullmqConnection } from '../connection.ts'
export { BullmqMissing } from '../errors.ts'
export { EmbeddedQueueBackend } from './backend.ts'
export { createEmbeddedBackend, installEmbeddedBackend } from './factory.ts'
export { configureQueues, type EmbeddedQueueOptions } from './options.ts'

installEmbeddedBackend()
