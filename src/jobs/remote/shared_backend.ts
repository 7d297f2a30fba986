import type {
  JobBackend,
  JobCounts,
  JobHandler,
  JobRun,
  JobWorker,
  MetricsOptions,
  NewJob,
  Outcome,
  Page,
  ProcessOptions,
  QueueMetrics,
  ReservedJob,
  StoredJob,
} from '../backend.ts'
import { QueueClosed } from '../errors.ts'
import type { JobStateName } from '../engine/index.ts'
import { failureOf } from '../performing/failure.ts'
import { onItsOwn } from './on_its_own.ts'
import type { RecurringJob, ScheduleProgress, ScheduleStatus } from '../schedules/index.ts'
import { receivedError, type RemoteCall, type SharedMessage, type Wire } from './wire.ts'

interface Waiting {
  readonly method: RemoteCall['method']
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** The queue of another process as a job backend: that process owns its files (`shareBackend`), this one enqueues and runs jobs.
 * A job counts as enqueued when the owner says that it is durable.
 */
export class SharedBackend implements JobBackend {
  readonly #wire: Wire
  readonly #waiting = new Map<number, Waiting>()
  readonly #handlers = new Map<number, JobHandler>()
  #calls = 0
  #workers = 0
  readonly #stopping = new Set<number>()
  readonly #onClose: () => void
  readonly #onLeaving: () => void
  #isClosed = false
  /** Told when nothing that was asked waits for its answer. */
  #onAnswered: () => void = () => {}

  /** @param onClose called when this process lets go of the queue
   *  @param onLeaving called when the owner is about to let go of it: what was asked is still answered, nothing more may be asked */
  constructor(wire: Wire, onClose: () => void = () => {}, onLeaving: () => void = () => {}) {
    this.#wire = wire
    this.#onClose = onClose
    this.#onLeaving = onLeaving
    wire.receive((message) => this.#receive(message))
  }

  add(entries: readonly NewJob[]): Promise<(string | null)[]> {
    return this.#call({ method: 'add', args: [entries] })
  }

  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const worker = ++this.#workers
    this.#handlers.set(worker, handler)
    await this.#call({ method: 'process', worker, options })
    return {
      stop: ({ timeout } = {}) => {
        this.#stopping.add(worker)
        return this.#call({ method: 'stop', worker, timeout })
      },
    }
  }

  counts(): Promise<JobCounts> {
    return this.#call({ method: 'counts', args: [] })
  }

  countsByQueue(): Promise<Readonly<Record<string, JobCounts>>> {
    return this.#call({ method: 'countsByQueue', args: [] })
  }

  metrics(options?: MetricsOptions): Promise<Readonly<Record<string, QueueMetrics>>> {
    return this.#call({ method: 'metrics', args: [options] })
  }

  list(state: JobStateName, page?: Page): Promise<StoredJob[]> {
    return this.#call({ method: 'list', args: [state, page] })
  }

  retry(ids: readonly string[]): Promise<number> {
    return this.#call({ method: 'retry', args: [ids] })
  }

  remove(ids: readonly string[]): Promise<number> {
    return this.#call({ method: 'remove', args: [ids] })
  }

  pause(queue: string): Promise<void> {
    return this.#call({ method: 'pause', args: [queue] })
  }

  resume(queue: string): Promise<void> {
    return this.#call({ method: 'resume', args: [queue] })
  }

  paused(): Promise<string[]> {
    return this.#call({ method: 'paused', args: [] })
  }

  schedule(recurring: readonly RecurringJob[], progress?: ScheduleProgress): Promise<void> {
    return this.#call({ method: 'schedule', args: [recurring, progress] })
  }

  schedules(): Promise<ScheduleStatus[]> {
    return this.#call({ method: 'schedules', args: [] })
  }

  children(id: string): Promise<StoredJob[]> {
    return this.#call({ method: 'children', args: [id] })
  }

  find(id: string): Promise<StoredJob | undefined> {
    return this.#call({ method: 'find', args: [id] })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Lets go of the queue once the owner has answered what was asked before: jobs that it stored aren't refused. It keeps the queue for the others. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    // A worker stops when its jobs have ended, which may never be.
    this.#refuse('stop')
    if (this.#waiting.size > 0) await new Promise<void>((answered) => (this.#onAnswered = answered))
    this.#onClose()
  }

  /** The owner is gone: nothing is answered any more. */
  lose(): void {
    this.#isClosed = true
    this.#refuse()
    this.#onAnswered()
  }

  #refuse(only?: RemoteCall['method']): void {
    for (const [id, { method, reject }] of this.#waiting) {
      if (only !== undefined && method !== only) continue
      this.#waiting.delete(id)
      reject(new QueueClosed({}))
    }
  }

  async #call<T>(call: RemoteCall): Promise<T> {
    if (this.#isClosed) throw new QueueClosed({})
    const id = ++this.#calls
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { method: call.method, resolve, reject }))
    try {
      this.#wire.send({ kind: 'call', id, ...call })
    } catch (error) {
      this.#waiting.delete(id)
      throw error
    }
    return (await answered) as T
  }

  #receive(message: SharedMessage): void {
    if (message.kind === 'answer') {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(receivedError(message.error))
      if (this.#waiting.size === 0) this.#onAnswered()
    } else if (message.kind === 'job') {
      void this.#run(message.run, message.worker, message.job)
    } else if (message.kind === 'leaving') {
      this.#wire.send({ kind: 'left' })
      this.#onLeaving()
    }
  }

  async #run(run: number, worker: number, job: ReservedJob): Promise<void> {
    const stopping = this.#stopping
    const progress: JobRun = {
      get isStopping() {
        return stopping.has(worker)
      },
      save: (data) => this.#wire.send({ kind: 'progress', run, data }),
      children: () => this.children(job.id),
    }
    const handler = this.#handlers.get(worker)!
    const failed = (error: unknown): Outcome => ({ kind: 'failed', error: failureOf(error) })
    const outcome = await onItsOwn(() => handler({ ...job, run: progress })).catch(failed)
    try {
      this.#wire.send({ kind: 'outcome', run, outcome })
    } catch (error) {
      this.#wire.send({ kind: 'outcome', run, outcome: failed(error) })
    }
  }
}
