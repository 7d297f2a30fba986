import { randomUUID } from 'node:crypto'
import type { JobsOptions, Queue } from 'bullmq'
import {
  type JobBackend,
  type JobCounts,
  type JobHandler,
  type JobStateName,
  type JobWorker,
  jobStateNames,
  type NewJob,
  type Page,
  type ProcessOptions,
  type StoredJob,
  withoutCounters,
} from '../../src/jobs/index.ts'
import type { Logger } from '../../src/logging/index.ts'
import { BullmqMissing } from './errors.ts'
import { QueueDirectory } from './queue_directory.ts'
import { bullmqStates, storedJob } from './stored_job.ts'
import { BullmqJobWorker } from './worker.ts'

/** Where Redis is: a URL, or the options that ioredis takes. */
export type BullmqConnection = string | { readonly host?: string; readonly port?: number; readonly [option: string]: unknown }

/** How the backend is set up. */
export interface BullmqBackendOptions {
  readonly connection: BullmqConnection
  /** In front of all keys. Default 'regauge'. */
  readonly prefix?: string | undefined
  /** How many failed jobs are kept, and for how many seconds. Default 10,000 for 180 days. */
  readonly failed?: { readonly count: number; readonly age: number } | undefined
  readonly logger?: Logger | undefined
}

/** Jobs on BullMQ over Redis, for many machines: the same job classes, chosen by configuration.
 *
 * A job is as durable as Redis is configured to be (`appendonly yes` and `appendfsync always` for the guarantee of the embedded engine).
 * Of several queues that one worker serves, none has precedence over another.
 *
 * @throws BullmqMissing (REGAUGE_BULLMQ_MISSING) when the package bullmq isn't installed
 * @example const backend = await bullmqBackend({ connection: 'redis://127.0.0.1:6379' })
 */
export async function bullmqBackend(options: BullmqBackendOptions): Promise<JobBackend> {
  const bullmq = await loadBullmq()
  return new BullmqBackend(bullmq, options)
}

async function loadBullmq(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq')
  } catch (cause) {
    throw new BullmqMissing({ reason: (cause as Error).message }, { cause })
  }
}

class BullmqBackend implements JobBackend {
  readonly #bullmq: typeof import('bullmq')
  readonly #directory: QueueDirectory
  readonly #options: BullmqBackendOptions
  readonly #workers = new Set<BullmqJobWorker>()

  constructor(bullmq: typeof import('bullmq'), options: BullmqBackendOptions) {
    this.#bullmq = bullmq
    this.#options = options
    this.#directory = new QueueDirectory(bullmq, options)
  }

  async add(entries: readonly NewJob[]): Promise<string[]> {
    const ids = entries.map((entry) => entry.id ?? randomUUID())
    for (const [name, indexes] of groupByQueue(entries)) {
      const queue = await this.#directory.queue(name)
      await queue.addBulk(indexes.map((index) => this.#bulkEntry(entries[index]!, ids[index]!)))
    }
    return ids
  }

  async process(handler: JobHandler, options: ProcessOptions): Promise<JobWorker> {
    const worker = new BullmqJobWorker(this.#bullmq, this.#directory, handler, options, {
      ...this.#options,
      readd: async (entry) => {
        await this.add([entry])
      },
    })
    this.#workers.add(worker)
    await worker.start()
    return worker
  }

  async counts(): Promise<JobCounts> {
    const sums = Object.fromEntries(jobStateNames.map((state) => [state, 0])) as Record<JobStateName, number>
    for (const queue of await this.#directory.queues()) {
      const counts = await queue.getJobCounts()
      for (const state of jobStateNames) sums[state] += counts[bullmqStates[state] ?? ''] ?? 0
    }
    return sums
  }

  async list(state: JobStateName, { offset = 0, limit = 100 }: Page = {}): Promise<StoredJob[]> {
    const found: StoredJob[] = []
    const bullmqState = bullmqStates[state]
    if (bullmqState === undefined) return found
    for (const queue of await this.#directory.queues()) {
      const jobs = await queue.getJobs([bullmqState], 0, offset + limit - 1, true)
      for (const job of jobs) if (job !== undefined) found.push(storedJob(job, state, this.#directory.nameOf(queue)))
    }
    return found.slice(offset, offset + limit)
  }

  async retry(ids: readonly string[]): Promise<number> {
    return this.#each(ids, async (job) => {
      if (!(await job.isFailed())) return false
      await job.updateData(withoutCounters(job.data))
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
      return true
    })
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.#each(ids, async (job) => {
      if (await job.isActive()) return false
      await job.remove()
      return true
    })
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.close()
    await this.#directory.close()
  }

  #bulkEntry(entry: NewJob, jobId: string): { name: string; data: NewJob['data']; opts: JobsOptions } {
    const { priority = 0, runAt = 0 } = entry
    const delay = Math.max(0, runAt - Date.now())
    const order = priority > 0 ? { priority } : priority < 0 ? { lifo: true } : {}
    const removeOnFail = this.#options.failed ?? { count: 10_000, age: 180 * 24 * 3600 }
    return { name: entry.name, data: entry.data, opts: { jobId, delay, ...order, removeOnComplete: true, removeOnFail } }
  }

  async #each(ids: readonly string[], work: (job: NonNullable<Awaited<ReturnType<Queue['getJob']>>>) => Promise<boolean>): Promise<number> {
    let count = 0
    for (const queue of await this.#directory.queues()) {
      for (const id of ids) {
        const job = await queue.getJob(id)
        if (job !== undefined && (await work(job))) count++
      }
    }
    return count
  }
}

function groupByQueue(entries: readonly NewJob[]): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  entries.forEach(({ queue }, index) => {
    const group = groups.get(queue)
    if (group === undefined) groups.set(queue, [index])
    else group.push(index)
  })
  return groups
}
