import type { JobBackend, JobCounts, JobHandler, JobWorker, NewJob, Page, ProcessOptions, StoredJob } from '../backend.ts'
import { EmbeddedBackend, type EmbeddedBackendOptions } from '../embedded_backend.ts'
import type { JobStateName } from '../engine/index.ts'
import { QueueOwned, QueueOwnerLost } from '../errors.ts'
import type { RecurringJob, ScheduleStatus } from '../schedules/index.ts'
import { connectToOwner } from './socket.ts'

const retryMilliseconds = 20
/** How long an owner may take to open its socket. */
const patienceMilliseconds = 30_000
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis

/** The queue of a directory, shared by several processes of a machine: the first one owns it, the others use it through the owner's
 * socket, and when the owner is gone one of them takes its place. What runs goes on in the meantime.
 *
 * @example
 * const backend = await JoinedBackend.join({ directory: 'storage/jobs' })
 */
export class JoinedBackend implements JobBackend {
  readonly #options: EmbeddedBackendOptions & { readonly directory: string }
  readonly #workers = new Set<JoinedWorker>()
  #current: Promise<JobBackend>
  #isClosed = false

  /** @throws QueueOwned (REGAUGE_QUEUE_OWNED) when a process has the directory that doesn't share it, QueueUnreadable, QueueDirectoryUnusable */
  static async join(options: Omit<EmbeddedBackendOptions, 'isShared'> & { readonly directory: string }): Promise<JoinedBackend> {
    const joined = new JoinedBackend(options)
    await joined.#current
    return joined
  }

  private constructor(options: EmbeddedBackendOptions & { readonly directory: string }) {
    this.#options = options
    this.#current = this.#open()
  }

  /** @throws QueueOwnerLost (REGAUGE_QUEUE_OWNER_LOST) when the owner died before it said whether the jobs are stored; jobs with ids of their
   * own are added again then */
  add(entries: readonly NewJob[]): Promise<(string | null)[]> {
    return this.#ask(
      (backend) => backend.add(entries),
      entries.every(({ id }) => id !== undefined),
    )
  }

  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const worker = new JoinedWorker(handler, options, (stopped) => this.#workers.delete(stopped))
    this.#workers.add(worker)
    await worker.workOn(await this.#current)
    return worker
  }

  counts(): Promise<JobCounts> {
    return this.#ask((backend) => backend.counts())
  }

  list(state: JobStateName, page?: Page): Promise<StoredJob[]> {
    return this.#ask((backend) => backend.list(state, page))
  }

  retry(ids: readonly string[]): Promise<number> {
    return this.#ask((backend) => backend.retry(ids))
  }

  remove(ids: readonly string[]): Promise<number> {
    return this.#ask((backend) => backend.remove(ids))
  }

  pause(queue: string): Promise<void> {
    return this.#ask(async (backend) => backend.pause?.(queue))
  }

  resume(queue: string): Promise<void> {
    return this.#ask(async (backend) => backend.resume?.(queue))
  }

  paused(): Promise<string[]> {
    return this.#ask(async (backend) => (await backend.paused?.()) ?? [])
  }

  schedule(recurring: readonly RecurringJob[]): Promise<void> {
    return this.#ask(async (backend) => backend.schedule?.(recurring))
  }

  schedules(): Promise<ScheduleStatus[]> {
    return this.#ask(async (backend) => (await backend.schedules?.()) ?? [])
  }

  find(id: string): Promise<StoredJob | undefined> {
    return this.#ask(async (backend) => backend.find?.(id))
  }

  /** Whether this process owns the queue. */
  async isOwner(): Promise<boolean> {
    return (await this.#current) instanceof EmbeddedBackend
  }

  /** Lets go of the queue; when this process owns it, another one takes it. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await (await this.#current).close()
  }

  /** @param isRepeatable whether it may be asked for twice */
  async #ask<T>(call: (backend: JobBackend) => Promise<T>, isRepeatable = true): Promise<T> {
    for (;;) {
      const asked = this.#current
      let isSent = false
      try {
        const backend = await asked
        isSent = true
        return await call(backend)
      } catch (error) {
        if (this.#isClosed || asked === this.#current) throw error
        if (isSent && !isRepeatable) throw new QueueOwnerLost({ directory: this.#options.directory }, { cause: error })
      }
    }
  }

  async #open(): Promise<JobBackend> {
    const { directory } = this.#options
    const end = Date.now() + patienceMilliseconds
    for (;;) {
      const shared = await connectToOwner(directory, () => this.#replace())
      if (shared !== undefined) return shared
      try {
        return new EmbeddedBackend({ ...this.#options, isShared: true })
      } catch (error) {
        if (!(error instanceof QueueOwned) || Date.now() > end || this.#isClosed) throw error
        await new Promise((resolve) => runLater(resolve, retryMilliseconds))
      }
    }
  }

  /** The owner is gone. */
  #replace(): void {
    if (this.#isClosed) return
    this.#current = this.#open().then(async (backend) => {
      for (const worker of this.#workers) await worker.workOn(backend)
      return backend
    })
    this.#current.catch(() => {})
  }
}

/** A worker that outlives the owner of its queue. */
class JoinedWorker implements JobWorker {
  readonly #handler: JobHandler
  readonly #options: ProcessOptions
  readonly #onStop: (worker: JoinedWorker) => void
  #worker: JobWorker | undefined
  #isStopping = false

  constructor(handler: JobHandler, options: ProcessOptions, onStop: (worker: JoinedWorker) => void) {
    this.#handler = handler
    this.#options = options
    this.#onStop = onStop
  }

  async workOn(backend: JobBackend): Promise<void> {
    if (!this.#isStopping) this.#worker = await backend.process(this.#handler, this.#options)
  }

  async stop(options?: { readonly timeout?: number | undefined }): Promise<{ readonly unfinished: number }> {
    this.#isStopping = true
    this.#onStop(this)
    return (await this.#worker?.stop(options)) ?? { unfinished: 0 }
  }
}
