import { checkKeys, refusalOf } from '../declaring/checking.ts'
import type { Duration } from '../duration.ts'
import { type BulkOptions, bulkTimes } from './bulk.ts'
import { applyOptions, enqueueAll, type EnqueueOptions, optionNames } from './enqueueing.ts'
import type { Job } from '../job.ts'
import type { ConcreteJobClass, InlineResult, PerformArguments, PerformResult } from '../declaring/job_class.ts'
import { performInline } from '../performing/performing.ts'
import { sidekiqTime } from './spellings.ts'

/** A job class with options set, waiting for its arguments. */
export class ConfiguredJob<J extends Job> {
  readonly #jobClass: new (
    ...args: unknown[]
  ) => J
  readonly #options: EnqueueOptions

  constructor(jobClass: ConcreteJobClass<J>, options: EnqueueOptions) {
    if (typeof options !== 'object' || options === null) checkKeys(refusalOf(jobClass.name, 'set'), options, optionNames)
    this.#jobClass = jobClass as unknown as new (...args: unknown[]) => J
    this.#options = options
  }

  /** Enqueues a job; see `Job.performLater`. */
  performLater(...args: PerformArguments<J>): Promise<J | false> {
    return new this.#jobClass(...args).enqueue(this.#options)
  }

  /** Performs a job here and now; see `Job.performNow`. */
  performNow(...args: PerformArguments<J>): Promise<PerformResult<J>> {
    const job = new this.#jobClass(...args)
    applyOptions(job, this.#options)
    return job.performNow()
  }

  /** Sidekiq's way to enqueue. @returns the job's id, or null when it wasn't enqueued */
  async performAsync(...args: PerformArguments<J>): Promise<string | null> {
    return idOf(await this.performLater(...args))
  }

  /** Sidekiq's way to enqueue for later: after seconds or a duration, or at a time. */
  async performIn(when: number | Duration | Date, ...args: PerformArguments<J>): Promise<string | null> {
    return idOf(await new this.#jobClass(...args).enqueue({ ...this.#options, ...sidekiqTime(this.#jobClass.name, when) }))
  }

  /** The same as `performIn`. */
  performAt(when: number | Duration | Date, ...args: PerformArguments<J>): Promise<string | null> {
    return this.performIn(when, ...args)
  }

  /** Sidekiq's way to enqueue several; see `Job.performBulk`. */
  async performBulk(argumentLists: readonly PerformArguments<J>[], options: BulkOptions = {}): Promise<(string | null)[]> {
    if (!Array.isArray(argumentLists) || !argumentLists.every((args) => Array.isArray(args))) {
      throw refusalOf(this.#jobClass.name, 'performBulk')('takes a list of lists', 'The arguments of each job: [[1], [2]].')
    }
    const timeOf = bulkTimes(this.#jobClass.name, options, argumentLists.length)
    const jobs = argumentLists.map((args) => new this.#jobClass(...args))
    for (const [index, job] of jobs.entries()) applyOptions(job, { ...this.#options, ...timeOf(index) })
    const { batchSize = jobs.length } = options
    for (let start = 0; start < jobs.length; start += batchSize) await enqueueAll(jobs.slice(start, start + batchSize))
    return jobs.map(idOf)
  }

  /** Sidekiq's way to perform a job here and now; see `Job.performInline`. */
  async performInline(...args: PerformArguments<J>): Promise<InlineResult<J>> {
    const job = new this.#jobClass(...args)
    applyOptions(job, this.#options)
    return (await performInline(job)) as InlineResult<J>
  }
}

function idOf(job: Job | false): string | null {
  return job !== false && job.isSuccessfullyEnqueued ? job.jobId : null
}
