import type { JobConstraints } from './constraints.ts'
import { JobState, type JobStateCode } from './job_state.ts'
import type { Segment } from './segment.ts'

/** What only some jobs have. Kept apart, so that a waiting job doesn't pay for it in memory. */
export interface JobDetails {
  /** When the last attempt began, in milliseconds since the epoch. */
  startedAt?: number
  /** When the job completed or failed, in milliseconds since the epoch. */
  finishedAt?: number
  progress?: unknown
  returnValue?: unknown
  error?: { name: string; message: string; stack?: string | undefined }
  logs?: string[]
  parents?: string[]
  dependencies?: Record<string, string>
}

/** A job as the engine holds it: data and options stay the JSON text they are journaled as.
 *
 * The fields are written in one order by one constructor, so that all jobs share a hidden class; a waiting job takes about 200 bytes
 * beside its data.
 */
export class EngineJob {
  readonly sequence: number
  /** The id its author chose, when he chose one. */
  readonly customId: string | undefined
  readonly name: string
  queue: string
  data: string
  /** JSON text of its constraints, when it has any. */
  options: string | undefined
  /** Smaller runs first; 0 is a job without a priority. */
  priority: number
  state: JobStateCode = JobState.waiting
  /** How often it was started. */
  attempts = 0
  /** How often the process died while it was active, since it last ended by itself. */
  recoveries = 0
  readonly createdAt: number
  /** When it may run, in milliseconds since the epoch; 0 is at once. */
  runAt: number
  details: JobDetails | undefined = undefined
  /** What `options` says of other jobs it has to do with. */
  constraints: JobConstraints | undefined = undefined
  /** Where it is in the heap that holds it. */
  heapIndex = -1
  /** The journal segment that holds its latest full record. */
  segment: Segment | undefined = undefined
  /** How long that record is. */
  journalBytes = 0

  constructor(
    sequence: number,
    customId: string | undefined,
    name: string,
    queue: string,
    data: string,
    options: string | undefined,
    priority: number,
    createdAt: number,
    runAt: number,
  ) {
    this.sequence = sequence
    this.customId = customId
    this.name = name
    this.queue = queue
    this.data = data
    this.options = options
    this.priority = priority
    this.createdAt = createdAt
    this.runAt = runAt
  }

  /** The id the outside knows it by. */
  get id(): string {
    return this.customId ?? String(this.sequence)
  }
}
