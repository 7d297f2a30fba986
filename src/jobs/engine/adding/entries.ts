import type { NewConstraints } from '../limits/constraints.ts'

/** A job to store. */
export interface NewEntry {
  /** An id of the author's choice: adding it again while the job exists changes nothing. */
  readonly id?: string | undefined
  readonly queue: string
  readonly name: string
  /** Plain JSON. */
  readonly data: object
  readonly constraints?: NewConstraints<NewEntry> | undefined
  readonly priority?: number | undefined
  /** Milliseconds since the epoch. */
  readonly runAt?: number | undefined
  /** How often it was started in the backend that it comes from. It has an id of its author's choice then. */
  readonly attempts?: number | undefined
}

/** What a job becomes when it is to run again. */
export interface Reschedule {
  /** JSON text. */
  readonly data?: string | undefined
  readonly queue?: string | undefined
  readonly priority?: number | undefined
  readonly runAt?: number | undefined
  /** How often the process died while it ran. Default 0: it has run to an end. */
  readonly recoveries?: number | undefined
}
