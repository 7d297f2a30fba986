import { InvalidJobId, JobTooLarge, QueueClosed } from '../errors.ts'
import { BackPressure } from './back_pressure.ts'
import { Compactor } from './compactor.ts'
import type { JobConstraints } from './constraints.ts'
import { ConstrainedJobs, isLive } from './constrained_jobs.ts'
import { DelayedJobs } from './delayed_jobs.ts'
import { EngineJob } from './engine_job.ts'
import type { NewEntry, Reschedule } from './entries.ts'
import { FinishedJobs } from './finished_jobs.ts'
import { JobState, type JobStateName, stateName } from './job_state.ts'
import { Journal } from './journal.ts'
import { Notes } from './notes.ts'
import { Ownership } from './ownership.ts'
import { type EngineOptions, resolveOptions } from './options.ts'
import { prepareDirectory } from './prepare_directory.ts'
import { QueueControls } from './queue_controls.ts'
import { recoverJobs } from './recovery.ts'
import { reportDamages } from './report_damages.ts'
import type { QueueSelection } from './queue_selection.ts'
import { Schedules } from './schedules.ts'
import { letGo } from './segment.ts'
import { WaitingQueues } from './waiting_queues.ts'

/** The embedded durable queue: all jobs and their states in memory, every change in a journal on disk. */
export class Engine {
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #jobs: Map<number, EngineJob>
  readonly #byCustomId = new Map<string, EngineJob>()
  readonly #queues = new WaitingQueues((queue) => this.controls.apply(queue))
  readonly #active = new Set<EngineJob>()
  readonly #completed: FinishedJobs
  readonly #failed: FinishedJobs
  readonly #delayed = new DelayedJobs(
    (job) => this.#queues.push(job),
    () => this.#wake(),
  )
  /** What is remembered beside jobs. */
  readonly notes = new Notes({
    nextSequence: () => this.#nextSequence++,
    register: (note) => this.#jobs.set(note.sequence, note),
    put: (note) => this.#journal?.put(note),
    remove: (note) => this.remove(note),
  })
  /** Pausing and limits of queues. */
  readonly controls = new QueueControls(this.#queues.byName, this.notes, () => this.#wake())
  /** Jobs that are enqueued again and again. */
  readonly schedules = new Schedules({
    notes: this.notes,
    add: (entries, note) => this.add(entries, note),
    onFailure: (schedule, error) => this.#options.logger.error('A recurring job could not be enqueued', { schedule, error }),
  })
  readonly #constrained = new ConstrainedJobs((jobs) => {
    this.#queues.putBack(jobs)
    this.#wake()
  })
  readonly #backPressure: BackPressure | undefined
  readonly #journal: Journal | undefined
  readonly #ownership: Ownership | undefined
  readonly #listeners = new Set<() => void>()
  #nextSequence: number
  #isClosed = false

  /** Opens the queue: takes possession of the directory, reads what is there, makes the jobs that were active wait again.
   *
   * @throws QueueOwned, QueueUnreadable, QueueDirectoryUnusable
   * @example const engine = Engine.open({ directory: 'storage/jobs' })
   */
  static open(options: EngineOptions): Engine {
    return new Engine(options)
  }

  private constructor(given: EngineOptions) {
    const options = resolveOptions(given)
    this.#options = options
    this.#completed = new FinishedJobs(options.retention.completed)
    this.#failed = new FinishedJobs(options.retention.failed)
    if (options.backPressure !== undefined) this.#backPressure = new BackPressure(options.backPressure, () => this.backlog)
    if (options.durability === 'memory') {
      this.#jobs = new Map()
      this.#nextSequence = 1
      this.controls.limit(options.limits)
      return
    }
    const { directory, durability, segmentBytes, logger } = options
    prepareDirectory(directory)
    this.#ownership = Ownership.acquire(directory, () => {
      logger.error('The job queue was taken over by another process; this one stops using it', { directory })
      this.#isClosed = true
      this.#stopTimers()
      this.#journal?.abandon()
    })
    try {
      const recovered = recoverJobs(directory)
      reportDamages(recovered.damages, directory, logger)
      this.#jobs = recovered.jobs
      this.#nextSequence = recovered.nextSequence
      const journal = new Journal({
        directory,
        durability,
        segmentBytes,
        segments: recovered.segments,
        nextSequence: () => this.#nextSequence,
        isHeld: () => this.#ownership!.isHeld(),
        onFailure: (error) =>
          error === undefined
            ? logger.info('The job queue can be written again', { directory })
            : logger.error('The job queue can not be written', { directory, error }),
        onCommit: () => compactor.consider(),
      })
      const compactor = new Compactor(journal, this.#jobs, segmentBytes)
      this.#journal = journal
      for (const job of this.#jobs.values()) this.#adopt(job)
      this.controls.restore()
      this.controls.limit(options.limits)
    } catch (error) {
      this.#ownership.release()
      throw error
    }
  }

  /** Stores jobs; resolves when they are as durable as the configuration asks. Undefined stands for a job that wasn't stored, because
   * another of its unique key is there, or as many as its limit allows.
   *
   * @param note what is remembered when they are stored, and only then
   * @throws QueueWriteFailed when they could not be stored (none of them is then), JobTooLarge, InvalidJobId, DuplicateJob, QueueClosed
   */
  add(entries: readonly NewEntry[], note?: EngineJob): Promise<(EngineJob | undefined)[]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new QueueClosed({})
      for (const entry of entries) this.#validate(entry)
      const fresh: EngineJob[] = []
      const replaced: EngineJob[] = []
      const failed = (error: Error) => {
        for (const job of fresh) this.#forget(job)
        for (const job of replaced) this.#constrained.restore(job)
        reject(error)
      }
      let jobs: (EngineJob | undefined)[]
      try {
        jobs = entries.map((entry) => this.#existing(entry) ?? this.#create(entry, fresh, replaced))
      } catch (error) {
        failed(error as Error)
        return
      }
      const stored = () => {
        for (const job of replaced) if (job.state !== JobState.active) this.remove(job)
        for (const job of fresh) this.#enter(job)
        if (fresh.length > 0) this.#wake()
        resolve(jobs)
      }
      if (this.#journal === undefined) stored()
      else if (note !== undefined) this.#journal.add([...fresh, note], stored, failed)
      else if (fresh.length > 0) this.#journal.add(fresh, stored, failed)
      else void this.#journal.flushed().then((isStored) => (isStored ? stored() : failed(this.#journal!.failure)))
    })
  }

  /** Resolves when there is room for more jobs. @throws QueueFull (REGAUGE_QUEUE_FULL) */
  room(): Promise<void> | undefined {
    return this.#backPressure?.room()
  }

  /** How many jobs could run now. */
  get backlog(): number {
    const { waiting, prioritized } = this.#queues.sizes()
    return waiting + prioritized
  }

  /** Takes the next job of the selected queues and marks it active. */
  take(selection: QueueSelection): EngineJob | undefined {
    if (this.#isClosed) return undefined
    for (;;) {
      const queue = selection.next(this.#queues.byName)
      const job = queue?.shift()
      if (queue === undefined || job === undefined) return undefined
      if (!this.#constrained.start(job)) continue
      if (queue.isLimited) this.controls.started(queue)
      job.state = JobState.active
      job.attempts++
      this.#active.add(job)
      this.#journal?.start(job, Date.now())
      this.#backPressure?.consider()
      return job
    }
  }

  /** Calls `listener` whenever a job may have become available.
   * @returns a function that ends it */
  onAvailable(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  complete(job: EngineJob, returnValue?: unknown): void {
    this.#finish(job, JobState.completed, this.#completed, returnValue === undefined ? {} : { returnValue })
  }

  fail(job: EngineJob, error: { name: string; message: string; stack?: string | undefined }): void {
    this.#finish(job, JobState.failed, this.#failed, { error })
  }

  /** Replaces the data of a job that runs. */
  update(job: EngineJob, data: string): void {
    if (job.state !== JobState.active || this.#isClosed) return
    job.data = data
    this.#journal?.put(job)
  }

  /** Lets a job run again, changed as `changes` say: after its time when there is one, else at once. */
  reschedule(job: EngineJob, changes: Reschedule): void {
    if (job.state === JobState.removed || this.#isClosed) return
    const wasLive = isLive(job)
    this.#withdraw(job)
    job.data = changes.data ?? job.data
    job.queue = changes.queue ?? job.queue
    job.priority = changes.priority ?? job.priority
    job.runAt = changes.runAt ?? 0
    job.recoveries = 0
    if (job.details !== undefined) job.details = { ...job.details, error: undefined, finishedAt: undefined } as typeof job.details
    if (!wasLive) this.#constrained.enter(job)
    this.#place(job)
    this.#journal?.put(job)
    this.#wake()
  }

  /** Forgets a job. */
  remove(job: EngineJob): void {
    if (job.state === JobState.removed || this.#isClosed) return
    const wasLive = isLive(job)
    this.#withdraw(job)
    job.state = JobState.removed
    this.#jobs.delete(job.sequence)
    if (wasLive) this.#constrained.leave(job)
    if (job.customId !== undefined && this.#byCustomId.get(job.customId) === job) this.#byCustomId.delete(job.customId)
    letGo(job)
    this.#journal?.remove(job)
    this.#backPressure?.consider()
  }

  get(id: string): EngineJob | undefined {
    const job = this.#byCustomId.get(id) ?? (isSequence(id) ? this.#jobs.get(Number(id)) : undefined)
    return job?.state === JobState.note ? undefined : job
  }

  counts(): Record<JobStateName, number> {
    return {
      ...this.#queues.sizes(),
      delayed: this.#delayed.size,
      active: this.#active.size,
      completed: this.#completed.size,
      failed: this.#failed.size,
      blocked: this.#constrained.blocked,
      paused: 0,
      'waiting-children': 0,
    }
  }

  /** The jobs of a state: waiting ones by queue in the order they will run, the others in no promised order. */
  *jobsIn(state: JobStateName): Iterable<EngineJob> {
    if (state === 'delayed') yield* this.#delayed
    if (state === 'active') yield* this.#active
    if (state === 'completed') yield* this.#completed
    if (state === 'failed') yield* this.#failed
    if (state === 'blocked') yield* this.#constrained
    if (state !== 'waiting' && state !== 'prioritized') return
    for (const job of this.#queues) if (stateName(job.state, job.priority) === state) yield job
  }

  /** Resolves when all changes so far are stored. */
  async flushed(): Promise<void> {
    await this.#journal?.flushed()
  }

  /** Gives jobs that are still active back, stores all changes, and lets go of the directory. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    for (const job of [...this.#active]) {
      job.attempts--
      this.reschedule(job, {})
    }
    this.#isClosed = true
    this.#stopTimers()
    try {
      await this.#journal?.close()
    } finally {
      this.#ownership?.release()
    }
  }

  #stopTimers(): void {
    this.#delayed.close()
    this.#constrained.close()
    this.controls.close()
    this.schedules.close()
  }

  #validate(entry: NewEntry): void {
    if (entry.data.length > this.#options.maxDataLength) {
      throw new JobTooLarge({ name: entry.name, bytes: entry.data.length, limit: this.#options.maxDataLength })
    }
    if (entry.id !== undefined && (isSequence(entry.id) || entry.id === '')) throw new InvalidJobId({ id: entry.id })
  }

  #existing(entry: NewEntry): EngineJob | undefined {
    return entry.id === undefined ? undefined : this.#byCustomId.get(entry.id)
  }

  #create(entry: NewEntry, fresh: EngineJob[], replaced: EngineJob[]): EngineJob | undefined {
    const { id, name, queue, data, constraints, priority = 0, runAt = 0 } = entry
    const now = Date.now()
    const options = constraints && JSON.stringify(constraints)
    const job = new EngineJob(this.#nextSequence++, id, name, queue, data, options, priority, now, runAt > now ? runAt : 0)
    if (job.runAt !== 0) job.state = JobState.delayed
    job.constraints = constraints
    if (!this.#constrained.admit(job, replaced)) return undefined
    if (id !== undefined) this.#byCustomId.set(id, job)
    fresh.push(job)
    return job
  }

  /** Takes back what `#create` noted of a job that couldn't be stored. */
  #forget(job: EngineJob): void {
    if (job.customId !== undefined) this.#byCustomId.delete(job.customId)
    this.#constrained.leave(job)
  }

  #enter(job: EngineJob): void {
    if (job.state === JobState.removed) return
    this.#jobs.set(job.sequence, job)
    this.#place(job)
  }

  #place(job: EngineJob): void {
    if (job.runAt > Date.now()) {
      job.state = JobState.delayed
      this.#delayed.push(job)
    } else this.#queues.push(job)
  }

  #withdraw(job: EngineJob): void {
    if (job.state === JobState.waiting) this.#queues.remove(job)
    else if (job.state === JobState.delayed) this.#delayed.remove(job)
    else if (job.state === JobState.active) {
      this.#active.delete(job)
      this.#constrained.stop(job)
    } else if (job.state === JobState.blocked) this.#constrained.unblock(job)
    else if (job.state === JobState.completed) this.#completed.delete(job)
    else if (job.state === JobState.failed) this.#failed.delete(job)
  }

  #finish(job: EngineJob, state: typeof JobState.completed | typeof JobState.failed, finished: FinishedJobs, details: object): void {
    if (job.state !== JobState.active || this.#isClosed) return
    if (!finished.keeps) {
      this.remove(job)
      return
    }
    this.#withdraw(job)
    const now = Date.now()
    job.state = state
    this.#constrained.leave(job)
    job.recoveries = 0
    job.details = { ...job.details, ...details, finishedAt: now }
    finished.add(job)
    this.#journal?.put(job)
    for (const expired of finished.expired(now)) this.remove(expired)
  }

  /** Takes in a job found on disk. */
  #adopt(job: EngineJob): void {
    if (job.state === JobState.note) {
      this.notes.adopt(job)
      return
    }
    if (job.customId !== undefined) this.#byCustomId.set(job.customId, job)
    if (job.options !== undefined) job.constraints = JSON.parse(job.options) as JobConstraints
    if (isLive(job)) this.#constrained.enter(job)
    if (job.state === JobState.completed) this.#completed.add(job)
    else if (job.state === JobState.failed) this.#failed.add(job)
    else if (job.state === JobState.active && job.recoveries > this.#options.maxRecoveries) {
      this.#active.add(job)
      const message = `The process died ${job.recoveries} times while it ran.`
      this.#options.logger.error(`${message} It is kept among the failed jobs`, { job: job.name, job_id: job.id })
      this.fail(job, { name: 'ProcessDied', message })
    } else this.#place(job)
  }

  #wake(): void {
    for (const listener of this.#listeners) listener()
  }
}

function isSequence(id: string): boolean {
  return /^\d+$/.test(id)
}
