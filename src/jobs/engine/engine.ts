import fs from 'node:fs'
import { InvalidJobId, JobTooLarge, QueueClosed, QueueDirectoryUnusable } from '../errors.ts'
import { Compactor } from './compactor.ts'
import { DelayedJobs } from './delayed_jobs.ts'
import { EngineJob } from './engine_job.ts'
import { FinishedJobs } from './finished_jobs.ts'
import { JobState, type JobStateName, stateName } from './job_state.ts'
import { Journal } from './journal.ts'
import { Ownership } from './ownership.ts'
import { type EngineOptions, resolveOptions } from './options.ts'
import { recoverJobs } from './recovery.ts'
import { reportDamages } from './report_damages.ts'
import type { QueueSelection } from './queue_selection.ts'
import { letGo } from './segment.ts'
import { WaitingQueue } from './waiting_queue.ts'

/** A job to store. */
export interface NewEntry {
  /** An id of the author's choice: adding it again while the job exists changes nothing. */
  readonly id?: string | undefined
  readonly queue: string
  readonly name: string
  /** JSON text. */
  readonly data: string
  readonly options?: string | undefined
  readonly priority?: number | undefined
  /** Milliseconds since the epoch. */
  readonly runAt?: number | undefined
}

/** What a job becomes when it is to run again. */
export interface Reschedule {
  readonly data?: string | undefined
  readonly queue?: string | undefined
  readonly priority?: number | undefined
  readonly runAt?: number | undefined
}

