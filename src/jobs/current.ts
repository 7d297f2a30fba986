import { PerApplication } from '../context/index.ts'
import type { JobBackend } from './backend.ts'
import type { RecordLocator } from './record_locator.ts'

const backends = new PerApplication<JobBackend>()
let locator: RecordLocator | undefined

/** Sets the backend that `performLater` adds to in an application, and outside of any. The application calls it at boot. */
export function useJobBackend(backend: JobBackend | undefined, application?: object): void {
  backends.use(backend, application)
}

/** Forgets what `useJobBackend` set for an application that has stopped. */
export function releaseJobBackend(application: object): void {
  backends.release(application)
}

/** The backend in use, if an application has booted. */
export function currentJobBackend(): JobBackend | undefined {
  return backends.current
}

/** Sets how records in job arguments are found. The application calls it at boot. */
export function useRecordLocator(replacement: RecordLocator | undefined): void {
  locator = replacement
}

/** The record locator in use. */
export function currentRecordLocator(): RecordLocator | undefined {
  return locator
}
