import type { JobJson, JobsOptions, ParentKeys } from 'bullmq'
import { Children } from './children.ts'
import { optionsFrom, optionsText } from './job_options.ts'
import type { Ranked } from './ordered_index.ts'

/** The lists a job can be in. */
export const jobStates = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children', 'completed', 'failed'] as const
export type JobState = (typeof jobStates)[number]

/** Which parts of a job the journal hasn't been told of. */
export const changed = { nothing: 0, state: 1, body: 2, children: 4, logs: 8, everything: 15 } as const

/** What a job is made of when it is added, but for its id. */
export interface NewJob {
  readonly name: string
  /** JSON text. */
  readonly data: string
  readonly opts: JobsOptions
  readonly timestamp: number
  readonly parentKey?: string | undefined
  readonly parent?: ParentKeys | undefined
  readonly repeatJobKey?: string | undefined
}

const none: string[] = []

/** A job as the store keeps it. */
export class StoredJob implements Ranked {
  readonly id: string
  name: string
  data: string
  /** JSON text: every reader gets its own copy. */
  readonly options: string
  readonly timestamp: number
  delay: number
  priority: number
  parentKey: string | undefined
  parent: ParentKeys | undefined
  readonly repeatJobKey: string | undefined
  readonly deduplicationId: string | undefined

  state: JobState | undefined
  score = 0
  order = 0
  /** JSON text. */
  progress: string | undefined
  attemptsStarted = 0
  attemptsMade = 0
  stalledCounter = 0
  processedOn: number | undefined
  finishedOn: number | undefined
  processedBy: string | undefined
  returnValue: string | undefined
  failedReason: string | undefined
  deferredFailure: string | undefined
  stacktrace: string | undefined

  /** Who works on it, and until which tick of the store it is believed. Never stored: a process that died holds nothing. */
  lockToken: string | undefined
  lockedUntil = 0
  /** A child of the flow being added belongs to another parent, so the flow doesn't release this one. */
  flowAttachmentFailed = false
  #children: Children | undefined
  /** Most jobs have none. */
  logs: string[] = none
  /** How many of the logs the journal knows. */
  storedLogs = 0
  unstored: number = changed.nothing
  /** The journal knows it, or is just writing it. */
  isStored = false
  /** It is on disk. */
  isDurable = false
  /** A write that held a part of it failed, so the next one holds all of it. */
  isIncomplete = false
  isRemoved = false

  constructor(id: string, job: NewJob) {
    const { opts } = job
    this.id = id
    this.name = job.name
    this.data = job.data
    this.options = optionsText(opts)
    this.timestamp = job.timestamp
    this.delay = Number(opts.delay ?? 0) || 0
    this.priority = Number(opts.priority ?? 0) || 0
    this.parentKey = job.parentKey
    this.parent = job.parent
    this.repeatJobKey = job.repeatJobKey
    this.deduplicationId = opts.deduplication?.id
  }

  get children(): Children {
    return (this.#children ??= new Children())
  }

  get hasChildren(): boolean {
    return this.#children !== undefined
  }

  get pendingChildren(): number {
    return this.#children?.pending.size ?? 0
  }

  get failedChildren(): number {
    return this.#children?.failed.size ?? 0
  }

  isLocked(ticks: number): boolean {
    return this.lockToken !== undefined && this.lockedUntil > ticks
  }

  unlock(): void {
    this.lockToken = undefined
    this.lockedUntil = 0
  }

  /** The job as BullMQ reads it. */
  toJson(): JobJson {
    return {
      id: this.id,
      name: this.name,
      data: this.data,
      opts: optionsFrom(this.options),
      progress: this.progress === undefined ? 0 : JSON.parse(this.progress),
      delay: this.delay,
      priority: this.priority,
      timestamp: this.timestamp,
      attemptsStarted: this.attemptsStarted,
      attemptsMade: this.attemptsMade,
      stalledCounter: this.stalledCounter,
      finishedOn: this.finishedOn,
      processedOn: this.processedOn,
      repeatJobKey: this.repeatJobKey,
      debounceId: this.deduplicationId,
      deduplicationId: this.deduplicationId,
      deferredFailure: this.deferredFailure,
      stacktrace: this.stacktrace,
      parentKey: this.parentKey,
      parent: this.parent === undefined ? undefined : { ...this.parent },
      processedBy: this.processedBy,
      // The interface calls these two strings; until the job ends they aren't.
      failedReason: this.failedReason as string,
      returnvalue: this.returnValue as string,
    }
  }
}
