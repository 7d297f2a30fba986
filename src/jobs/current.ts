import type { JobBackend } from './backend.ts'
import type { RecordLocator } from './record_locator.ts'

let backend: JobBackend | undefined
let locator: RecordLocator | undefined

/** Makes `replacement` the backend that `performLater` adds to. The application calls it at boot. */
export function useJobBackend(replacement: JobBackend | undefined): void {
  backend = replacement
}

/** The backend in use, if the application has booted. */
export function currentJobBackend(): JobBackend | undefined {
  return backend
}

/** Sets how records in job arguments are found. The application calls it at boot. */
export function useRecordLocator(replacement: RecordLocator | undefined): void {
  locator = replacement
}

/** The record locator in use. */
export function currentRecordLocator(): RecordLocator | undefined {
  return locator
}
