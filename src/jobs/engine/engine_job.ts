import type { StoredConstraints } from './limits/constraints.ts'
import { JobState, type JobStateCode } from './job_state.ts'
import { createdAtOf, customIdOf, dataOf, isPacked } from './records/put_record.ts'

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
  /** Whether its class gave it up; it is kept for its parent only. */
  isDiscarded?: boolean
}

/** What few jobs have, beside the record. */
export interface RareParts {
  details?: JobDetails | undefined
  /** What it has to do with other jobs. */
  constraints?: StoredConstraints | undefined
  /** How often the process died while it was active, since it last ended by itself. */
  recoveries?: number
}

const noBytes = Buffer.alloc(0)

/** A job as the engine holds it: what decides its turn as fields, all else as the bytes of its record in the journal, which is read
 * when somebody asks.
 *
 * The fields are written in one order by one constructor, so that all jobs share a hidden class; a job takes about 130 bytes
 * beside its record.
 */
export class EngineJob {
  readonly sequence: number
  readonly name: string
  queue: string
  /** Smaller runs first; 0 is a job without a priority. */
  priority: number
  state: JobStateCode
  /** How often it was started. */
  attempts = 0
  /** When it may run, in milliseconds since the epoch; 0 is at once. */
  runAt: number
  /** Where it is in the heap that holds it. */
  heapIndex = -1
  /** The bytes among which the body of its latest record is… */
  bytes: Buffer = noBytes
  /** …and where that begins. */
  at = 0
  rare: RareParts | undefined = undefined

  constructor(sequence: number, name: string, queue: string, priority: number, runAt: number) {
    this.sequence = sequence
    this.name = name
    this.queue = queue
    this.priority = priority
    this.state = runAt === 0 ? JobState.waiting : JobState.delayed
    this.runAt = runAt
  }

  /** The id the outside knows it by. */
  get id(): string {
    return this.customId ?? String(this.sequence)
  }

  /** The id its author chose, when he chose one. */
  get customId(): string | undefined {
    return customIdOf(this.bytes, this.at)
  }

  /** What it carries, read anew. @throws SyntaxError when that can't be read */
  get data(): unknown {
    return dataOf(this.bytes, this.at)
  }

  /** Whether what it carries is stored as MessagePack; else it is JSON text. */
  get isPacked(): boolean {
    return isPacked(this.bytes, this.at)
  }

  /** Milliseconds since the epoch. */
  get createdAt(): number {
    return createdAtOf(this.bytes, this.at)
  }

  get details(): JobDetails | undefined {
    return this.rare?.details
  }

  set details(details: JobDetails | undefined) {
    if (details !== undefined || this.rare !== undefined) this.rare = { ...this.rare, details }
  }

  get constraints(): StoredConstraints | undefined {
    return this.rare?.constraints
  }

  set constraints(constraints: StoredConstraints | undefined) {
    if (constraints !== undefined || this.rare !== undefined) this.rare = { ...this.rare, constraints }
  }

  get recoveries(): number {
    return this.rare?.recoveries ?? 0
  }

  set recoveries(recoveries: number) {
    if (recoveries !== 0 || this.rare !== undefined) this.rare = { ...this.rare, recoveries }
  }
}
