import type { Job, JobsOptions } from 'bullmq'
import {
  type BackPressureOptions,
  EmbeddedBackend,
  type JobBackend,
  type JobCounts,
  type JobHandler,
  type JobStateName,
  type JobWorker,
  type MetricsOptions,
  jobStateNames,
  type NewJob,
  type Page,
  type ProcessOptions,
  type QueueLimit,
  type QueueMetrics,
  type RecurringJob,
  type Retention,
  type ScheduleProgress,
  type ScheduleStatus,
  type StoredJob,
  withoutCounters,
} from '../../src/jobs/index.ts'
import { type Logger, logger as defaultLogger } from '../../src/logging/index.ts'
import { Adoption } from './adoption.ts'
import { waitForRoom } from './back_pressure.ts'
import { type BullmqConnection, type BullmqPlace, loadBullmq, placeOf } from './connection.ts'
import { hasTables } from './tables.ts'
import { Constraints, groupByQueue, type IdentifiedJob } from './constraints.ts'
import { childOptions, extrasOf, Families, type FamilyMember, membersOf } from './families.ts'
import { leasesAt, type OpenLeaseStore } from './leases.ts'
import { type Holder, Locks } from './locks.ts'
import { BullmqMetrics, waitingIn } from './metrics.ts'
import { type FamilyExtras, familyExtras, pack, unpack } from './packed_data.ts'
import { QueueDirectory } from './queue_directory.ts'
import { type Rates, ratesAt } from './rates.ts'
import { BullmqSchedules } from './schedules.ts'
import { StalledJobs } from './stalled_jobs.ts'
import { bullmqStates, stateNamed } from './stored_job.ts'
import { withinTime } from './time_limit.ts'
import { BullmqJobWorker } from './worker.ts'

/** How the backend is set up. */
export interface BullmqBackendOptions {
  readonly connection: BullmqConnection
  /** In front of all keys. Default 'regauge', on a cluster '{regauge}': there all keys of the queues must be in one slot, the hash of what is in braces. */
  readonly prefix?: string | undefined
  /** Milliseconds in which Redis or PostgreSQL must have taken a job. Default 10 seconds. */
  readonly timeout?: number | undefined
  /** How many completed jobs are kept, and for how many seconds. Default: none; where they are, 10,000 for 30 days. */
  readonly completed?: Partial<Retention> | undefined
  /** How many failed jobs are kept, and for how many seconds. Default 10,000 for 180 days. */
  readonly failed?: Partial<Retention> | undefined
  /** How many jobs of a queue may be started in a time, in milliseconds. */
  readonly limits?: Readonly<Record<string, QueueLimit>> | undefined
  /** Lets enqueues wait while too many jobs do. */
  readonly backPressure?: BackPressureOptions | undefined
  /** How often the process may die while it runs a job before the job counts as failed. Default 10. */
  readonly maxRecoveries?: number | undefined
  /** Nothing is written: BullMQ notes its version for each queue otherwise, also where there is none, and makes its tables on PostgreSQL. Where these are
   * missing there are no jobs. */
  readonly readsOnly?: boolean | undefined
  readonly logger?: Logger | undefined
}

/** Jobs on BullMQ over Redis or PostgreSQL, for many machines: the same job classes, chosen by configuration.
 *
 * A job is as durable as Redis is configured to be (`appendonly yes` and `appendfsync always` for the guarantee of the embedded engine).
 *
 * @throws BullmqMissing (REGAUGE_BULLMQ_MISSING) when the package bullmq isn't installed
 * @example const backend = await bullmqBackend({ connection: 'redis://127.0.0.1:6379' })
 */
export async function bullmqBackend(options: BullmqBackendOptions): Promise<JobBackend> {
  const bullmq = await loadBullmq()
  const place = await placeOf(bullmq, options.connection, options.readsOnly)
  if (options.readsOnly && place.isPostgres && !(await hasTables(place))) return new EmbeddedBackend({ durability: 'memory' })
  return new BullmqBackend(bullmq, place, options)
}

const day = 24 * 3600

/** Whether jobs that completed are kept. */
export function keepsCompleted({ completed }: BullmqBackendOptions): boolean {
  return completed !== undefined && completed.count !== 0
}

