import { currentExecution } from '../context/index.ts'
import { type AfterOptions, type AwaitedJobs, awaitedJobs, type ChildJob, childJobs } from './enqueueing/awaited_jobs.ts'
import { deserializeArguments } from './arguments/deserialize.ts'
import { serializeArguments } from './arguments/serialize.ts'
import type { GivenUpBy, JobRun, NewJob, ReservedJob } from './backend.ts'
import { printed, refusalOf } from './declaring/checking.ts'
import { chosenPriority, chosenQueue } from './declaring/chosen_place.ts'
import type { BulkOptions } from './enqueueing/bulk.ts'
import { ConfiguredJob } from './enqueueing/configured_job.ts'
import { Continuation, type JobStep, type StepOptions } from './continuation/index.ts'
import { currentRecordLocator } from './current.ts'
import { DeclaredJob } from './declaring/declared_job.ts'
import type { Duration } from './duration.ts'
import { applyOptions, enqueueAll, enqueueJob, type EnqueueOptions } from './enqueueing/enqueueing.ts'
import { enqueueFamily } from './enqueueing/enqueue_family.ts'
import { newJobId } from './job_id.ts'
import { JobNotes } from './job_notes.ts'
import { type JobMeta, metaOf } from './job_meta.ts'
import { hasMiddleware } from './performing/middleware.ts'
import { InvalidStep } from './errors.ts'
import { performWithHandlers } from './performing/performing.ts'
import type { ConcreteJobClass, InlineResult, PerformArguments, PerformResult } from './declaring/job_class.ts'
import { type JobPayload, logContext } from './payload.ts'
import { type RareParts, storedProgress } from './rare_parts.ts'
import { stepEventsOf } from './step_events.ts'
import { type DelayedArguments, splitDelay } from './enqueueing/spellings.ts'

/** The class of which a job is being made that was stored. */
let restoring: unknown

/** What a job is made of again: the part of a reserved job that isn't about the attempt. */
export type StoredPlace = Pick<ReservedJob, 'data' | 'queue' | 'priority' | 'runAt'>

/** Work that is done later, outside of the request, and survives a restart: Active Job's shape.
 *
 * @example
 * class SendReminder extends Job {
 *   static { this.queueAs('mailers'); this.retryOn(TimeoutError, { wait: 'polynomially_longer', attempts: 10 }) }
 *   async perform(userId: number) { … }
 * }
 * await SendReminder.set({ wait: minutes(5) }).performLater(42)
 */
export abstract class Job extends DeclaredJob {
  /** Set in front of the names of queues, with the delimiter between. */
  static queueNamePrefix: string | undefined
  static queueNameDelimiter = '_'
  /** By which part of it the wait before a retry may be longer, at random. Active Job's 0.15. */
  static retryJitter = 0.15
  /** Whether `performLater` within a database transaction waits for the commit. */
  static enqueueAfterTransactionCommit = true
  /** How often a job of several steps may go on after an interruption. Default: always. */
  static maxResumptions: number | undefined
  /** When and where it goes on. Active Job's 5 seconds. */
  static resumeOptions: EnqueueOptions = { wait: 5 }
  /** Whether a job of several steps that fails after it got further goes on by itself. */
  static resumeErrorsAfterAdvancing = true
  static queueName: string | ((job: Job) => string) = 'default'
  static priority: number | undefined | ((job: Job) => number) = undefined

  // Assigned by the constructor: to define the fields of a job takes V8 microseconds where there are many classes.
  /** The job's own id, the same through all retries. */
  declare jobId: string
  /** The id the backend gave it. */
  declare providerJobId: string | undefined
  declare queueName: string
  declare priority: number | undefined
  declare arguments: unknown[]
  /** How often it has run, the current time included. */
  declare executions: number
  /** How often it failed, by the error classes that a `retryOn` names. */
  declare exceptionExecutions: Record<string, number>
  declare scheduledAt: Date | undefined
  declare isSuccessfullyEnqueued: boolean
  /** What middleware gives it on its way: JSON values. */
  declare context: Record<string, unknown>
  /** Aborted when it has run longer than its class allows. */
  declare signal: AbortSignal | undefined
  /** Whether a callback kept the last run from performing. Internal. */
  declare wasAborted: boolean
  /** Set while a runner performs it: takes the retry, so that it replaces the job instead of adding another. */
  declare reservation: { retry: NewJob | undefined; run?: JobRun | undefined; givenUpBy?: GivenUpBy; isDiscarded?: boolean } | undefined
  /** What it waits for. Not assigned, since few jobs have it. */
  declare awaited?: AwaitedJobs
  /** How often it went on after an interruption. */
  declare resumptions: number
  #serializedArguments: readonly unknown[] | undefined
  #rare: RareParts | undefined

