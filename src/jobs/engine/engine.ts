import { QueueClosed, type QueueUnreadable } from '../errors.ts'
import type { Journal, Ownership, Waiter } from '../journal/index.ts'
import type { Addition } from './adding/addition.ts'
import { adoptJobs } from './adopt_jobs.ts'
import { BackPressure } from './limits/back_pressure.ts'
import { ConstrainedJobs, isLive } from './limits/constrained_jobs.ts'
import { CustomIds } from './adding/custom_ids.ts'
import { DelayedJobs } from './queues/delayed_jobs.ts'
import { EndedJobs, type EndState } from './ended_jobs.ts'
import type { EngineJob, JobDetails } from './engine_job.ts'
import type { NewEntry, Reschedule } from './adding/entries.ts'
import { isSequence } from './adding/entry_data.ts'
import { Families } from './families.ts'
import { JobRecords } from './records/job_records.ts'
import { JobState } from './job_state.ts'
import { JobTable } from './job_table.ts'
import { JobsByState } from './jobs_by_state.ts'
import { MemorySweep } from './records/memory_sweep.ts'
import { NewJobs } from './adding/new_jobs.ts'
import { type Note, Notes } from './notes.ts'
import { openJournal } from './records/open_journal.ts'
import { type EngineLogger, type EngineOptions, resolveOptions } from './options.ts'
import { isPlain, PlainJobs } from './adding/plain_jobs.ts'
import { deathBy, isSetAside, timeAfterDeaths } from './process_deaths.ts'
import { QueueControls } from './queues/queue_controls.ts'
import type { Selection } from './queues/queue_selection.ts'
import { Schedules } from './schedules.ts'
import { UnreadableJobs } from './records/unreadable_jobs.ts'
import { WaitingQueues } from './queues/waiting_queues.ts'

