export { type BullmqBackendOptions, bullmqBackend } from './backend.ts'
export { type BullmqConnection, requireBullmqFor } from './connection.ts'
export { BullmqMissing, BullmqUnreadable } from './errors.ts'
