export { type BullmqBackendOptions, bullmqBackend } from './backend.ts'
export { type BullmqConnection, requireBullmqFor } from './connection.ts'
export { BullmqMissing } from './errors.ts'