/** When so many jobs can't be started yet, other events get their turn before the next are looked at. */
const mostPassedOver = 500
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** The embedded durable queue: all jobs and their states in memory, every change in a journal on disk. */
export class Engine {
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #jobs = new JobTable()
  readonly #records: JobRecords
  readonly #customIds = new CustomIds()
  readonly #queues = new WaitingQueues(this.#jobs, (queue) => this.controls.apply(queue))
  readonly #active = new Set<EngineJob>()
  readonly #ended: EndedJobs
  /** Listing and counting of jobs. */
  readonly byState: JobsByState
  readonly #delayed = new DelayedJobs(
    this.#jobs,
    (job) => this.#queues.push(job),
    () => this.#wake(),
  )
  /** What is remembered beside jobs. */
  readonly notes = new Notes({
    nextSequence: () => this.#nextSequence++,
    register: (note) => this.#jobs.set(note),
    put: (note) => this.#putNote(note),
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
  /** Jobs that wait for others, and those. */
  readonly families = new Families({
    release: (parent) => {
      this.families.stopWaiting(parent)
      this.byState.metrics.callAgain(parent)
      this.#place(parent)
      this.#wake()
    },
    giveUp: (parent, error) => this.fail(parent, error),
    forget: (child) => this.#ended.releaseChild(child),
  })
  readonly #unreadable: UnreadableJobs
  readonly #backPressure: BackPressure | undefined
  readonly #journal: Journal | undefined
  readonly #ownership: Ownership | undefined
  readonly #sweep: MemorySweep | undefined
  #listeners: readonly (() => void)[] = []
  #nextSequence = 1
  readonly #new: NewJobs
  readonly #plain: PlainJobs
  /** Jobs with smaller numbers were there when the process before died: one of them may be to blame. */
  suspectsBelow = 0
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
    this.#ended = new EndedJobs(options.retention, (job) => this.remove(job))
    if (options.backPressure !== undefined) this.#backPressure = new BackPressure(options.backPressure, () => this.backlog)
    const isJournaled = options.durability !== 'memory'
    const settleUnreadable = (found: ReadonlyMap<number, QueueUnreadable>) => this.#unreadable.settle(found)
    this.#records = new JobRecords({ jobs: this.#jobs, nextSequence: () => this.#nextSequence, isJournaled, settleUnreadable })
    const parts = {
      ...{ records: this.#records, jobs: this.#jobs, queues: this.#queues, delayed: this.#delayed, active: this.#active },
      ...{ customIds: this.#customIds, constrained: this.#constrained, families: this.families, notes: this.notes },
      ...{
        controls: this.controls,
        logger: options.logger,
        ended: this.#ended,
        maxDataLength: options.maxDataLength,
        nextSequence: () => this.#nextSequence++,
      },
      place: (job: EngineJob) => this.#place(job),
      remove: (job: EngineJob) => this.remove(job),
      fail: (job: EngineJob, error: NonNullable<JobDetails['error']>) => this.fail(job, error),
      wake: () => this.#wake(),
      changed: (waiter?: Waiter) => {
        if (this.#journal !== undefined) this.#journal.changed(waiter)
        else this.#sweep?.consider()
      },
    }
    this.#unreadable = new UnreadableJobs(parts)
    this.byState = new JobsByState(parts)
    this.#new = new NewJobs(parts)
    this.#plain = new PlainJobs(parts)
    if (options.durability === 'memory') {
      this.#sweep = new MemorySweep(this.#records)
      this.controls.limit(options.limits)
      return
    }
    const { journal, ownership, nextSequence } = openJournal({ ...options, durability: options.durability }, parts, () => {
      this.#stop()
      options.onLost?.()
    })
    this.#journal = journal
    this.#ownership = ownership
    this.#nextSequence = nextSequence
    if (ownership.isInherited) this.suspectsBelow = nextSequence
    try {
      adoptJobs({ ...parts, limits: options.limits, logger: options.logger, died: (job) => this.died(job, job.recoveries) })
    } catch (error) {
      journal.abandon()
      ownership.release()
      throw error
    }
  }

  /** Stores jobs; resolves with their ids when they are as durable as the configuration asks. Null stands for a job that wasn't stored,
   * because another of its unique key is there, or as many as its limit allows.
   * @param note what is remembered when they are stored, and only then
   * @throws QueueWriteFailed when they could not be stored (none of them is then), JobTooLarge, InvalidJobId, DuplicateJob, QueueClosed
   */
  add(entries: readonly NewEntry[], note?: Note): Promise<(string | null)[]> {
    const first = entries[0]!
    if (entries.length === 1 && note === undefined && isPlain(first)) return this.addOne(first, undefined, idAlone)
    // One step behind, as those who add plain jobs are: all hear in the order in which they came.
    return new Promise<(string | null)[]>((resolve, reject) => {
      if (this.#isClosed) throw new QueueClosed({})
      this.#added(this.#new.create(entries, note, resolve, reject))
    }).then((ids) => ids)
  }

  /** Stores one job, as `add` does.
   * @param tell what the promise resolves with, of the subject and the job's id */
  addOne<S, T>(entry: NewEntry, subject: S, tell: (subject: S, id: string | null) => T): Promise<T> {
    if (!isPlain(entry)) return this.add([entry]).then(([id]) => tell(subject, id ?? null))
    return this.#isClosed ? Promise.reject(new QueueClosed({})) : this.#plain.add(entry, subject, tell)
  }

  #added(addition: Addition): void {
    if (this.#journal !== undefined) {
      this.#plain.closeGroup()
      this.#journal.changed(addition)
    } else {
      addition.stored()
      this.#sweep?.consider()
    }
  }

  /** Resolves when there is room for more jobs. @throws QueueFull (REGAUGE_QUEUE_FULL) */
  room(): Promise<void> | undefined {
    return this.#backPressure?.room()
  }

  /** Where is reported what no caller can be told. */
  get logger(): EngineLogger {
    return this.#options.logger
  }

  /** How many jobs could run now. */
  get backlog(): number {
    const { waiting, prioritized } = this.#queues.sizes()
    return waiting + prioritized
  }

  /** Takes the next job of the selected queues and marks it active. `isRunning` says that somebody runs it already. */
  take(selection: Selection, isRunning = false): EngineJob | undefined {
    if (this.#isClosed) return undefined
    const job = this.#start(selection, isRunning)
    this.#backPressure?.consider()
    return job
  }

  #start(selection: Selection, isRunning: boolean): EngineJob | undefined {
    for (let passedOver = 0; passedOver < mostPassedOver; passedOver++) {
      const queue = selection.next(this.#queues.byName)
      if (queue === undefined) return undefined
      const job = this.#unreadable.shift(queue)
      if (job === undefined) continue
      if (isSetAside(job, this.#active)) {
        this.#place(job)
        continue
      }
      if (!this.#constrained.start(job, isRunning)) continue
      if (queue.isLimited) this.controls.started(queue)
      job.state = JobState.active
      job.attempts++
      this.#active.add(job)
      this.#records.start(job, Date.now())
      this.#journal?.changed()
      return job
    }
    runSoon(() => this.#wake())
    return undefined
  }

  /** Calls `listener` whenever a job may have become available.
   * @returns a function that ends it */
  onAvailable(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => (this.#listeners = this.#listeners.filter((other) => other !== listener))
  }

  complete(job: EngineJob, returnValue?: unknown): void {
    this.#end(job, returnValue === undefined ? {} : { returnValue })
  }

  fail(job: EngineJob, error: { name: string; message: string; stack?: string | undefined }): void {
    this.#end(job, { error }, JobState.failed)
  }

  /** Drops a job that its class gave up; its parent is told so. */
  discard(job: EngineJob): void {
    this.#end(job, { isDiscarded: true })
  }

  /** The process that ran a job has died: it runs again, unless that is too often. */
  died(job: EngineJob, recoveries = job.recoveries + 1): void {
    if (job.state !== JobState.active || this.#isClosed) return
    job.recoveries = recoveries
    if (recoveries > this.#options.maxRecoveries) this.fail(job, deathBy(job, this.#options.logger))
    else this.reschedule(job, { recoveries, runAt: timeAfterDeaths(recoveries) })
  }

  /** Whether what a job answers is kept, when it completes. */
  keepsResultOf(job: EngineJob): boolean {
    return this.#ended.completed.keeps || this.families.keeps(job)
  }

  /** Writes the record of a job that runs again.
   * @param data JSON text that replaces its data */
  update(job: EngineJob, data?: string): void {
    if (job.state !== JobState.active || this.#isClosed) return
    this.#rewrite(job, data)
  }

  /** Lets a job run again, changed as `changes` say: after its time when there is one, else at once. */
  reschedule(job: EngineJob, changes: Reschedule): void {
    if (job.state === JobState.removed || this.#isClosed) return
    const wasLive = isLive(job)
    this.#withdraw(job)
    job.queue = changes.queue ?? job.queue
    job.priority = changes.priority ?? job.priority
    job.runAt = changes.runAt ?? 0
    job.recoveries = changes.recoveries ?? 0
    if (job.details !== undefined) job.details = { ...job.details, error: undefined, finishedAt: undefined } as typeof job.details
    if (!wasLive) this.#constrained.enter(job, job.createdAt)
    this.byState.metrics.callAgain(job)
    this.#place(job)
    this.#rewrite(job, changes.data)
    this.families.changed(job)
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
    this.#customIds.delete(job)
    this.#records.remove(job)
    this.families.changed(job)
    this.#journal?.changed()
    this.#backPressure?.consider()
  }

  get(id: string): EngineJob | undefined {
    const job = this.#customIds.get(id) ?? (isSequence(id) ? this.#jobs.get(Number(id)) : undefined)
    return job?.state === JobState.note ? undefined : job
  }

  /** Resolves when all changes so far are stored, or can't be: that is tried again. */
  async flushed(): Promise<void> {
    await this.#journal?.stored().catch(() => {})
  }

  /** Gives jobs that are still active back, stores all changes, and lets go of the directory. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    for (const job of [...this.#active]) {
      job.attempts--
      this.reschedule(job, {})
    }
    this.#stop()
    try {
      await this.flushed()
      this.#journal?.close()
    } finally {
      this.#ownership?.release()
    }
  }

  #stop(): void {
    this.#isClosed = true
    const timed = [this.#delayed, this.#constrained, this.#unreadable, this.controls, this.schedules, this.#backPressure]
    for (const one of timed) one?.close()
  }

  #putNote({ job, text }: Note): void {
    if (this.#isClosed) return
    this.#records.createNote(job, text)
    this.#journal?.changed()
  }

  #rewrite(job: EngineJob, data?: string, details?: string): void {
    this.#records.rewrite(job, data, details)
    this.#journal?.changed()
  }

  #place(job: EngineJob): void {
    if (this.families.hasToWait(job)) this.families.wait(job)
    else if (job.runAt !== 0 && job.runAt > Date.now()) {
      job.state = JobState.delayed
      this.#delayed.push(job.runAt, job.sequence, job.queue)
    } else this.#queues.push(job)
  }

  #withdraw(job: EngineJob): void {
    if (!this.#jobs.has(job.sequence)) return // it isn't stored yet, and in no queue
    if (job.state === JobState.waiting) this.#queues.remove(job)
    else if (job.state === JobState.delayed) this.#delayed.remove(job)
    else if (job.state === JobState.active) {
      this.#active.delete(job)
      this.#constrained.stop(job)
    } else if (job.state === JobState.waitingChildren) this.families.stopWaiting(job)
    else this.#ended.delete(job)
    this.#constrained.takeOut(job)
  }

  #end(job: EngineJob, more: JobDetails, state: EndState = JobState.completed): void {
    if ((job.state !== JobState.active && job.state !== JobState.waitingChildren) || this.#isClosed) return
    const ended = this.#ended.in(state)
    const isOfParent = this.families.keeps(job)
    this.byState.metrics.add(job.queue, state)
    if (!isOfParent && (more.isDiscarded === true || !ended.keeps)) {
      this.remove(job)
      return
    }
    const now = Date.now()
    const details = { ...job.details, ...more, finishedAt: now }
    const text = JSON.stringify(details) // before anything is changed, as it may be something that JSON can't say
    this.#withdraw(job)
    job.state = state
    this.#constrained.leave(job)
    job.recoveries = 0
    job.details = details
    ended.add(job, isOfParent)
    this.#rewrite(job, undefined, text)
    this.families.changed(job)
    if (ended.keeps) this.#ended.expire(state, now)
  }

  #wake(): void {
    for (const listener of this.#listeners) listener()
  }
}

const idAlone = (_: unknown, id: string | null): (string | null)[] => [id]
