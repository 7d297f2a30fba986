import type { Journal } from '../../../../src/jobs/journal/index.ts'
import type { JournalEntry } from '../journal/entries.ts'
import { QueueState } from './queue_state.ts'
import { changed, type StoredJob } from './stored_job.ts'

/** What has changed between two writes. */
export interface Changes {
  readonly removals: readonly JournalEntry[]
  readonly jobs: ReadonlyMap<StoredJob, QueueState>
  /** Those of the jobs that the journal didn't know. */
  readonly added: readonly StoredJob[]
  readonly queues: ReadonlySet<QueueState>
  readonly fields: readonly FieldChange[]
}

// Kept here, so that an application's tests may replace the global clock.
const readMonotonic = performance.now.bind(performance)

function readTicks(): number {
  return Math.floor(readMonotonic())
}

/** A field of a queue that has changed: a deduplication id, a scheduler or the metrics. */
export interface FieldChange {
  readonly kind: 'e' | 'h' | 'm'
  readonly queue: QueueState
  readonly id: string
}

/** All queues of a directory, and what of them the journal has yet to be told. */
export class Store {
  readonly queues = new Map<string, QueueState>()
  /** When the operation under way began. */
  now = Date.now()
  /** The same on a clock that nobody sets: milliseconds for locks and rate limits. */
  ticks = readTicks()
  #order = 0
  #journal: Journal | undefined
  #changedJobs = new Map<StoredJob, QueueState>()
  #removals: JournalEntry[] = []
  #changedQueues = new Set<QueueState>()
  readonly #changedFields = new Map<string, FieldChange>()

  /** From here on everything is written to `journal`. Without one, queues live as long as the process. */
  attach(journal: Journal): void {
    this.#journal = journal
  }

  /** Sets the clocks for an operation. */
  begin(): this {
    this.now = Date.now()
    this.ticks = readTicks()
    return this
  }

  queue(qualifiedName: string): QueueState {
    let queue = this.queues.get(qualifiedName)
    if (queue === undefined) this.queues.set(qualifiedName, (queue = new QueueState(this, qualifiedName)))
    return queue
  }

  /** The job of a key (`prefix:queue:id`), with its queue. Prefixes and ids may contain colons, names of queues don't. */
  find(key: string | undefined): { readonly queue: QueueState; readonly job: StoredJob } | undefined {
    if (key === undefined) return undefined
    for (let colon = key.indexOf(':'); colon >= 0; colon = key.indexOf(':', colon + 1)) {
      const queue = this.queues.get(key.slice(0, colon))
      const job = queue?.jobs.get(key.slice(colon + 1))
      if (queue !== undefined && job !== undefined) return { queue, job }
    }
    return undefined
  }

  nextOrder(): number {
    return ++this.#order
  }

  /** Orders up to this one have been given away. */
  skipOrders(order: number): void {
    if (order > this.#order) this.#order = order
  }

  jobChanged(queue: QueueState, job: StoredJob, parts: number): void {
    if (this.#journal === undefined || job.isRemoved) return
    if (job.unstored === changed.nothing) this.#changedJobs.set(job, queue)
    job.unstored |= parts
    this.#journal.changed()
  }

  jobRemoved(queue: QueueState, job: StoredJob): void {
    job.isRemoved = true
    if (this.#journal === undefined) return
    this.#changedJobs.delete(job)
    if (!job.isStored) return
    this.#removals.push(['x', queue.qualifiedName, job.id])
    this.#journal.changed()
  }

  queueChanged(queue: QueueState): void {
    if (this.#journal === undefined) return
    this.#changedQueues.add(queue)
    this.#journal.changed()
  }

  deduplicationChanged(queue: QueueState, id: string): void {
    this.#fieldChanged({ kind: 'e', queue, id })
  }

  schedulerChanged(queue: QueueState, id: string): void {
    this.#fieldChanged({ kind: 'h', queue, id })
  }

  metricsChanged(queue: QueueState): void {
    this.#fieldChanged({ kind: 'm', queue, id: '' })
  }

  /** Resolves when everything so far is on disk. */
  stored(): Promise<void> | undefined {
    return this.#journal?.stored()
  }

  get hasChanges(): boolean {
    return this.#changedJobs.size + this.#removals.length + this.#changedQueues.size + this.#changedFields.size > 0
  }

  /** What has changed since it was last asked. The journal writes the present state of each. */
  takeChanges(): Changes {
    const changes = {
      removals: this.#removals,
      jobs: this.#changedJobs,
      added: [...this.#changedJobs.keys()].filter(({ isStored }) => !isStored),
      queues: this.#changedQueues,
      fields: [...this.#changedFields.values()],
    }
    this.#removals = []
    this.#changedJobs = new Map()
    this.#changedQueues = new Set()
    this.#changedFields.clear()
    return changes
  }

  /** These changes are on disk. */
  confirmChanges({ added }: Changes): void {
    for (const job of added) job.isDurable = true
  }

  /** Takes changes back that couldn't be written. */
  restoreChanges({ removals, jobs, added, queues, fields }: Changes): void {
    this.#removals.unshift(...removals)
    for (const job of added) job.isStored = false
    for (const [job, queue] of jobs) {
      if (job.isRemoved) continue
      job.isIncomplete = true
      job.unstored = changed.everything
      this.#changedJobs.set(job, queue)
    }
    for (const queue of queues) this.#changedQueues.add(queue)
    for (const change of fields) this.#fieldChanged(change)
  }

  #fieldChanged(change: FieldChange): void {
    if (this.#journal === undefined) return
    this.#changedFields.set(`${change.kind} ${change.queue.qualifiedName} ${change.id}`, change)
    this.#journal.changed()
  }
}
