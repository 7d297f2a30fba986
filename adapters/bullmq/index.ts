export { type BullmqBackendOptions, type BullmqConnection, bullmqBackend } from './backend.ts'
export { BullmqMissing } from './errors.ts'
