import type { ChildFailure, FinishedJobCounts, JobConstraints, JobStateName, NewConstraints } from './engine/index.ts'
import type { RecurringJob, ScheduleProgress, ScheduleStatus } from './schedules/index.ts'

/** What a job carries: plain JSON. */
export type JobData = { readonly [key: string]: unknown }

/** A job to enqueue. */
export interface NewJob {
  /** An id of one's own; while a job of that id exists, adding it again changes nothing. Not a number. */
  readonly id?: string | undefined
  readonly queue: string
  /** The name of the class that performs it. */
  readonly name: string
  readonly data: JobData
  /** Smaller runs first; without one it counts as 0. */
  readonly priority?: number | undefined
  /** When it may run, in milliseconds since the epoch; at once without. */
  readonly runAt?: number | undefined
  /** What keeps it from being stored, or from running, because of others; the children that it waits for among them. */
  readonly constraints?: NewConstraints<NewJob> | undefined
}

/** A job that a worker has taken. */
export interface ReservedJob {
  readonly id: string
  readonly queue: string
  readonly name: string
  readonly data: JobData
  /** 0 when it has none. */
  readonly priority: number
  /** 1 for the first time it runs; counts runs that the death of the process ended. */
  readonly attempt: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The time it was delayed to, in milliseconds since the epoch; undefined when it wasn't. */
  readonly runAt: number | undefined
  /** Whether somebody may ask for what it answers. */
  readonly keepsResult?: boolean | undefined
  /** What the job may ask of its worker while it runs. */
  readonly run?: JobRun | undefined
}

/** A run of a job, seen from inside. */
export interface JobRun {
  /** Whether the worker is about to stop: a job of several steps ends at its next checkpoint. */
  readonly isStopping: boolean
  /** Replaces what the job carries, for the case that the process dies. */
  save(data: JobData): void
  /** The children that the job waited for, oldest first. */
  children?(): Promise<StoredJob[]>
}

/** Why a job failed. */
export interface JobFailure {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
}

/** What gives a job up: a `retryOn` whose attempts are used up, after which Active Job leaves the error to the queue, or a `retryInterval`,
 * after which nothing tries it again. */
export type GivenUpBy = 'retryOn' | 'retryInterval'

/** What a worker made of a job. Whether to retry or to give up is decided above the backend, so that it means the same on all of them. */
export type Outcome =
  | { readonly kind: 'completed'; readonly result?: unknown }
  | { readonly kind: 'discarded' }
  | {
      readonly kind: 'failed'
      readonly error: JobFailure
      /** What of its class has given it up, where something did. */
      readonly givenUpBy?: GivenUpBy | undefined
    }
  /** The process that ran it is dead: it runs again, unless that happened too often. */
  | { readonly kind: 'died' }
  | {
      readonly kind: 'retry'
      readonly data: JobData
      readonly queue: string
      readonly priority: number
      /** Milliseconds since the epoch; 0 is at once. */
      readonly runAt: number
    }

/** Runs one job. A rejection counts as a failure. */
export type JobHandler = (job: ReservedJob) => Promise<Outcome>

/** What a worker takes, and how many at a time. */
export interface ProcessOptions {
  /** Names in order of precedence, `mail*` for a prefix, `*` for all. */
  readonly queues: readonly string[]
  /** How often a queue comes first, compared with the others: without weights the order is strict. */
  readonly weights?: Readonly<Record<string, number>> | undefined
  readonly concurrency: number
  /** What the worker runs already: it was taken from a queue that another process kept, which is gone. */
  readonly running?: readonly RunningJob[] | undefined
}

/** A job that runs. */
export type RunningJob = Pick<ReservedJob, 'id' | 'attempt'>

/** Something that takes jobs from a backend. */
export interface JobWorker {
  /** Takes no more jobs and waits for those that run.
   * @param options.timeout milliseconds to wait at most
   * @returns how many still run
   */
  stop(options?: { readonly timeout?: number | undefined }): Promise<{ readonly unfinished: number }>
}

/** How many jobs are in each state. */
export type JobCounts = Readonly<Record<JobStateName, number>>

/** How a queue does. */
export interface QueueMetrics extends FinishedJobCounts {
  /** How long the job has waited that has waited longest of those that could run now, in milliseconds; 0 when none waits. */
  readonly latency: number
}

/** Which metrics are asked for. */
export interface MetricsOptions {
  /** Those of one queue only. */
  readonly queue?: string | undefined
  /** How many of the last minutes, two weeks of them at most. Default 60. */
  readonly minutes?: number | undefined
}

