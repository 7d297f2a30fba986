import type {
  IQueueBackend,
  JobJson,
  JobProgress,
  JobsOptions,
  KeepJobs,
  MinimalJob,
  MoveToDelayedOpts,
  MoveToWaitingChildrenOpts,
  ParentKeyOpts,
  QueueBaseOptions,
  RepeatableOptions,
  RetryJobOpts,
  RetryOptions,
  WorkerOptions,
} from 'bullmq'
import { type ConnectionOptions, turn } from './connection.ts'
import { addFlow, addJob } from './operations/add.ts'
import { cleanJobs, drain, obliterate } from './operations/clean.ts'
import { refusal, type Subject } from './operations/codes.ts'
import { freeDeduplication } from './operations/deduplication.ts'
import { addLog, trimLogs, updateData, updateProgress } from './operations/fields.ts'
import { type Ending, finishJob } from './operations/finish.ts'
import { stateOf } from './operations/listing.ts'
import { extendLock, recoverStalled } from './operations/locks.ts'
import * as move from './operations/move.ts'
import { detachFromParent, removeChildren, removeJob } from './operations/removal.ts'
import { addScheduler, advanceScheduler, removeScheduler } from './operations/schedulers.ts'
import { type Taken, takeJob, takeNext } from './operations/take.ts'
import { ReadingBackend } from './reading_backend.ts'
import { storeAdded, takeBack } from './store_added.ts'
import type { QueueState } from './state/queue_state.ts'
import { changed } from './state/stored_job.ts'

type BackendOptions = QueueBaseOptions<unknown> & Partial<Omit<WorkerOptions<unknown>, keyof QueueBaseOptions<unknown>>>
type Finished = Promise<{ result: void | unknown[]; finishedOn: number }>

/** BullMQ's backend on queues of this process.
 *
 * What producers ask for is on disk when the call resolves. What workers report is written right behind: should the process die
 * in between, a job runs again, as after any crash of a worker.
 */
export class EmbeddedQueueBackend extends ReadingBackend implements IQueueBackend {
  readonly #connection: ConnectionOptions
  readonly #options: BackendOptions

  constructor(connection: ConnectionOptions, options: BackendOptions) {
    super(connection)
    this.#connection = connection
    this.#options = options
  }

