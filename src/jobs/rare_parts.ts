import { serializeArguments } from './arguments/serialize.ts'
import type { Continuation, StoredContinuation } from './continuation/index.ts'
import { currentRecordLocator } from './current.ts'
import type { JobNotes } from './job_notes.ts'
import type { JobPayload, logContext } from './payload.ts'

/** What few jobs have beside their fields. */
export interface RareParts {
  continuation?: Continuation
  storedContinuation?: StoredContinuation
  /** When its continuation was saved last, in milliseconds since the epoch. */
  savedAt?: number
  log?: ReturnType<typeof logContext>
  notes?: JobNotes
}

/** What a payload says of how far a job of several steps is. */
export function storedProgress({ completed, current }: StoredContinuation, resumptions: number): Partial<JobPayload> {
  const cursor = current && serializeArguments([current[1]], currentRecordLocator())[0]
  return { continuation: { completed, ...(current && { current: [current[0], cursor] }) }, resumptions }
}
