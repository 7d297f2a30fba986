import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import { filteredJob, type JobBackend, type StoredJob } from '../../src/jobs/index.ts'
import type { ParameterFilter } from '../../src/logging/index.ts'

type QueueJob = Awaited<ReturnType<BaseAdapter['addJob']>>

/** A job as Bull Board knows one. */
export class BoardJob implements QueueJob {
  readonly opts: { delay: number | undefined; priority: number }
  readonly #backend: JobBackend
  readonly #job: StoredJob
  readonly #filter: ParameterFilter

  /** @param filter masks what isn't to be seen of its arguments */
  constructor(backend: JobBackend, job: StoredJob, filter: ParameterFilter) {
    this.#backend = backend
    this.#filter = filter
    this.#job = job
    this.opts = { delay: job.runAt === undefined ? undefined : Math.max(0, job.runAt - job.createdAt), priority: job.priority }
  }

  async promote(): Promise<void> {
    throw new Error('Jobs run at their times.')
  }

  async remove(): Promise<void> {
    await this.#backend.remove([this.#job.id])
  }

  async retry(): Promise<void> {
    await this.#backend.retry([this.#job.id])
  }

  async getState(): Promise<Awaited<ReturnType<QueueJob['getState']>>> {
    const state = (await this.#backend.find?.(this.#job.id))?.state ?? this.#job.state
    return (state === 'blocked' ? 'delayed' : state) as Awaited<ReturnType<QueueJob['getState']>>
  }

  toJSON(): ReturnType<QueueJob['toJSON']> {
    const {
      id,
      name,
      data,
      dataError,
      attempts,
      createdAt,
      finishedAt,
      error = dataError,
      result,
      progress = 0,
    } = filteredJob(this.#job, this.#filter)
    return {
      id,
      name,
      data,
      opts: this.opts,
      delay: this.opts.delay ?? 0,
      progress: progress as ReturnType<QueueJob['toJSON']>['progress'],
      attemptsMade: attempts,
      timestamp: createdAt,
      finishedOn: finishedAt ?? null,
      processedOn: null,
      failedReason: error === undefined ? '' : `${error.name}: ${error.message}`,
      stacktrace: error?.stack === undefined ? null : [error.stack],
      returnvalue: result ?? null,
    }
  }
}