/** The embedded durable queue: all jobs and their states in memory, every change in a journal on disk. */
export class Engine {
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #jobs: Map<number, EngineJob>
  readonly #byCustomId = new Map<string, EngineJob>()
  readonly #queues = new Map<string, WaitingQueue>()
  readonly #active = new Set<EngineJob>()
  readonly #completed: FinishedJobs
  readonly #failed: FinishedJobs
  readonly #delayed = new DelayedJobs(
    (job) => this.#wait(job),
    () => this.#wake(),
  )
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
    if (options.durability === 'memory') {
      this.#jobs = new Map()
      this.#nextSequence = 1
      return
    }
    const { directory, durability, segmentBytes, logger } = options
    prepareDirectory(directory)
    this.#ownership = Ownership.acquire(directory, () => {
      logger.error('The job queue was taken over by another process; this one stops using it', { directory })
      this.#isClosed = true
      this.#delayed.close()
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
    } catch (error) {
      this.#ownership.release()
      throw error
    }
  }

  /** Stores jobs; resolves when they are as durable as the configuration asks.
   * @throws QueueWriteFailed when they could not be stored (none of them is then), JobTooLarge, InvalidJobId, QueueClosed
   */
  add(entries: readonly NewEntry[]): Promise<EngineJob[]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new QueueClosed({})
      for (const entry of entries) this.#validate(entry)
      const fresh: EngineJob[] = []
      const jobs = entries.map((entry) => this.#existing(entry) ?? this.#create(entry, fresh))
      const stored = () => {
        for (const job of fresh) this.#enter(job)
        if (fresh.length > 0) this.#wake()
        resolve(jobs)
      }
      const failed = (error: Error) => {
        for (const job of fresh) if (job.customId !== undefined) this.#byCustomId.delete(job.customId)
        reject(error)
      }
      if (this.#journal === undefined) stored()
      else if (fresh.length > 0) this.#journal.add(fresh, stored, failed)
      else void this.#journal.flushed().then((isStored) => (isStored ? stored() : failed(this.#journal!.failure)))
    })
  }

  /** Takes the next job of the selected queues and marks it active. */
  take(selection: QueueSelection): EngineJob | undefined {
    if (this.#isClosed) return undefined
    const job = selection.next(this.#queues)?.shift()
    if (job === undefined) return undefined
    job.state = JobState.active
    job.attempts++
    this.#active.add(job)
    this.#journal?.start(job, Date.now())
    return job
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

  /** Lets a job run again, changed as `changes` say: after its time when there is one, else at once. */
  reschedule(job: EngineJob, changes: Reschedule): void {
    if (job.state === JobState.removed || this.#isClosed) return
    this.#withdraw(job)
    job.data = changes.data ?? job.data
    job.queue = changes.queue ?? job.queue
    job.priority = changes.priority ?? job.priority
    job.runAt = changes.runAt ?? 0
    job.recoveries = 0
    if (job.details !== undefined) job.details = { ...job.details, error: undefined, finishedAt: undefined } as typeof job.details
    this.#enter(job, false)
    this.#journal?.put(job)
    this.#wake()
  }

  /** Forgets a job. */
  remove(job: EngineJob): void {
    if (job.state === JobState.removed || this.#isClosed) return
    this.#withdraw(job)
    job.state = JobState.removed
    this.#jobs.delete(job.sequence)
    if (job.customId !== undefined) this.#byCustomId.delete(job.customId)
    letGo(job)
    this.#journal?.remove(job)
  }

  get(id: string): EngineJob | undefined {
    return this.#byCustomId.get(id) ?? (isSequence(id) ? this.#jobs.get(Number(id)) : undefined)
  }

  counts(): Record<JobStateName, number> {
    let waiting = 0
    let prioritized = 0
    for (const queue of this.#queues.values()) {
      prioritized += queue.prioritizedSize
      waiting += queue.size - queue.prioritizedSize
    }
    return {
      waiting,
      prioritized,
      delayed: this.#delayed.size,
      active: this.#active.size,
      completed: this.#completed.size,
      failed: this.#failed.size,
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
    if (state !== 'waiting' && state !== 'prioritized') return
    for (const queue of this.#queues.values()) for (const job of queue) if (stateName(job.state, job.priority) === state) yield job
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
    this.#delayed.close()
    try {
      await this.#journal?.close()
    } finally {
      this.#ownership?.release()
    }
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

  #create(entry: NewEntry, fresh: EngineJob[]): EngineJob {
    const { id, name, queue, data, options, priority = 0, runAt = 0 } = entry
    const now = Date.now()
    const job = new EngineJob(this.#nextSequence++, id, name, queue, data, options, priority, now, runAt > now ? runAt : 0)
    if (job.runAt !== 0) job.state = JobState.delayed
    if (id !== undefined) this.#byCustomId.set(id, job)
    fresh.push(job)
    return job
  }

  #enter(job: EngineJob, isNew = true): void {
    if (isNew) this.#jobs.set(job.sequence, job)
    if (job.runAt > Date.now()) {
      job.state = JobState.delayed
      this.#delayed.push(job)
    } else this.#wait(job)
  }

  #wait(job: EngineJob): void {
    job.state = JobState.waiting
    let queue = this.#queues.get(job.queue)
    if (queue === undefined) this.#queues.set(job.queue, (queue = new WaitingQueue(job.queue)))
    queue.push(job)
  }

  #withdraw(job: EngineJob): void {
    if (job.state === JobState.waiting) this.#queues.get(job.queue)?.remove(job)
    else if (job.state === JobState.delayed) this.#delayed.remove(job)
    else if (job.state === JobState.active) this.#active.delete(job)
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
    job.recoveries = 0
    job.details = { ...job.details, ...details, finishedAt: now }
    finished.add(job)
    this.#journal?.put(job)
    for (const expired of finished.expired(now)) this.remove(expired)
  }

  /** Takes in a job found on disk. */
  #adopt(job: EngineJob): void {
    if (job.customId !== undefined) this.#byCustomId.set(job.customId, job)
    if (job.state === JobState.completed) this.#completed.add(job)
    else if (job.state === JobState.failed) this.#failed.add(job)
    else if (job.state === JobState.active && job.recoveries > this.#options.maxRecoveries) {
      this.#active.add(job)
      const message = `The process died ${job.recoveries} times while it ran.`
      this.#options.logger.error(`${message} It is kept among the failed jobs`, { job: job.name, job_id: job.id })
      this.fail(job, { name: 'ProcessDied', message })
    } else this.#enter(job, false)
  }

  #wake(): void {
    for (const listener of this.#listeners) listener()
  }
}

function prepareDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    fs.accessSync(directory, fs.constants.W_OK)
  } catch (error) {
    throw new QueueDirectoryUnusable({ directory, reason: (error as Error).message }, { cause: error })
  }
}

function isSequence(id: string): boolean {
  return /^\d+$/.test(id)
}