  constructor(...args: unknown[]) {
    super()
    const { queueName, priority } = this.constructor as typeof Job
    // A stored job has an id, a queue and a priority, and no arguments yet that a function could choose by.
    const isStored = restoring === this.constructor
    if (isStored) restoring = undefined
    this.jobId = isStored ? '' : newJobId()
    this.providerJobId = undefined
    this.queueName = typeof queueName === 'function' ? '' : queueName
    this.priority = typeof priority === 'function' ? undefined : priority
    this.arguments = args
    this.executions = 0
    this.exceptionExecutions = {}
    this.scheduledAt = undefined
    this.isSuccessfullyEnqueued = false
    this.context = {}
    this.signal = undefined
    this.wasAborted = false
    this.reservation = undefined
    this.resumptions = 0
    if (isStored) return
    if (typeof queueName === 'function') this.queueName = chosenQueue(this, queueName)
    if (typeof priority === 'function') this.priority = chosenPriority(this, priority)
  }

  /** The work. Whatever it needs must be among its arguments. */
  abstract perform(...args: never[]): unknown

  /** The full name of a queue, prefix included. */
  static queueNameFrom(queue: string): string {
    return this.queueNamePrefix ? `${this.queueNamePrefix}${this.queueNameDelimiter}${queue}` : queue
  }

  /** Enqueues a job; resolves when it is stored (within a transaction: at once, and it is stored after the commit).
   * @returns the job, or false when a callback stopped it
   * @throws SerializationError, NoJobBackend, QueueWriteFailed */
  static performLater<J extends Job>(this: ConcreteJobClass<J>, ...args: PerformArguments<J>): Promise<J | false> {
    const jobClass = this as unknown as new (...args: unknown[]) => J
    return new jobClass(...args).enqueue({})
  }

  /** Performs the job here and now, with its callbacks and handlers; answers what `perform` does, or false when a callback aborted it. */
  static performNow<J extends Job>(this: ConcreteJobClass<J>, ...args: PerformArguments<J>): Promise<PerformResult<J>> {
    return new ConfiguredJob(this, {}).performNow(...args)
  }

  /** When and where the job runs: `SendReminder.set({ wait: minutes(5) }).performLater(42)`. */
  static set<J extends Job>(this: ConcreteJobClass<J>, options: EnqueueOptions): ConfiguredJob<J> {
    return new ConfiguredJob(this, options)
  }

  /** Enqueues several jobs at once, without their enqueue callbacks: all are stored, or none.
   * @example await Job.performAllLater(new SendReminder(1), new SendReminder(2).set({ wait: 60 }))
   * await Job.performAllLater(users.map((user) => new SendReminder(user.id))) */
  static async performAllLater(...jobs: readonly (Job | readonly Job[])[]): Promise<void> {
    const all = jobs.flat() as Job[]
    const wrong = all.find((job: unknown) => !(job instanceof Job))
    if (wrong !== undefined)
      throw refusalOf('Job', 'performAllLater')(`can't take ${printed(wrong)}`, 'Make jobs with new: new SendReminder(1).')
    await enqueueAll(all)
  }

  /** Rage's way to enqueue: the last argument may be `{ delay }` or `{ delayUntil }`. */
  static enqueue<J extends Job>(this: ConcreteJobClass<J>, ...args: DelayedArguments<PerformArguments<J>>): Promise<J | false> {
    const { args: own, options } = splitDelay(this.name, args)
    return new ConfiguredJob(this, options).performLater(...(own as PerformArguments<J>))
  }

  /** Sidekiq's way to enqueue. @returns the job's id, or null when it wasn't enqueued */
  static performAsync<J extends Job>(this: ConcreteJobClass<J>, ...args: PerformArguments<J>): Promise<string | null> {
    return new ConfiguredJob(this, {}).performAsync(...args)
  }

  /** Sidekiq's way to perform the job here and now: an error is the caller's, whatever the class declares about it, and nothing is tried again. */
  static performInline<J extends Job>(this: ConcreteJobClass<J>, ...args: PerformArguments<J>): Promise<InlineResult<J>> {
    return new ConfiguredJob(this, {}).performInline(...args)
  }

  /** Sidekiq's way to enqueue for later: after seconds or a duration, or at a time. */
  static performIn<J extends Job>(
    this: ConcreteJobClass<J>,
    when: number | Duration | Date,
    ...args: PerformArguments<J>
  ): Promise<string | null> {
    return new ConfiguredJob(this, {}).performIn(when, ...args)
  }

  /** The same as `performIn`. */
  static performAt<J extends Job>(
    this: ConcreteJobClass<J>,
    when: number | Duration | Date,
    ...args: PerformArguments<J>
  ): Promise<string | null> {
    return new ConfiguredJob(this, {}).performIn(when, ...args)
  }

