import { installEmbeddedBackend } from './factory.ts'

export * from 'bullmq'
export { type BullmqBackendOptions, type BullmqConnection, bullmqBackend } from '../backend.ts'
export { BullmqMissing } from '../errors.ts'
export { EmbeddedQueueBackend } from './backend.ts'
export { createEmbeddedBackend, installEmbeddedBackend } from './factory.ts'
export { configureQueues, type EmbeddedQueueOptions } from './options.ts'

installEmbeddedBackend()
