import { applyOptions, type EnqueueOptions } from './enqueueing.ts'
import type { Job } from './job.ts'
import type { ConcreteJobClass, PerformArguments, PerformResult } from './job_class.ts'

/** A job class with options set, waiting for its arguments. */
export class ConfiguredJob<J extends Job> {
  readonly #jobClass: new (
    ...args: unknown[]
  ) => J
  readonly #options: EnqueueOptions

  constructor(jobClass: ConcreteJobClass<J>, options: EnqueueOptions) {
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
}
