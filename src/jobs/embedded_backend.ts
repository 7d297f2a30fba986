import { adoptInto } from './moving/adopting.ts'
import type {
  JobBackend,
  JobCounts,
  JobHandler,
  JobWorker,
  MetricsOptions,
  NewJob,
  Page,
  ProcessOptions,
  QueueMetrics,
  StoredJob,
} from './backend.ts'
import { EmbeddedWorker } from './embedded_worker.ts'
import { Engine, type EngineJob, type EngineOptions, type JobStateName, minutesAnswered, stateName } from './engine/index.ts'
import { shareOverSocket } from './remote/owner.ts'
import type { RecurringJob, ScheduleProgress, ScheduleStatus } from './schedules/index.ts'
import { withoutCounters } from './payload.ts'
import { childrenIn, storedJob } from './stored_job.ts'

/** How an embedded queue is set up. */
export interface EmbeddedBackendOptions extends EngineOptions {
  readonly isShared?: boolean | undefined
  /** Milliseconds before the first job is handed out, for a queue whose owner is gone: other processes may run jobs of it still. */
  readonly settlesIn?: number | undefined
}

// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis

/** The embedded queue as a job backend: no server, jobs are kept in a directory of this machine.
 *
 * @example
 * const backend = new EmbeddedBackend({ directory: 'storage/jobs' })
 * await backend.add([{ queue: 'default', name: 'Reminder', data: { arguments: [1] } }])
 */
export class EmbeddedBackend implements JobBackend {
  readonly #engine: Engine
  readonly #workers = new Set<EmbeddedWorker>()
  readonly #settled: Promise<void> | undefined
  readonly #stopSharing: (() => Promise<void>) | undefined

  /** @param options.isShared lets other processes of the machine use it over a socket, see `connectToOwner`
   *  @throws QueueOwned, QueueUnreadable, QueueDirectoryUnusable */
  constructor({ isShared = false, settlesIn = 0, ...options }: EmbeddedBackendOptions) {
    this.#engine = Engine.open(options)
    if (settlesIn > 0) this.#settled = new Promise((resolve) => void runLater(resolve, settlesIn))
    if (isShared && options.directory !== undefined && options.durability !== 'memory') {
      this.#stopSharing = shareOverSocket(this, options.directory)
    }
  }

  add(entries: readonly NewJob[]): Promise<(string | null)[]> {
    const room = this.#engine.room()
    return room === undefined ? this.#engine.add(entries) : room.then(() => this.#engine.add(entries))
  }

  addOne<S, T>(entry: NewJob, subject: S, tell: (subject: S, id: string | null) => T): Promise<T> {
    // Whoever puts something in the place of `add` gets all jobs.
    if (this.add !== EmbeddedBackend.prototype.add) return this.add([entry]).then(([id]) => tell(subject, id ?? null))
    const room = this.#engine.room()
    return room === undefined ? this.#engine.addOne(entry, subject, tell) : room.then(() => this.#engine.addOne(entry, subject, tell))
  }

  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const worker = new EmbeddedWorker(this.#engine, handler, options, (stopped) => this.#workers.delete(stopped))
    this.#workers.add(worker)
    worker.start(options.running, this.#settled)
    return worker
  }

  async counts(): Promise<JobCounts> {
    return this.#engine.byState.counts()
  }

  async countsByQueue(): Promise<Readonly<Record<string, JobCounts>>> {
    return Object.fromEntries(this.#engine.byState.countsByQueue())
  }

  async metrics({ queue, minutes }: MetricsOptions = {}): Promise<Readonly<Record<string, QueueMetrics>>> {
    const { byState } = this.#engine
    const names = queue === undefined ? [...byState.queueNames()] : [queue]
    const length = minutesAnswered(minutes)
    return Object.fromEntries(names.map((name) => [name, { ...byState.metrics.of(name, length), latency: byState.latency(name) }]))
  }

  async list(state: JobStateName, { offset = 0, limit = 100, queue }: Page = {}): Promise<StoredJob[]> {
    const found: StoredJob[] = []
    for (const job of this.#engine.byState.from(offset, state, queue)) {
      if (found.length === limit) break
      found.push(storedJob(this.#engine, job))
    }
    return found
  }

  async retry(ids: readonly string[]): Promise<number> {
    const failed = childrenFirst(this.#find(ids).filter((job) => stateName(job.state, 0) === 'failed'))
    let retried = 0
    for (const job of failed) {
      const { data, dataError } = storedJob(this.#engine, job)
      if (dataError !== undefined) continue
      job.attempts = 0
      this.#engine.reschedule(job, { data: JSON.stringify(withoutCounters(data)) })
      retried++
    }
    await this.#engine.flushed()
    return retried
  }

  async remove(ids: readonly string[]): Promise<number> {
    const removable = this.#find(ids).filter((job) => stateName(job.state, 0) !== 'active')
    for (const job of removable) this.#engine.remove(job)
    await this.#engine.flushed()
    return removable.length
  }

  async pause(queue: string): Promise<void> {
    this.#engine.controls.pause(queue)
    await this.#engine.flushed()
  }

  async resume(queue: string): Promise<void> {
    this.#engine.controls.resume(queue)
    await this.#engine.flushed()
  }

  async paused(): Promise<string[]> {
    return this.#engine.controls.paused
  }

  async schedule(recurring: readonly RecurringJob[], progress?: ScheduleProgress): Promise<void> {
    this.#engine.schedules.set(recurring, progress)
    await this.#engine.flushed()
  }

  async schedules(): Promise<ScheduleStatus[]> {
    return this.#engine.schedules.list()
  }

  async progressOf(recurring: readonly RecurringJob[]): Promise<ScheduleProgress> {
    return this.#engine.schedules.progressOf(recurring)
  }

  async find(id: string): Promise<StoredJob | undefined> {
    const job = this.#engine.get(id)
    return job && storedJob(this.#engine, job)
  }

  async children(id: string): Promise<StoredJob[]> {
    const job = this.#engine.get(id)
    return job === undefined ? [] : childrenIn(this.#engine, job)
  }

  async adopt(jobs: readonly StoredJob[]): Promise<void> {
    await adoptInto(this.#engine, jobs)
  }

  /** Lets go of the directory. Jobs that still run are started again by the next owner. */
  async close(): Promise<void> {
    await this.#stopSharing?.()
    for (const worker of this.#workers) await worker.stop({ timeout: 0 })
    await this.#engine.close()
  }

  #find(ids: readonly string[]): EngineJob[] {
    return ids.map((id) => this.#engine.get(id)).filter((job) => job !== undefined)
  }
}

/** Parents come last, and of two the one that came later, which may be a child of the other. */
function childrenFirst(jobs: readonly EngineJob[]): EngineJob[] {
  const isParent = ({ constraints }: EngineJob) => constraints?.onChildFailure !== undefined
  return [...jobs.filter((job) => !isParent(job)), ...jobs.filter(isParent).sort((left, right) => right.sequence - left.sequence)]
}