  forQueue(name: string, prefix = this.prefix): IQueueBackend {
    return new EmbeddedQueueBackend({ ...this.#connection, name, prefix, shared: this, workerName: undefined }, this.#options)
  }

  async addJob(job: JobJson, jobId: string, parentKeyOpts?: ParentKeyOpts): Promise<string> {
    const { queue } = this
    const id = addJob(queue, job, jobId, parentKeyOpts)
    if (typeof id === 'number') throw refusal(id, { command: 'addJob', parentKey: parentKeyOpts?.parentKey })
    try {
      await (queue.store.stored() ?? turn())
    } catch (error) {
      takeBack(queue, id)
      throw error
    }
    return id
  }

  async addJobs(entries: { job: JobJson; jobId: string; parentKeyOpts?: ParentKeyOpts }[]): Promise<string[]> {
    const { queue } = this
    const ids = entries.map(({ job, jobId, parentKeyOpts }) => String(addJob(queue, job, jobId, parentKeyOpts)))
    await storeAdded(ids.map((id) => ({ queue, id })))
    return ids
  }

  async addFlow(
    entries: { jobData: JobJson; jobId: string; parentKeyOpts: ParentKeyOpts; prefix: string; queueName: string }[],
  ): Promise<[Error | null, string | number][]> {
    const { store } = this
    const nodes = entries.map(({ jobData, prefix, queueName, ...entry }) => ({
      ...entry,
      json: jobData,
      queue: store.queue(`${prefix}:${queueName}`),
    }))
    const results = addFlow(nodes)
    await storeAdded(nodes.map(({ queue, jobId }) => ({ queue, id: jobId })))
    return results
  }

  async addJobScheduler(
    id: string,
    nextMillis: number,
    data: string,
    opts: JobsOptions,
    repeat: RepeatableOptions,
    jobOpts: JobsOptions,
  ): Promise<[string, number]> {
    const result = addScheduler(this.queue, { id, nextMillis: Number(nextMillis), data, opts, repeat, jobOpts })
    if (typeof result === 'number') throw refusal(result, { command: 'addJobScheduler' })
    await (this.store.stored() ?? turn())
    return result
  }

  async updateJobSchedulerNextMillis(id: string, nextMillis: number, _data: string, jobOpts: JobsOptions, producerId?: string) {
    return this.reply(advanceScheduler(this.queue, id, nextMillis, jobOpts, producerId))
  }

  removeJobScheduler(id: string): Promise<number> {
    return this.#stored((queue) => removeScheduler(queue, id))
  }

  async moveToActive(token: string, name?: string): Promise<unknown[] & Taken> {
    const { queue } = this
    const taken = takeJob(queue, this.#taker(token, name))
    // Whoever added the job, or lets it run, hears that this is stored before it runs.
    const isTold = taken[0] === null || (queue.untold === 0 && queue.jobs.get(taken[0].id)?.isDurable === true)
    if (!isTold) await queue.store.stored()?.catch(() => {})
    return this.reply(taken)
  }

  moveToCompleted<T, R, N extends string>(
    job: MinimalJob<T, R, N>,
    returnValue: R,
    removeOnComplete: boolean | number | KeepJobs,
    token: string,
    fetchNext: boolean,
  ): Finished {
    const value = JSON.stringify(returnValue) ?? 'null'
    return this.#finish(job, token, { state: 'completed', value, keep: this.#keep(removeOnComplete, 'removeOnComplete'), fetchNext })
  }

  moveToFailed<T, R, N extends string>(
    job: MinimalJob<T, R, N>,
    failedReason: string,
    removeOnFail: boolean | number | KeepJobs,
    token: string,
    fetchNext: boolean,
    fieldsToUpdate?: Record<string, unknown>,
  ): Finished {
    const value = String(failedReason)
    return this.#finish(job, token, { state: 'failed', value, keep: this.#keep(removeOnFail, 'removeOnFail'), fetchNext, fieldsToUpdate })
  }

  async moveToDelayed(
    jobId: string,
    timestamp: number,
    delay: number,
    token = '0',
    { skipAttempt = false, fieldsToUpdate, fetchNext = false }: MoveToDelayedOpts = {},
  ): Promise<void | unknown[]> {
    const { queue } = this
    const code = move.moveToDelayed(queue, jobId, token, { timestamp, delay, skipAttempt, fields: fieldsToUpdate })
    refuse(code, { command: 'moveToDelayed', jobId, state: 'active' })
    if (!fetchNext || this.closing !== undefined) return this.reply([])
    const next = takeNext(queue, this.#taker(token, this.#options.name))
    return this.reply(next?.[0] ? next : [])
  }

  async moveToWaitingChildren(jobId: string, token: string, opts: MoveToWaitingChildrenOpts = {}): Promise<boolean> {
    const child = opts.child === undefined ? undefined : `${opts.child.queue}:${opts.child.id}`
    const code = move.moveToWaitingChildren(this.queue, jobId, token, child)
    refuse(code, { command: 'moveToWaitingChildren', jobId, state: 'active' })
    return this.reply(code === 0)
  }

  async moveJobFromActiveToWait(jobId: string, token = '0'): Promise<number> {
    return this.reply(refuse(move.moveToWait(this.queue, jobId, token), { command: 'moveJobFromActiveToWait', jobId, state: 'active' }))
  }

  async retryJob(jobId: string, lifo: boolean, token = '0', { fieldsToUpdate }: RetryJobOpts = {}): Promise<void> {
    refuse(move.retryJob(this.queue, jobId, lifo, token, fieldsToUpdate), { command: 'retryJob', jobId, state: 'active' })
    await turn()
  }

  async retryFinishedJob<T, R, N extends string>(
    { id = '', opts }: MinimalJob<T, R, N>,
    state: 'failed' | 'completed',
    { resetAttemptsMade = false, resetAttemptsStarted = false }: RetryOptions = {},
  ): Promise<void> {
    const options = { isFirst: opts.lifo === true, resetAttemptsMade, resetAttemptsStarted }
    const code = await this.#stored((queue) => move.reprocess(queue, id, state, options))
    refuse(code, { command: 'reprocessJob', jobId: id, state })
  }

  async promote(jobId: string): Promise<void> {
    refuse(await this.#stored((queue) => move.promoteJob(queue, jobId)), { command: 'promote', jobId, state: 'delayed' })
  }

  async moveStalledJobsToWait(): Promise<string[]> {
    const { maxStalledCount = 1, stalledInterval = 30_000 } = this.#options
    await this.opened.settled
    return this.#stored((queue) => recoverStalled(queue, maxStalledCount, stalledInterval))
  }

  retryFinishedJobs(state: 'completed' | 'failed' = 'failed', count = 1000, timestamp = Date.now()): Promise<number> {
    return this.#stored((queue) => move.moveJobsToWait(queue, state, count, timestamp))
  }

  promoteJobs(count = 1000): Promise<number> {
    return this.#stored((queue) => move.moveJobsToWait(queue, 'delayed', count, Number.MAX_VALUE))
  }

  pause(pauses: boolean): Promise<void> {
    return this.#stored((queue) => {
      if (pauses) {
        queue.setMeta('paused', '1')
        queue.marker.clear()
      } else {
        queue.meta.delete('paused')
        queue.store.queueChanged(queue)
        if (queue.lists.wait.size + queue.lists.prioritized.size > 0) queue.marker.work()
        else queue.marker.delayedUntil(queue.nextDelayed)
      }
      queue.emit(pauses ? 'paused' : 'resumed')
    })
  }

  drain(delayed: boolean): Promise<void> {
    return this.#stored((queue) => drain(queue, delayed))
  }

  cleanJobsByState(type: string, timestamp: number, limit = 0): Promise<string[]> {
    const state = stateOf(type)
    return this.#stored((queue) => (state === undefined ? [] : cleanJobs(queue, state, timestamp, limit)))
  }

  async obliterate({ force, count }: { force: boolean; count: number }): Promise<number> {
    const result = await this.#stored((queue) => obliterate(queue, count, force))
    if (result === -1) throw new Error('Cannot obliterate non-paused queue')
    if (result === -2) throw new Error('Cannot obliterate queue with active jobs')
    return result
  }

  /** A job is in a list or doesn't exist. */
  async removeOrphanedJobs(): Promise<number> {
    return 0
  }

  async extendLock(jobId: string, token: string, duration: number): Promise<number> {
    return this.reply(extendLock(this.queue, jobId, token, duration) ? 1 : 0)
  }

  async extendLocks(jobIds: string[], tokens: string[], duration: number): Promise<string[]> {
    const { queue } = this
    return this.reply(jobIds.filter((jobId, index) => !extendLock(queue, jobId, tokens[index] ?? '', duration)))
  }

  async updateData<T, R, N extends string>({ id = '' }: MinimalJob<T, R, N>, data: T): Promise<void> {
    const text = JSON.stringify(data) ?? '{}'
    refuse(await this.#stored((queue) => updateData(queue, id, text)), { command: 'updateData', jobId: id })
  }

  async updateProgress(jobId: string, progress: JobProgress): Promise<void> {
    refuse(updateProgress(this.queue, jobId, JSON.stringify(progress) ?? 'null'), { command: 'updateProgress', jobId })
    await turn()
  }

  async addLog(jobId: string, logRow: string, keepLogs?: number): Promise<number> {
    return this.reply(refuse(addLog(this.queue, jobId, logRow, keepLogs), { command: 'addLog', jobId }))
  }

  async clearLogs(jobId: string, keepLogs = 0): Promise<void> {
    const { queue } = this
    const job = queue.jobs.get(jobId)
    if (job !== undefined) trimLogs(queue, job, keepLogs)
  }

  async changeDelay(jobId: string, delay: number): Promise<void> {
    const code = await this.#stored((queue) => move.changeDelay(queue, jobId, delay))
    refuse(code, { command: 'changeDelay', jobId, state: 'delayed' })
  }

  async changePriority(jobId: string, priority = 0, lifo = false): Promise<void> {
    refuse(await this.#stored((queue) => move.changePriority(queue, jobId, priority, lifo)), { command: 'changePriority', jobId })
  }

  async remove(jobId: string, removesChildren: boolean): Promise<number> {
    return refuse(await this.#stored((queue) => removeJob(queue, jobId, removesChildren)), { command: 'removeJob', jobId })
  }

  removeUnprocessedChildren(jobId: string): Promise<void> {
    return this.#stored((queue) => {
      const job = queue.jobs.get(jobId)
      if (job !== undefined) removeChildren({ queue, job }, { removeChildren: true, ignoreProcessed: true, ignoreLocked: true })
    })
  }

  async removeChildDependency(jobId: string, parentKey: string): Promise<boolean> {
    const { queue } = this
    const job = queue.jobs.get(jobId)
    const code = job === undefined ? -1 : queue.store.find(parentKey) === undefined ? -5 : 0
    refuse(code, { command: 'removeChildDependency', jobId, parentKey })
    if (job === undefined || !detachFromParent(queue, job, false, parentKey)) return false
    job.parentKey = undefined
    job.parent = undefined
    queue.touch(job, changed.body)
    await queue.store.stored()
    return true
  }

  removeDeduplicationKey(id: string, jobId: string): Promise<number> {
    return this.#stored((queue) => freeDeduplication(queue, id, jobId))
  }

  deleteDeduplicationKey(id: string): Promise<number> {
    return this.#stored((queue) => freeDeduplication(queue, id))
  }

  setQueueMeta(values: Record<string, string | number>): Promise<number> {
    return this.#stored((queue) => {
      const added = Object.keys(values).filter((field) => !queue.meta.has(field)).length
      for (const [field, value] of Object.entries(values)) queue.setMeta(field, String(value))
      return added
    })
  }

  removeQueueMetaFields(fields: string[]): Promise<number> {
    return this.#stored((queue) => {
      queue.store.queueChanged(queue)
      return fields.filter((field) => queue.meta.delete(field)).length
    })
  }