/** A job as listings show it. Times are milliseconds since the epoch. */
export interface StoredJob {
  readonly id: string
  readonly queue: string
  readonly name: string
  readonly data: JobData
  /** Why the data can't be read, where they can't: `data` is empty then, and the job can't be run. */
  readonly dataError?: JobFailure | undefined
  readonly priority: number
  readonly state: JobStateName
  readonly attempts: number
  readonly createdAt: number
  readonly runAt: number | undefined
  readonly finishedAt: number | undefined
  readonly error: JobFailure | undefined
  /** What it answered, when completed jobs are kept: serialised as arguments are. */
  readonly result: unknown
  /** How far it said it was. */
  readonly progress?: unknown
  /** What it wrote to its own log. */
  readonly logs?: readonly string[] | undefined
  readonly constraints?: JobConstraints | undefined
  /** The id of the job that waits for it, or may ask what came of it. */
  readonly parent?: string | undefined
  /** Present when it has children: what becomes of it when one of them is given up. */
  readonly onChildFailure?: ChildFailure | undefined
  /** Whether its class gave it up; it is kept as `completed`, for its parent. */
  readonly isDiscarded?: boolean | undefined
}

/** A part of a listing. */
export interface Page {
  readonly offset?: number | undefined
  /** Default 100. */
  readonly limit?: number | undefined
  /** The jobs of one queue only. */
  readonly queue?: string | undefined
}

/** Rights that one process has at a time of all that use a backend, each for a while. */
export interface LeaseStore {
  /** Takes a lease that nobody has, or one's own again, from now on for so many milliseconds. @returns whether it is the owner's */
  take(name: string, owner: string, milliseconds: number): Promise<boolean>
  /** Gives a lease back, if it is the owner's. */
  release(name: string, owner: string): Promise<void>
  /** Who has a lease. */
  holder(name: string): Promise<string | undefined>
}

/** Where jobs are kept: the embedded engine, or a server by way of an adapter. Jobs run at least once on all of them. */
export interface JobBackend {
  /** Resolves with the jobs' ids when they are durable; rejects when none of them was stored. Null stands for a job that its constraints
   * kept from being stored. Behind the ids of the jobs are those of their children, where they have some: level by level, in their order. */
  add(entries: readonly NewJob[]): Promise<(string | null)[]>
  /** Adds one job as `add` does, where that can be done with less. Resolves with what `tell` makes of a subject and the job's id. */
  addOne?<S, T>(entry: NewJob, subject: S, tell: (subject: S, id: string | null) => T): Promise<T>
  process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker>
  counts(): Promise<JobCounts>
  /** How many jobs each queue has, those among them that have none any more but had some of late. */
  countsByQueue?(): Promise<Readonly<Record<string, JobCounts>>>
  /** What the jobs of each queue came to, and how long others wait: of the queues in which any did. */
  metrics?(options?: MetricsOptions): Promise<Readonly<Record<string, QueueMetrics>>>
  list(state: JobStateName, page?: Page): Promise<StoredJob[]>
  /** Lets failed jobs run again, at once and with all their attempts (`withoutCounters`); those whose data can't be read stay. A parent waits for those of
   * its children that are retried with it. Answers how many there were. */
  retry(ids: readonly string[]): Promise<number>
  /** Forgets jobs that aren't running. Answers how many there were. */
  remove(ids: readonly string[]): Promise<number>
  /** Lets no more jobs of a queue begin, until it is resumed; also after a restart. */
  pause?(queue: string): Promise<void>
  resume?(queue: string): Promise<void>
  /** The queues that are paused. */
  paused?(): Promise<string[]>
  /** Replaces all jobs that are enqueued again and again. One process of all that use the backend keeps their times.
   * @param progress where another backend was with them
   */
  schedule?(recurring: readonly RecurringJob[], progress?: ScheduleProgress): Promise<void>
  schedules?(): Promise<ScheduleStatus[]>
  /** Where those of these recurring jobs are in their times that the backend keeps, whoever set them: nothing is set, and nothing enqueued. */
  progressOf?(recurring: readonly RecurringJob[]): Promise<ScheduleProgress>
  /** A job, whatever its state. */
  find?(id: string): Promise<StoredJob | undefined>
  /** The children of a job that are still there, oldest first. Those that are done are there as long as their parent isn't. A backend without this
   * takes no jobs with children. */
  children?(id: string): Promise<StoredJob[]>
  /** Takes in jobs of another backend as they are there: waiting, delayed or failed, with their ids, attempts and errors. Those whose ids are there
   * already stay as they are. A parent comes before its children, all of which come with it, also those that are done. No worker may be at their queues
   * meanwhile, so pause them.
   * @throws JobTooLarge when a parent and its children are too large together; nothing of them was taken in */
  adopt?(jobs: readonly StoredJob[]): Promise<void>
  /** Jobs that count as active though the process that ran them is gone, where that can be told: as they are when they wait again. */
  stalled?(): Promise<StoredJob[]>
  /** Lets these wait again at once, with an attempt used up. */
  recover?(): Promise<void>
  /** Leases among all machines, where the backend is for several. */
  readonly leases?: LeaseStore
  close(): Promise<void>
}
