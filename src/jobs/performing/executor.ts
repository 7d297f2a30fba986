import { endExecution, type Execution, runExecution } from '../../context/index.ts'
import type { Logger } from '../../logging/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { thrownText } from '../../values/index.ts'
import { serializeArguments } from '../arguments/serialize.ts'
import type { NewJob, Outcome, ReservedJob } from '../backend.ts'
import { classNamed } from '../class_named.ts'
import { currentRecordLocator } from '../current.ts'
import { UnknownJobClass } from '../errors.ts'
import { failureOf } from './failure.ts'
import type { Job, StoredPlace } from '../job.ts'
import { reportOf } from './report.ts'
import { enqueueDueJob, idOfDueJob, scheduleOf } from '../schedules/due_job.ts'

/** A class whose jobs can be run. */
export interface RunnableJobClass {
  readonly name: string
  restore(stored: StoredPlace): Job
}

/** The execution of a job; the fields of its log lines are known when the job is made. */
interface JobExecution extends Execution {
  logFields: Execution['logFields']
  logTags?: Execution['logTags']
}

/** Performs stored jobs, each in an execution of its own, and says what becomes of them. */
export class JobExecutor {
  /** What runs at the moment. */
  readonly running = new Set<ReservedJob>()
  readonly #classes: ReadonlyMap<string, RunnableJobClass>
  readonly #logger: Logger
  readonly #application: object | undefined
  readonly #logsJobs: boolean

  constructor(classes: ReadonlyMap<string, RunnableJobClass>, logger: Logger, application: object | undefined, logsJobs = true) {
    this.#classes = classes
    this.#logger = logger
    this.#application = application
    this.#logsJobs = logsJobs
  }

  /** Never rejects: an error that nothing handles is the outcome `failed`, and so is one of a class that can't be made again of what was stored. */
  execute(reserved: ReservedJob): Promise<Outcome> {
    const jobClass = classNamed(this.#classes, reserved.name)
    if (jobClass === undefined) return Promise.resolve(this.#park(reserved))
    const { request_id: requestId, log_tags: logTags } = reserved.data
    const execution: JobExecution = {
      application: this.#application,
      requestId: typeof requestId === 'string' ? requestId : undefined,
      logFields: undefined,
    }
    if (Array.isArray(logTags)) execution.logTags = logTags.filter((tag) => typeof tag === 'string')
    return runExecution(execution, () => this.#perform(jobClass, reserved, execution))
  }

  async #perform(jobClass: RunnableJobClass, reserved: ReservedJob, execution: JobExecution): Promise<Outcome> {
    // What is entered of an AsyncLocalStorage for good (`enterWith`) from here on is around this job only: not around those that begin after it.
    await soon
    let job: Job
    try {
      job = restored(jobClass, reserved)
    } catch (error) {
      return this.#notMade(jobClass, reserved, execution, error)
    }
    const fields = { job: jobClass.name, job_id: job.jobId, queue: reserved.queue, attempt: job.executions + 1 }
    const { log_fields: logFields } = reserved.data
    execution.logFields = logFields === undefined ? fields : { ...(logFields as object), ...fields }
    const reservation = (job.reservation = { retry: undefined, run: reserved.run }) as NonNullable<Job['reservation']>
    const startedAt = performance.now()
    this.running.add(reserved)
    try {
      if (scheduleOf(reserved) !== undefined && !(await enqueueDueJob(job))) return { kind: 'discarded' }
      const result = await job.performNow()
      const { retry } = reservation
      const error = result instanceof Error ? result : undefined
      if (this.#logsJobs) this.#logEnd(job, error, startedAt, retry)
      if (retry === undefined && reservation.isDiscarded) return { kind: 'discarded' }
      if (retry === undefined)
        return reserved.keepsResult && error === undefined ? { kind: 'completed', result: resultOf(result) } : completed
      return retried(retry)
    } catch (error) {
      const { retry } = reservation
      if (this.#logsJobs) this.#logger.error(`${titleOf(job)} failed`, { error, run_at: retry && startOf(retry) })
      reportOf(job, error, false)
      // That it asked for another run before it failed stands, as in Active Job.
      return retry === undefined ? { kind: 'failed', error: failureOf(error), givenUpBy: reservation.givenUpBy } : retried(retry)
    } finally {
      this.running.delete(reserved)
      job.saveNotes()
      job.reservation = undefined
      endExecution(execution)
    }
  }

  /** What becomes of a job whose class can't be made: there is nobody to ask whether it is tried again. */
  #notMade(jobClass: RunnableJobClass, { name, queue, attempt, data }: ReservedJob, execution: JobExecution, error: unknown): Outcome {
    const { job_id: id } = data
    this.#logger.error(`${name} failed`, { error, job: name, job_id: id, queue, attempt })
    reportOf({ constructor: jobClass, jobId: id }, error, false)
    endExecution(execution)
    return { kind: 'failed', error: failureOf(error) }
  }

  #logEnd(job: Job, error: Error | undefined, startedAt: number, retry: NewJob | undefined): void {
    if (error === undefined && retry === undefined && !this.#logger.isLevelEnabled('info')) return
    const duration = Math.round((performance.now() - startedAt) * 1000) / 1000
    const name = titleOf(job)
    const run_at = retry && startOf(retry)
    if (retry !== undefined && error !== undefined) this.#logger.warn(`Retrying ${name}`, { error, duration, run_at })
    // It asked for it, or was interrupted between its steps.
    else if (retry !== undefined) this.#logger.info(`${name} goes on later`, { duration, run_at })
    else if (error !== undefined) this.#logger.warn(`Gave up ${name}: ${thrownText(error)}`, { error, duration })
    else this.#logger.info(`Performed ${name}`, { duration })
  }

  #park(reserved: ReservedJob): Outcome {
    const error = new UnknownJobClass({ name: reserved.name, suggestion: didYouMean(reserved.name, [...this.#classes.keys()]) })
    this.#logger.error(`${error.message} ${error.hint}`, { job: reserved.name, queue: reserved.queue })
    return { kind: 'failed', error: { name: UnknownJobClass.name, message: `${error.message} ${error.hint}` } }
  }
}

function titleOf(job: Job): string {
  return (job.constructor as typeof Job).titleOf(job.arguments)
}

/** A job as it was stored. */
function restored(jobClass: RunnableJobClass, reserved: ReservedJob): Job {
  const job = jobClass.restore(reserved)
  job.providerJobId = reserved.id
  const schedule = scheduleOf(reserved)
  if (schedule !== undefined) job.jobId = idOfDueJob(schedule, reserved)
  job.executions = Math.max(job.executions, reserved.attempt - 1)
  return job
}

function retried({ data, queue, priority = 0, runAt = 0 }: NewJob): Outcome {
  return { kind: 'retry', data, queue, priority, runAt }
}

/** When it runs again, for the log. */
function startOf({ runAt }: NewJob): string {
  return new Date(runAt || Date.now()).toISOString()
}

const soon = Promise.resolve()
const completed: Outcome = { kind: 'completed' }
/** The longest JSON text of what a job answers that is kept, in characters. */
const longestResult = 100_000

/** What a job answered, serialised as its arguments are; undefined when it can't be, or is too long: what `perform` answers is often nothing but what
 * its last line did. */
function resultOf(value: unknown): unknown {
  if (value === undefined) return undefined
  try {
    const [result] = serializeArguments([value], currentRecordLocator())
    return JSON.stringify(result).length > longestResult ? undefined : result
  } catch {
    return undefined
  }
}