  /** Sidekiq's way to enqueue several: the arguments of each. All are stored, or none; with `batchSize` those of each batch.
   * @example await HardJob.performBulk([[1], [2]], { spreadInterval: minutes(5) }) */
  static performBulk<J extends Job>(
    this: ConcreteJobClass<J>,
    argumentLists: readonly PerformArguments<J>[],
    options: BulkOptions = {},
  ): Promise<(string | null)[]> {
    return new ConfiguredJob(this, {}).performBulk(argumentLists, options)
  }

  /** Makes a job of what a backend stored. */
  static restore<J extends Job>(this: ConcreteJobClass<J>, stored: StoredPlace): J {
    const job = emptyJob(this)
    const { data, queue, priority, runAt } = stored
    const payload = data as Partial<JobPayload>
    job.jobId = typeof payload.job_id === 'string' ? payload.job_id : newJobId()
    job.queueName = queue
    job.priority = priority === 0 ? undefined : priority
    job.scheduledAt = runAt === undefined ? undefined : new Date(runAt)
    job.executions = Number.isInteger(payload.executions) ? payload.executions! : 0
    job.exceptionExecutions = { ...payload.exception_executions }
    if (payload.continuation !== undefined) job.#rareParts().storedContinuation = payload.continuation
    job.resumptions = Number.isInteger(payload.resumptions) ? payload.resumptions! : 0
    if (payload.context !== undefined) job.context = { ...payload.context }
    if (payload.log_tags !== undefined || payload.log_fields !== undefined)
      job.#rareParts().log = { log_tags: payload.log_tags, log_fields: payload.log_fields }
    if (payload.progress !== undefined || payload.logs !== undefined) job.#rareParts().notes = job.#notesOf(payload)
    job.#serializedArguments = payload.arguments ?? []
    // What is around all jobs sees them as they are stored.
    if (hasMiddleware('perform')) job.arguments = [...job.#serializedArguments]
    return job
  }

  /** What it may ask about the attempt that runs. */
  get meta(): JobMeta {
    return metaOf(this)
  }

  /** Changes when and where this job runs. */
  set(options: EnqueueOptions): this {
    applyOptions(this, options)
    return this
  }

  /** Lets this job wait for others, which are enqueued together with it: all are stored, or none. They may wait for others, too.
   * @throws InvalidJobOption
   * @example await new SendSummary(7).after([new ImportRow(1), new ImportRow(2)]).enqueue() */
  after(jobs: readonly Job[], options: AfterOptions = {}): this {
    this.awaited = awaitedJobs(this, jobs, options, (value) => value instanceof Job)
    return this
  }

  /** The jobs that this one waited for, with what came of them, oldest first: none outside of its run. */
  async children(): Promise<ChildJob[]> {
    return childJobs((await this.reservation?.run?.children?.()) ?? [])
  }

  /** Enqueues this job. */
  enqueue(options: EnqueueOptions = {}): Promise<this | false> {
    try {
      applyOptions(this, options)
      return this.awaited === undefined ? enqueueJob(this) : enqueueFamily(this)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Runs this job again, later; within `perform` it takes the place of the job that runs. */
  async retryJob(options: EnqueueOptions = {}): Promise<void> {
    this.scheduledAt = undefined
    await this.enqueue(options)
  }

  /** Does a part of the work that isn't done again when the job is interrupted after it: by the end of its process, or by an error.
   * Without `work`, the method of that name is called with the step.
   * @throws InvalidStep (REGAUGE_INVALID_STEP) when a run has other steps than the one before it */
  async step<Cursor = unknown>(
    name: string,
    work: ((step: JobStep<Cursor>) => unknown) | undefined = undefined,
    options: StepOptions<Cursor> = {},
  ): Promise<void> {
    const continuation = (this.#rareParts().continuation ??= this.#continue())
    await continuation.step(name, work ?? stepMethod<Cursor>(this, name), options)
  }

  /** How far the work is, as it said last. */
  get progress(): unknown {
    return this.#rare?.notes?.progress
  }

  /** Says how far the work is, for whoever looks at the job: in percent, or as any JSON value. It is kept with the job some ten times a second at most.
   * @example this.updateProgress(Math.round((100 * done) / total)) */
  updateProgress(progress: unknown): void {
    ;(this.#rareParts().notes ??= this.#notesOf({})).update(progress)
  }

  /** Adds a line to the job's own log, which is kept with it: the last thousand lines, each of 10,000 characters at most. */
  appendLog(line: string): void {
    ;(this.#rareParts().notes ??= this.#notesOf({})).append(line)
  }

  /** Keeps what it told of itself since that was done last. Internal. */
  saveNotes(): void {
    this.#rare?.notes?.flush()
  }

  #notesOf(stored: Pick<JobPayload, 'progress' | 'logs'>): JobNotes {
    return new JobNotes(stored, () => this.reservation?.run?.save(this.payload()))
  }

  /** Goes on with the steps of an earlier run, if it did some. Internal. */
  goOn(): void {
    if (this.#rare?.storedContinuation !== undefined) this.#rare.continuation ??= this.#continue()
  }

  /** Whether this run did a step, or moved the cursor of one. */
  get isAdvanced(): boolean {
    return this.#rare?.continuation?.isAdvanced ?? false
  }

  #continue(): Continuation {
    const [run, observer, rare] = [this.reservation?.run, stepEventsOf(this), this.#rareParts()]
    const continuation = new Continuation(rare.storedContinuation, {
      job: this.constructor.name,
      isStopping: () => run?.isStopping ?? false,
      observer,
      save: (isUrgent) => {
        const now = Date.now()
        // The clock may have been set back.
        if (run === undefined || (!isUrgent && Math.abs(now - (rare.savedAt ?? 0)) < millisecondsBetweenSaves)) return
        rare.savedAt = now
        run.save(this.payload())
      },
    })
    if (continuation.isStarted) {
      this.resumptions++
      observer.resumed(continuation)
    }
    return continuation
  }

  /** Performs this job here and now, with its callbacks and handlers; answers what `perform` does, or false when a callback aborted it. */
  performNow(): Promise<PerformResult<this>> {
    if (this.awaited !== undefined)
      return Promise.reject(refusalOf(this.constructor.name, 'performNow')("can't wait for other jobs", 'Enqueue it: job.enqueue().'))
    return performWithHandlers(this) as Promise<PerformResult<this>>
  }

  /** Reads the arguments that a backend stored, if that wasn't done yet. Records are loaded. */
  loadArguments(): Promise<void> {
    const serialized = this.#serializedArguments
    if (serialized === undefined) return loaded
    if (this.#rare?.storedContinuation !== undefined || !isPlain(serialized)) return this.#deserialize(serialized)
    this.arguments = [...serialized]
    this.#serializedArguments = undefined
    return loaded
  }

  async #deserialize(serialized: readonly unknown[]): Promise<void> {
    const locator = currentRecordLocator()
    this.arguments = await deserializeArguments(serialized, locator)
    this.#serializedArguments = undefined
    const stored = this.#rare?.storedContinuation
    if (stored?.current === undefined) return
    const [cursor] = await deserializeArguments([stored.current[1]], locator)
    this.#rareParts().storedContinuation = { ...stored, current: [stored.current[0], cursor] }
  }

  #rareParts(): RareParts {
    return (this.#rare ??= {})
  }

  /** What a backend stores of this job. */
  payload(): JobPayload {
    const [execution, rare] = [currentExecution(), this.#rare]
    const serialized = this.#serializedArguments ?? serializeArguments(this.arguments, currentRecordLocator())
    const payload: { -readonly [K in keyof JobPayload]: JobPayload[K] } = { job_id: this.jobId, arguments: serialized }
    if (this.executions > 0) payload.executions = this.executions
    for (const _ in this.exceptionExecutions) payload.exception_executions = this.exceptionExecutions
    if (execution?.requestId !== undefined) payload.request_id = execution.requestId
    if (execution?.logTags !== undefined || execution?.logFields !== undefined) Object.assign(payload, rare?.log ?? logContext(execution))
    const continuation = rare?.continuation?.state ?? rare?.storedContinuation
    if (continuation !== undefined) Object.assign(payload, storedProgress(continuation, this.resumptions))
    if (rare?.notes !== undefined) Object.assign(payload, rare.notes.fields)
    for (const _ in this.context) return { ...payload, context: this.context }
    return payload
  }
}

/** A cursor that moves fast is saved this often at most: after the death of the process, so much is done again. */
const millisecondsBetweenSaves = 100

const loaded = Promise.resolve()

/** Makes a job that what was stored is put into. */
function emptyJob<J extends Job>(jobClass: ConcreteJobClass<J>): J {
  restoring = jobClass
  try {
    return new jobClass()
  } finally {
    restoring = undefined
  }
}

/** Whether stored arguments are what they stand for: texts, numbers and the like. */
function isPlain(serialized: readonly unknown[]): boolean {
  return Array.isArray(serialized) && !serialized.some((value) => typeof value === 'object' && value !== null)
}

function stepMethod<Cursor>(job: Job, name: string): (step: JobStep<Cursor>) => unknown {
  const method: unknown = Reflect.get(job, name)
  if (typeof method === 'function') return (step) => method.call(job, step)
  throw new InvalidStep({ job: job.constructor.name, step: name, reason: 'has no work: pass a function, or write a method of this name.' })
}