/** Which completed jobs are removed. */
export function removalOf(options: BullmqBackendOptions): JobsOptions['removeOnComplete'] {
  return keepsCompleted(options) ? { count: 10_000, age: 30 * day, ...options.completed } : true
}

/** A holder that isn't there may not be there yet. */
const graceMilliseconds = 10_000

class BullmqBackend implements JobBackend {
  readonly #bullmq: typeof import('bullmq')
  readonly #directory: QueueDirectory
  readonly #options: BullmqBackendOptions
  readonly #workers = new Set<BullmqJobWorker>()
  readonly #locks: Locks
  readonly #rates: Rates
  readonly #constraints: Constraints
  readonly #schedules: BullmqSchedules
  readonly #metrics: BullmqMetrics
  readonly #families: Families
  readonly #adoption: Adoption
  readonly #stalled: StalledJobs
  readonly #logger: Logger
  readonly leases: OpenLeaseStore

  constructor(bullmq: typeof import('bullmq'), place: BullmqPlace, options: BullmqBackendOptions) {
    this.#bullmq = bullmq
    this.#options = options
    this.#logger = options.logger ?? defaultLogger
    this.#directory = new QueueDirectory(bullmq, place, options)
    this.leases = leasesAt(place, this.#directory.prefix)
    this.#families = new Families(this.#directory, options)
    this.#locks = new Locks(this.#directory.own('regauge-locks'), (holder) => this.#isAbandoned(holder))
    this.#rates = ratesAt(place, this.#directory.prefix)
    this.#constraints = new Constraints(this.#locks, this.#rates)
    this.#adoption = new Adoption(this.#directory, this.#constraints, (entry, family) => this.#bulkEntry(entry, family))
    this.#metrics = new BullmqMetrics(this.#directory)
    this.#stalled = new StalledJobs(this.#directory, options)
    this.#schedules = new BullmqSchedules({
      notes: this.#directory.own('regauge-schedules'),
      locks: this.#locks,
      add: (entries) => this.add(entries),
      onFailure: (error) => this.#logger.error('Recurring jobs could not be enqueued', { error }),
    })
  }

  async add(entries: readonly NewJob[]): Promise<(string | null)[]> {
    const { backPressure, timeout = 10_000 } = this.#options
    // What was said before may be settled since.
    const since = Date.now()
    const lastProblem = () => {
      const { error, at } = this.#directory.lastProblem ?? { at: 0 }
      return at < since - timeout ? undefined : error
    }
    if (backPressure !== undefined) await waitForRoom(backPressure, () => withinTime(this.#backlog(), timeout, lastProblem))
    return withinTime(this.#add(entries), timeout, lastProblem)
  }

  async #add(entries: readonly NewJob[]): Promise<(string | null)[]> {
    const members = membersOf(entries)
    const { admitted, replaced } = await this.#admit(members)
    try {
      await this.#store(admitted)
    } catch (error) {
      await this.#leave(admitted)
      throw error
    }
    for (const { owner, queue } of replaced) await this.#removeFrom(queue!, owner)
    const stored = new Set(admitted)
    return members.map((member) => (stored.has(member) ? member.job.id : null))
  }

  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const worker = new BullmqJobWorker(this.#bullmq, this.#directory, handler, options, {
      ...this.#options,
      constraints: this.#constraints,
      families: this.#families,
      readd: (entry, extras) => this.#readd(entry, extras),
    })
    this.#workers.add(worker)
    await worker.start()
    return worker
  }

  async counts(): Promise<JobCounts> {
    const sums = Object.fromEntries(jobStateNames.map((state) => [state, 0])) as Record<JobStateName, number>
    for (const counts of Object.values(await this.countsByQueue())) for (const state of jobStateNames) sums[state] += counts[state]
    return sums
  }

  async countsByQueue(): Promise<Readonly<Record<string, JobCounts>>> {
    const all: [string, JobCounts][] = []
    for (const queue of await this.#directory.queues()) {
      const found = await queue.getJobCounts()
      const counts = Object.fromEntries(jobStateNames.map((state) => [state, found[bullmqStates[state] ?? ''] ?? 0])) as JobCounts
      const waiting = this.#directory.place.isPostgres ? await waitingIn(queue) : counts.waiting
      all.push([this.#directory.nameOf(queue), { ...counts, waiting }])
    }
    return Object.fromEntries(all)
  }

  async metrics(options: MetricsOptions = {}): Promise<Readonly<Record<string, QueueMetrics>>> {
    return this.#metrics.of(options)
  }

  async list(state: JobStateName, { offset = 0, limit = 100, queue: wanted }: Page = {}): Promise<StoredJob[]> {
    const found: StoredJob[] = []
    const bullmqState = bullmqStates[state]
    if (bullmqState === undefined) return found
    // On PostgreSQL those that wait are counted from the end.
    const isFromEnd = this.#directory.place.isPostgres && state === 'waiting'
    let left = offset
    for (const queue of await this.#directory.queues()) {
      if (found.length >= limit) break
      const name = this.#directory.nameOf(queue)
      if (wanted !== undefined && name !== wanted) continue
      const all = isFromEnd ? await waitingIn(queue) : await queue.getJobCountByTypes(bullmqState)
      if (left < all) {
        const end = Math.min(all, left + limit - found.length)
        const [from, to] = isFromEnd ? [all - end, all - left - 1] : [left, end - 1]
        const jobs = await queue.getJobs([bullmqState], from, to, true)
        for (const job of jobs) if (job !== undefined) found.push(await this.#families.listed(job, state, name))
      }
      left = Math.max(0, left - all)
    }
    return found
  }

  async find(id: string): Promise<StoredJob | undefined> {
    for (const queue of await this.#directory.queues()) {
      // In this order: what is said of a job that is done is then what it was done with.
      const state = stateNamed(await queue.getJobState(id))
      const job = state === undefined ? undefined : await queue.getJob(id)
      if (job !== undefined) return this.#families.listed(job, state!, this.#directory.nameOf(queue))
    }
    return undefined
  }

  async children(id: string): Promise<StoredJob[]> {
    for (const queue of await this.#directory.queues()) {
      const job = await queue.getJob(id)
      if (job !== undefined) return this.#families.childrenOf(job)
    }
    return []
  }

  async retry(ids: readonly string[]): Promise<number> {
    // A parent waits for those of its children that are no longer failed.
    const retried = await this.#retry(ids, false)
    return retried + (await this.#retry(ids, true))
  }

  async #retry(ids: readonly string[], areParents: boolean): Promise<number> {
    return this.#each(ids, async (job, queue) => {
      const { data, extras } = unpack(job.data)
      if ((extras.onChildFailure !== undefined) !== areParents || !(await job.isFailed())) return false
      await this.#constraints.enter(job.id!, queue, extras.constraints)
      await job.updateData(pack(withoutCounters(data), { constraints: extras.constraints, ...familyExtras(extras), calledAt: Date.now() }))
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
      return true
    })
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.#each(ids, async (job, queue) => {
      if (await job.isActive()) return false
      await this.#families.part(job)
      await job.remove({ removeChildren: false })
      await this.#constraints.takeOut(job.id!, queue, unpack(job.data).extras.constraints)
      return true
    })
  }

  async pause(queue: string): Promise<void> {
    await (await this.#directory.queue(queue)).pause()
  }

  async resume(queue: string): Promise<void> {
    await (await this.#directory.queue(queue)).resume()
  }

  async paused(): Promise<string[]> {
    const names: string[] = []
    for (const queue of await this.#directory.queues()) if (await queue.isPaused()) names.push(this.#directory.nameOf(queue))
    return names
  }

  async schedule(recurring: readonly RecurringJob[], progress?: ScheduleProgress): Promise<void> {
    await this.#schedules.set(recurring, progress)
  }

  async schedules(): Promise<ScheduleStatus[]> {
    return this.#schedules.list()
  }

  async progressOf(recurring: readonly RecurringJob[]): Promise<ScheduleProgress> {
    return this.#schedules.progressOf(recurring)
  }

  async adopt(jobs: readonly StoredJob[]): Promise<void> {
    await this.#adoption.adopt(jobs)
  }

  async stalled(): Promise<StoredJob[]> {
    return this.#stalled.list()
  }

  async recover(): Promise<void> {
    await this.#stalled.recover()
  }

  async close(): Promise<void> {
    await this.#schedules.close()
    await this.#metrics.close()
    await this.#stalled.close()
    for (const worker of this.#workers) await worker.close()
    await this.#families.close()
    await this.#adoption.close()
    await this.#directory.close()
    await this.leases.close()
    await this.#rates.close()
  }

  async #backlog(): Promise<number> {
    const { waiting, prioritized } = await this.counts()
    return waiting + prioritized
  }

  /** Those that may be stored, each a child of its parent; a child of one that isn't isn't, either. */
  async #admit(members: readonly FamilyMember[]): Promise<{ admitted: FamilyMember[]; replaced: Holder[] }> {
    const admitted = new Set<FamilyMember>()
    const replaced: Holder[] = []
    try {
      for (const member of members) {
        const { job, parent } = member
        if (parent !== undefined && !admitted.has(parent)) continue
        const answer = job.constraints === undefined || (await this.#constraints.admit(job))
        if (answer === false) continue
        admitted.add(member)
        parent?.children.push(member)
        if (answer !== true) replaced.push(answer)
      }
    } catch (error) {
      await this.#leave([...admitted])
      throw error
    }
    return { admitted: [...admitted], replaced }
  }

  async #leave(members: readonly FamilyMember[]): Promise<void> {
    for (const { job } of members) await this.#constraints.leave(job.id, job.constraints)
  }

  async #store(members: readonly FamilyMember[]): Promise<void> {
    if (members.some(({ onFailure }) => onFailure !== undefined)) {
      await this.#families.add(members, (member) => this.#bulkEntry(member.job, extrasOf(member)))
      return
    }
    for (const [name, jobs] of groupByQueue(members.map(({ job }) => job)))
      await (await this.#directory.queue(name)).addBulk(jobs.map((job) => this.#bulkEntry(job)))
  }

  /** Stores a job again that goes on in another queue; its parent waits for it there. */
  async #readd(entry: IdentifiedJob, extras: FamilyExtras): Promise<void> {
    const queue = await this.#directory.queue(entry.queue)
    const { name, data, opts } = this.#bulkEntry(entry, { ...extras, runAt: undefined })
    const { parent } = extras
    if (parent === undefined) await queue.add(name, data, opts)
    else {
      const { qualifiedName } = await this.#directory.queue(parent.queue)
      await queue.add(name, data, { ...opts, parent: { id: parent.id, queue: qualifiedName } })
    }
  }

  #bulkEntry(entry: IdentifiedJob, family: FamilyExtras = {}): { name: string; data: NewJob['data']; opts: JobsOptions } {
    const { constraints, data, id, name, priority = 0, runAt = 0 } = entry
    const delay = family.runAt === undefined ? Math.max(0, runAt - Date.now()) : 0
    const order = priority > 0 ? { priority } : priority < 0 ? { lifo: true } : {}
    const { count = 10_000, age = 180 * day } = this.#options.failed ?? {}
    const removeOnComplete = removalOf(this.#options)
    const opts = { jobId: id, delay, ...order, removeOnComplete, removeOnFail: { count, age }, ...childOptions(family) }
    return { name, data: pack(data, { constraints, ...family }), opts }
  }

  async #removeFrom(name: string, id: string): Promise<void> {
    const job = await (await this.#directory.queue(name)).getJob(id)
    if (job === undefined || (await job.isActive())) return
    await this.#families.part(job)
    await job.remove({ removeChildren: false })
    await this.#constraints.takeOut(id, name, unpack(job.data).extras.constraints)
  }

  async #isAbandoned({ owner, queue, since }: Holder): Promise<boolean> {
    if (queue === undefined || Date.now() - since < graceMilliseconds) return false
    const state = await (await this.#directory.queue(queue)).getJobState(owner)
    return state === 'unknown' || state === 'failed' || state === 'completed'
  }

  async #each(ids: readonly string[], work: (job: Job, queue: string) => Promise<boolean>): Promise<number> {
    let count = 0
    for (const queue of await this.#directory.queues()) {
      for (const id of ids) {
        const job = await queue.getJob(id)
        if (job !== undefined && (await work(job, this.#directory.nameOf(queue)))) count++
      }
    }
    return count
  }
}