  async setRateLimit(expireTimeMs: number): Promise<void> {
    const { queue } = this
    queue.limiter.close(expireTimeMs, queue.store.ticks)
  }

  async removeRateLimitKey(): Promise<number> {
    const { queue } = this
    return queue.limiter.reset(queue.store.ticks) ? 1 : 0
  }

  async removeDeprecatedPriorityKey(): Promise<number> {
    return 0
  }

  async trimEvents(maxLength: number): Promise<number> {
    return this.reply(this.queue.events.trim(maxLength))
  }

  async publishEvent(fields: Record<string, string | number>, maxEvents: number): Promise<string> {
    const { queue } = this
    queue.events.add(Object.entries(fields).flat().map(String), queue.store.now, maxEvents)
    return this.reply(queue.events.lastId)
  }

  /** Each job comes through here: there is no promise more than the answer. */
  #finish<T, R, N extends string>(
    job: MinimalJob<T, R, N>,
    token: string,
    ending: Pick<Ending, 'state' | 'value' | 'keep' | 'fetchNext' | 'fieldsToUpdate'>,
  ): Finished {
    try {
      const { queue } = this
      const { id: jobId = '', opts } = job
      const { state, value, keep, fieldsToUpdate } = ending
      const attempts = opts.attempts ?? 0
      const maxMetrics = this.#options.metrics?.maxDataPoints
      const fetchNext = ending.fetchNext && this.closing === undefined
      const whole = { jobId, state, value, keep, attempts, fieldsToUpdate, maxMetrics, fetchNext }
      const result = finishJob(queue, whole, this.#taker(token, this.#options.name))
      if (typeof result === 'number') throw refusal(result, { command: 'moveToFinished', jobId, state: 'active' })
      return this.reply({ result: result ?? [], finishedOn: queue.store.now })
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Runs an operation and waits until it is on disk. */
  async #stored<T>(operation: (queue: QueueState) => T): Promise<T> {
    const { queue } = this
    const result = operation(queue)
    queue.untold++
    try {
      await (queue.store.stored() ?? turn())
    } finally {
      queue.untold--
    }
    return result
  }

  #taker(token: string, name: string | undefined) {
    const { lockDuration, limiter } = this.#options
    return { token, name, lockDuration, limiter }
  }

  #keep(option: boolean | number | KeepJobs | undefined, worker: 'removeOnComplete' | 'removeOnFail'): KeepJobs {
    if (option === undefined) return this.#options[worker] ?? { count: -1 }
    if (typeof option === 'object') return option
    return { count: typeof option === 'number' ? option : option ? 0 : -1 }
  }
}

/** @throws the error of a negative code */
function refuse(code: number, subject: Subject): number {
  if (code < 0) throw refusal(code, subject)
  return code
}
