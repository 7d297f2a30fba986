import { type Logger, logger as defaultLogger } from '../../logging/index.ts'
import type { JobBackend, JobWorker, ProcessOptions, StoredJob } from '../backend.ts'
import { classesText } from '../classes_text.ts'
import { classNamed } from '../class_named.ts'
import { checkMethods } from '../declaring/declaring_callbacks.ts'
import { DuplicateJobClass } from '../errors.ts'
import { JobExecutor, type RunnableJobClass } from './executor.ts'
import { UnknownJobClass } from '../errors.ts'
import type { RecurringJob } from '../schedules/index.ts'

/** How a runner is set up. */
export interface JobRunnerOptions {
  /** The job classes of the application. */
  readonly classes: Iterable<RunnableJobClass>
  /** Which queues are worked on, and how many jobs at a time. Default: all queues, 10 jobs. */
  readonly workers?: readonly ProcessOptions[] | undefined
  /** Jobs that are enqueued again and again, all that there are. Without it the backend's schedules stay as they are. */
  readonly recurring?: readonly RecurringJob[] | undefined
  readonly logger?: Logger | undefined
  /** Whether a line is logged about each job. Default true; false where their events are written down. */
  readonly logsJobs?: boolean | undefined
  /** Becomes `application` of each job's execution. */
  readonly application?: object | undefined
}

const defaultWorkers: readonly ProcessOptions[] = [{ queues: ['*'], concurrency: 10 }]

/** Takes jobs from a backend and performs them.
 *
 * @example
 * const runner = new JobRunner(backend, { classes: [SendReminder] })
 * await runner.start()
 * await runner.stop({ timeout: 10_000 })
 */
export class JobRunner {
  readonly #backend: JobBackend
  readonly #options: JobRunnerOptions
  readonly #classes = new Map<string, RunnableJobClass>()
  #workers: JobWorker[] = []
  #executor: JobExecutor | undefined
  #isStopping = false
  #stopOptions: { readonly timeout?: number | undefined } = {}

  /** @throws DuplicateJobClass (REGAUGE_DUPLICATE_JOB_CLASS); InvalidJobOption for a callback that names no method */
  constructor(backend: JobBackend, options: JobRunnerOptions) {
    this.#backend = backend
    this.#options = options
    for (const jobClass of options.classes) {
      const known = this.#classes.get(jobClass.name)
      if (known !== undefined && known !== jobClass) throw new DuplicateJobClass({ name: jobClass.name })
      checkMethods(jobClass, () => jobClass.restore({ data: {}, queue: 'default', priority: 0, runAt: undefined }))
      this.#classes.set(jobClass.name, jobClass)
    }
  }

  /** Begins to take jobs. Jobs that were parked because their class was missing run when it is there now. */
  async start(): Promise<void> {
    this.#isStopping = false
    await this.#releaseParked()
    const { logger = defaultLogger, logsJobs = true, application, recurring, workers = defaultWorkers } = this.#options
    if (recurring !== undefined) await this.#schedule(recurring, logger)
    const executor = new JobExecutor(this.#classes, logger, application, logsJobs)
    this.#executor = executor
    for (const options of workers) {
      if (this.#isStopping) return
      const worker = await this.#backend.process((job) => executor.execute(job), options)
      this.#workers.push(worker)
      // It was told to stop before this one was there.
      if (this.#isStopping) await this.stop(this.#stopOptions)
    }
  }

  /** Takes no more jobs, also when it is about to start, and waits for those that run. What still runs after the timeout is run again by the next start,
   * and logged.
   * @param options.timeout milliseconds; default 25 seconds
   */
  async stop(options: { readonly timeout?: number | undefined } = {}): Promise<{ unfinished: number }> {
    const { timeout = 25_000 } = options
    this.#stopOptions = options
    this.#isStopping = true
    const results = await Promise.all(this.#workers.map((worker) => worker.stop({ timeout })))
    this.#workers = []
    this.#tellCutOff()
    return { unfinished: results.reduce((sum, result) => sum + result.unfinished, 0) }
  }

  #tellCutOff(): void {
    const { logger = defaultLogger } = this.#options
    const names = Array.from(this.#executor?.running ?? [], ({ name }) => name)
    if (names.length > 0) logger.warn(`Jobs that don't end are cut off, and run again: ${classesText(names)}`, { unfinished: names.length })
  }

  async #schedule(recurring: readonly RecurringJob[], logger: Logger): Promise<void> {
    if (this.#backend.schedule !== undefined) await this.#backend.schedule(recurring)
    else if (recurring.length > 0) {
      logger.error('The job backend knows no schedules: config/recurring.yml is not run', { tasks: recurring.map(({ key }) => key) })
    }
  }

  async #releaseParked(): Promise<void> {
    const limit = 100
    for (let offset = 0; ; offset += limit) {
      const failed = await this.#backend.list('failed', { offset, limit })
      const isKnown = ({ name }: StoredJob) => classNamed(this.#classes, name) !== undefined
      const ids = failed.filter((job) => job.error?.name === UnknownJobClass.name && isKnown(job)).map((job) => job.id)
      if (ids.length > 0) offset -= await this.#backend.retry(ids)
      if (failed.length < limit) return
    }
  }
}
