import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logger as defaultLogger } from '../../logging/index.ts'
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
} from '../backend.ts'
import { EmbeddedBackend, type EmbeddedBackendOptions } from '../embedded_backend.ts'
import type { JobStateName } from '../engine/index.ts'
import { QueueOwned, QueueOwnerLost } from '../errors.ts'
import type { RecurringJob, ScheduleProgress, ScheduleStatus } from '../schedules/index.ts'
import { JoinedWorker } from './joined_worker.ts'
import { connectToOwner } from './owner.ts'

const retryMilliseconds = 20
/** How long an owner may take to open its socket. */
const patienceMilliseconds = 30_000
/** How long a new owner lets those who run jobs of the one before tell it so. */
const settleMilliseconds = 300
/** After this time a process that can't go on with a queue tries again. */
const reopenMilliseconds = 1000
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
  /** What this process wants to be enqueued again and again: the next owner has to be told. */
  #recurring: readonly RecurringJob[] | undefined
  #isClosed = false

  /** @throws QueueOwned (REGAUGE_QUEUE_OWNED) when a process has the directory that doesn't share it, QueueUnreadable, QueueDirectoryUnusable */
  static async join(options: Omit<EmbeddedBackendOptions, 'isShared'> & { readonly directory: string }): Promise<JoinedBackend> {
    const joined = new JoinedBackend(options)
    await joined.#current
    return joined
  }

  private constructor(options: EmbeddedBackendOptions & { readonly directory: string }) {
    this.#options = options
    this.#current = this.#open(0)
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
    const worker = new JoinedWorker(handler, options, {
      stopped: (stopped) => void this.#workers.delete(stopped),
      children: (id) => this.children(id),
    })
    await this.#ask((backend) => worker.workOn(backend))
    this.#workers.add(worker)
    return worker
  }

  counts(): Promise<JobCounts> {
    return this.#ask((backend) => backend.counts())
  }

  countsByQueue(): Promise<Readonly<Record<string, JobCounts>>> {
    return this.#ask(async (backend) => (await backend.countsByQueue?.()) ?? {})
  }

  metrics(options?: MetricsOptions): Promise<Readonly<Record<string, QueueMetrics>>> {
    return this.#ask(async (backend) => (await backend.metrics?.(options)) ?? {})
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

  schedule(recurring: readonly RecurringJob[], progress?: ScheduleProgress): Promise<void> {
    this.#recurring = recurring
    return this.#ask(async (backend) => backend.schedule?.(recurring, progress))
  }

  schedules(): Promise<ScheduleStatus[]> {
    return this.#ask(async (backend) => (await backend.schedules?.()) ?? [])
  }

  children(id: string): Promise<StoredJob[]> {
    return this.#ask(async (backend) => (await backend.children?.(id)) ?? [])
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
    const current = await this.#current.catch(() => undefined)
    await current?.close()
  }

  /** @param isRepeatable whether it may be asked for twice */
  async #ask<T>(call: (backend: JobBackend) => Promise<T>, isRepeatable = true): Promise<T> {
    for (;;) {
      const asked = this.#current
      let backend: JobBackend | undefined
      try {
        backend = await asked
        return await call(backend)
      } catch (error) {
        if (this.#isClosed || asked === this.#current) throw error
        if (backend !== undefined && !isRepeatable) throw new QueueOwnerLost({ directory: this.#options.directory }, { cause: error })
      }
    }
  }

  async #open(settlesIn: number): Promise<JobBackend> {
    const { directory, durability, logger = defaultLogger } = this.#options
    if (durability === 'memory') return new EmbeddedBackend(this.#options)
    const end = Date.now() + patienceMilliseconds
    for (let isTold = false; ; ) {
      const shared = await connectToOwner(directory, () => this.#replace())
      if (shared !== undefined) return shared
      const isAfterCrash = existsSync(join(directory, 'owner.lock'))
      try {
        const onLost = () => this.#replace(backend)
        const backend = new EmbeddedBackend({
          ...this.#options,
          isShared: true,
          settlesIn: isAfterCrash ? settleMilliseconds : settlesIn,
          onLost,
        })
        return backend
      } catch (error) {
        if (!(error instanceof QueueOwned) || Date.now() > end || this.#isClosed) throw error
        if (!isTold && Date.now() > end - patienceMilliseconds + reopenMilliseconds) {
          logger.info(`${error.message} Waiting until it shares it, or ends`, { directory })
          isTold = true
        }
        await pause(retryMilliseconds)
      }
    }
  }

  /** The owner is gone.
   * @param lost what this process had until it lost it
   */
  #replace(lost?: JobBackend): void {
    if (this.#isClosed) return
    lost?.close().catch(() => {})
    for (const worker of this.#workers) worker.detach()
    const opening = this.#reopen()
    this.#current = opening
    opening.catch(async (error: unknown) => {
      const { directory, logger = defaultLogger } = this.#options
      if (this.#isClosed || this.#current !== opening) return
      logger.error("The job queue can't be used any more; trying again", { directory, error })
      await pause(reopenMilliseconds)
      if (this.#current === opening) this.#replace()
    })
  }

  async #reopen(): Promise<JobBackend> {
    const backend = await this.#open(settleMilliseconds)
    for (const worker of this.#workers) await worker.workOn(backend)
    if (this.#recurring !== undefined) await backend.schedule?.(this.#recurring)
    return backend
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => runLater(resolve, milliseconds))
}
