import type { JobsOptions, ParentKeys } from 'bullmq'
import type { ChildChange } from '../state/children.ts'
import type { Candidate, Deduplication, QueueState, Scheduler } from '../state/queue_state.ts'
import { changed, jobStates, StoredJob } from '../state/stored_job.ts'

/** What a job was added with, and the number of ids its queue had given away then. */
export type JobBody = readonly [
  name: string,
  data: string,
  options: string,
  timestamp: number,
  parentKey: string | null | undefined,
  parent: ParentKeys | null | undefined,
  repeatJobKey: string | null | undefined,
  idCounter: number,
]

type Optional<T> = T | null | undefined

/** What became of a job; of one that just waits, the beginning. */
export type JobProgress = readonly [
  state: number,
  score: number,
  order: number,
  attemptsStarted: number,
  attemptsMade: number,
  stalledCounter: number,
  delay: number,
  priority: number,
  processedOn?: Optional<number>,
  finishedOn?: Optional<number>,
  progress?: Optional<string>,
  returnValue?: Optional<string>,
  failedReason?: Optional<string>,
  deferredFailure?: Optional<string>,
  stacktrace?: Optional<string>,
  processedBy?: Optional<string>,
]

/** One line of the journal. The first letter says what it is; the second field is the queue's qualified name. */
export type JournalEntry =
  | readonly ['j', queue: string, id: string, JobBody, JobProgress, children: readonly ChildChange[], logs: readonly string[]]
  | readonly ['s', queue: string, id: string, JobProgress]
  | readonly ['b', queue: string, id: string, JobBody]
  | readonly ['c', queue: string, id: string, readonly ChildChange[]]
  | readonly ['l', queue: string, id: string, rows: readonly string[], isWhole: boolean]
  | readonly ['x', queue: string, id: string]
  | readonly ['q', queue: string, meta: readonly (readonly [string, string])[], idCounter: number]
  | readonly ['e', queue: string, id: string, held: Optional<Deduplication>, kept: Optional<Candidate>]
  | readonly ['h', queue: string, id: string, scheduler: Optional<Scheduler>]
  | readonly ['m', queue: string, completed: StoredMetrics, failed: StoredMetrics]

/** The state of a series of metrics. */
export interface StoredMetrics {
  readonly count: number
  readonly previousTime?: number | undefined
  readonly previousCount: number
  readonly points: number[]
}

/** The entries that bring the journal up to date with a job. */
export function jobEntries(queue: QueueState, job: StoredJob): JournalEntry[] {
  if (!job.isStored || job.isIncomplete) return [wholeJob(queue, job)]
  const parts = job.unstored
  const name = queue.qualifiedName
  const entries: JournalEntry[] = []
  if (parts & changed.body) entries.push(['b', name, job.id, bodyOf(queue, job)])
  if (parts & changed.state) entries.push(['s', name, job.id, progressOf(job)])
  if (parts & changed.children) {
    entries.push(['c', name, job.id, job.children.changes])
    job.children.changes = []
  }
  if (parts & changed.logs) {
    entries.push(['l', name, job.id, job.logs.slice(job.storedLogs), job.storedLogs === 0])
    job.storedLogs = job.logs.length
  }
  job.unstored = changed.nothing
  return entries
}

/** A job with everything that belongs to it. */
export function wholeJob(queue: QueueState, job: StoredJob): JournalEntry {
  const children = job.hasChildren ? job.children.all() : []
  if (job.hasChildren) job.children.changes = []
  job.storedLogs = job.logs.length
  job.unstored = changed.nothing
  job.isStored = true
  job.isIncomplete = false
  return ['j', queue.qualifiedName, job.id, bodyOf(queue, job), progressOf(job), children, job.logs]
}

export function queueEntry(queue: QueueState): JournalEntry {
  return ['q', queue.qualifiedName, [...queue.meta], queue.idCounter]
}

export function deduplicationEntry(queue: QueueState, id: string): JournalEntry {
  return ['e', queue.qualifiedName, id, queue.deduplications.get(id), queue.keptBack.get(id)]
}

export function schedulerEntry(queue: QueueState, id: string): JournalEntry {
  return ['h', queue.qualifiedName, id, queue.schedulers.get(id)]
}

export function metricsEntry({ qualifiedName, metrics }: QueueState): JournalEntry {
  return ['m', qualifiedName, { ...metrics.completed }, { ...metrics.failed }]
}

/** The job of an entry, in no list yet. */
export function jobFrom(id: string, [name, data, options, timestamp, parentKey, parent, repeatJobKey]: JobBody): StoredJob {
  const opts = JSON.parse(options) as JobsOptions
  return new StoredJob(id, {
    name,
    data,
    opts,
    timestamp,
    parentKey: parentKey ?? undefined,
    parent: parent ?? undefined,
    repeatJobKey: repeatJobKey ?? undefined,
  })
}

/** Sets a job to what an entry says became of it. */
export function applyProgress(job: StoredJob, progress: JobProgress): void {
  job.state = jobStates[progress[0]]
  job.score = progress[1]
  job.order = progress[2]
  job.attemptsStarted = progress[3]
  job.attemptsMade = progress[4]
  job.stalledCounter = progress[5]
  job.delay = progress[6]
  job.priority = progress[7]
  job.processedOn = progress[8] ?? undefined
  job.finishedOn = progress[9] ?? undefined
  job.progress = progress[10] ?? undefined
  job.returnValue = progress[11] ?? undefined
  job.failedReason = progress[12] ?? undefined
  job.deferredFailure = progress[13] ?? undefined
  job.stacktrace = progress[14] ?? undefined
  job.processedBy = progress[15] ?? undefined
}

function bodyOf(queue: QueueState, job: StoredJob): JobBody {
  return [job.name, job.data, job.options, job.timestamp, job.parentKey, job.parent, job.repeatJobKey, queue.idCounter]
}

function progressOf(job: StoredJob): JobProgress {
  const state = job.state === undefined ? -1 : jobStates.indexOf(job.state)
  if (isUntouched(job)) {
    return [state, job.score, job.order, job.attemptsStarted, job.attemptsMade, job.stalledCounter, job.delay, job.priority]
  }
  return [
    state,
    job.score,
    job.order,
    job.attemptsStarted,
    job.attemptsMade,
    job.stalledCounter,
    job.delay,
    job.priority,
    job.processedOn,
    job.finishedOn,
    job.progress,
    job.returnValue,
    job.failedReason,
    job.deferredFailure,
    job.stacktrace,
    job.processedBy,
  ]
}

function isUntouched({
  processedOn,
  finishedOn,
  progress,
  returnValue,
  failedReason,
  deferredFailure,
  stacktrace,
  processedBy,
}: StoredJob) {
  const times = processedOn ?? finishedOn
  return (times ?? progress ?? returnValue ?? failedReason ?? deferredFailure ?? stacktrace ?? processedBy) === undefined
}
