import type { Job, Worker } from 'bullmq'
import {
  failureOf,
  type JobData,
  type JobHandler,
  type JobRun,
  type JobWorker,
  type Outcome,
  type ProcessOptions,
} from '../../src/jobs/index.ts'
import { type Logger, logger as defaultLogger } from '../../src/logging/index.ts'
import { type BullmqBackendOptions, keepsCompleted, removalOf } from './backend.ts'
import type { Constraints, Hold, IdentifiedJob } from './constraints.ts'
import type { ChildPlace, Families } from './families.ts'
import { countedMinutes } from './metrics.ts'
import { type Extras, type FamilyExtras, familyExtras, pack, unpack } from './packed_data.ts'
import { encodeName, type QueueDirectory } from './queue_directory.ts'
import { choiceOf, Slots } from './slots.ts'
import { attemptsOf, priorityOf, runAtOf } from './stored_job.ts'

/** How often queues that other processes made are looked for, when a pattern may cover them. */
const discoveryMilliseconds = 2000
/** A job looks again after so long when nobody could say whether it may begin. */
const unansweredMilliseconds = 1000

/** What a worker needs beside its queues. */
export interface WorkerSettings extends BullmqBackendOptions {
  readonly constraints: Constraints
  readonly families: Families
  readonly readd: (entry: IdentifiedJob, extras: FamilyExtras) => Promise<void>
}

/** Takes jobs from BullMQ: one BullMQ worker a queue, with one limit on how many jobs run in all of them. */
export class BullmqJobWorker implements JobWorker {
  readonly #bullmq: typeof import('bullmq')
  readonly #directory: QueueDirectory
  readonly #handler: JobHandler
  readonly #options: ProcessOptions
  readonly #settings: WorkerSettings
  readonly #workers = new Map<string, Worker>()
  readonly #slots: Slots
  /** Jobs that wait for others of their limit to end, by its key. */
  readonly #held = new Map<string, Job[]>()
  /** The children of parents that are about to be done, by these' ids. */
  readonly #children = new Map<string, readonly ChildPlace[]>()
  /** What is being removed of parents that are done. */
  readonly #forgetting = new Set<Promise<void>>()
  #running = 0
  #timer: NodeJS.Timeout | undefined
  #unsubscribe: () => void = () => {}
  #closing: Promise<unknown> | undefined

  constructor(
    bullmq: typeof import('bullmq'),
    directory: QueueDirectory,
    handler: JobHandler,
    options: ProcessOptions,
    settings: WorkerSettings,
  ) {
    this.#bullmq = bullmq
    this.#directory = directory
    this.#handler = handler
    this.#options = options
    this.#settings = settings
    this.#slots = new Slots(options.concurrency, choiceOf(options.queues, options.weights))
  }

  async start(): Promise<void> {
    const { queues } = this.#options
    const patterns = queues.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
    for (const name of queues) if (!name.endsWith('*')) this.#serve(name)
    if (patterns.length === 0) return
    const serveIfCovered = (name: string) => {
      if (patterns.some((prefix) => name.startsWith(prefix))) this.#serve(name)
    }
    this.#unsubscribe = this.#directory.onQueue(serveIfCovered)
    const discover = async () => {
      for (const name of await this.#directory.names()) serveIfCovered(name)
    }
    await discover()
    this.#timer = setInterval(() => void discover().catch(() => {}), discoveryMilliseconds)
  }

  async stop({ timeout = Number.POSITIVE_INFINITY }: { readonly timeout?: number | undefined } = {}): Promise<{ unfinished: number }> {
    clearInterval(this.#timer)
    this.#unsubscribe()
    this.#slots.close()
    this.#closing ??= this.#end()
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise((resolve) => {
      if (timeout < 2 ** 31) timer = setTimeout(resolve, timeout)
    })
    await Promise.race([this.#closing, expired])
    clearTimeout(timer)
    return { unfinished: this.#running }
  }

  /** Ends the connections even when jobs still run: another process takes these over when their locks have run out. */
  async close(): Promise<void> {
    const { unfinished } = await this.stop({ timeout: 100 })
    if (unfinished > 0) await Promise.all([...this.#workers.values()].map((worker) => worker.disconnect()))
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()))
    await Promise.all(this.#forgetting)
  }

  #serve(name: string): void {
    if (this.#workers.has(name) || this.#closing !== undefined) return
    const process = (job: Job, token?: string) =>
      this.#slots.run(
        name,
        () => this.#run(job, token, name),
        () => this.#giveBack(job, token),
      )
    const { limits = {}, maxRecoveries = 10 } = this.#settings
    const limiter = Object.hasOwn(limits, name) ? { limiter: limits[name]! } : {}
    // One more than may run, so that the next of each queue is known when a place is free.
    const options = { concurrency: this.#options.concurrency + 1, maxStalledCount: maxRecoveries, metrics: countedMinutes, ...limiter }
    const worker = this.#directory.worker(encodeName(name), process, options)
    const logger = this.#settings.logger ?? defaultLogger
    worker.on('error', (error) => logger.error('The job worker on BullMQ has a problem', { queue: name, error }))
    worker.on('completed', (job) => {
      const forgotten = this.#forgetChildren(job, logger).finally(() => this.#forgetting.delete(forgotten))
      this.#forgetting.add(forgotten)
    })
    this.#workers.set(name, worker)
  }

  /** Removes what was kept for a parent that is done. */
  async #forgetChildren({ id = '' }: Job, logger: Logger): Promise<void> {
    const places = this.#children.get(id)
    if (places === undefined) return
    this.#children.delete(id)
    try {
      await this.#settings.families.forget(places)
    } catch (error) {
      logger.warn('The children of a job that is done are removed later', { job_id: id, error })
    }
  }

  /** Lets a parent wait whose time hasn't come, or one of whose children runs again.
   * @throws WaitingChildrenError or DelayedError, which is how BullMQ is told */
  async #holdParent(job: Job, token: string | undefined, data: JobData, extras: Extras): Promise<void> {
    if (extras.onChildFailure === undefined || extras.children !== undefined) return
    const { runAt = 0 } = extras
    if (runAt > Date.now()) await this.#hold(job, token, data, extras, { milliseconds: runAt - Date.now() })
    if (!(await this.#movesToWaitingChildren(job, token))) return
    await job.updateData(pack(data, { ...extras, held: (extras.held ?? 0) + 1 }))
    throw new this.#bullmq.WaitingChildrenError()
  }

  async #run(job: Job, token: string | undefined, queue: string): Promise<unknown> {
    const { data, extras } = unpack(job.data)
    const { constraints } = this.#settings
    await this.#holdParent(job, token, data, extras)
    const hold = await this.#holdOf(job, queue, extras)
    if (hold !== undefined) await this.#hold(job, token, data, extras, hold)
    this.#running++
    try {
      const outcome = await this.#outcomeOf(job, queue, data, extras)
      if (outcome.kind === 'retry') await constraints.stop(job.id!, extras.constraints)
      else await constraints.leave(job.id!, extras.constraints)
      await this.#settle(job, token, queue, outcome, extras)
      return outcome.kind === 'completed' ? outcome.result : undefined
    } finally {
      this.#running--
      this.#callNext(extras)
    }
  }

  /** Lets a job that was taken but hasn't begun wait again. @throws WaitingError always, which is how BullMQ is told */
  async #giveBack(job: Job, token: string | undefined): Promise<never> {
    const { data, extras } = unpack(job.data)
    await job.updateData(pack(data, { ...extras, held: (extras.held ?? 0) + 1 }))
    await job.moveToWait(token)
    throw new this.#bullmq.WaitingError()
  }

  async #outcomeOf(job: Job, queue: string, data: JobData, extras: Extras): Promise<Outcome> {
    const saving = new Set<Promise<unknown>>()
    try {
      const outcome = await this.#handler({
        id: job.id ?? '',
        queue,
        name: job.name,
        data,
        priority: priorityOf(job),
        attempt: attemptsOf(job),
        createdAt: job.timestamp,
        runAt: runAtOf(job),
        keepsResult: keepsCompleted(this.#settings) || extras.parent !== undefined,
        run: this.#runOf(job, extras, saving),
      })
      // Whoever sees that it is done sees what it told last, too.
      await Promise.all(saving)
      return outcome
    } catch (error) {
      return { kind: 'failed', error: failureOf(error) }
    }
  }

  /** @param saving what isn't kept yet of what the job saves */
  #runOf(job: Job, extras: Extras, saving: Set<Promise<unknown>>): JobRun {
    const isStopping = () => this.#closing !== undefined
    const logger = this.#settings.logger ?? defaultLogger
    return {
      get isStopping() {
        return isStopping()
      },
      save: (data) => {
        const saved = job
          .updateData(pack(data, extras))
          .catch((error: unknown) => logger.warn('How far a job is could not be kept', { error }))
          .finally(() => saving.delete(saved))
        saving.add(saved)
      },
      children: () => this.#settings.families.childrenOf(job),
    }
  }

  /** Whether a parent waits again. @throws what it fails with, when it was retried without its child */
  async #movesToWaitingChildren(job: Job, token: string | undefined): Promise<boolean> {
    try {
      return await job.moveToWaitingChildren(token ?? '')
    } catch (error) {
      throw error instanceof this.#bullmq.UnrecoverableError ? await this.#settings.families.failureOf(job) : error
    }
  }

  /** What keeps a job from beginning now. */
  async #holdOf(job: Job, queue: string, { constraints }: Extras): Promise<Hold | undefined> {
    if (constraints === undefined) return undefined
    try {
      return await this.#settings.constraints.start(job.id!, queue, constraints)
    } catch (error) {
      const logger = this.#settings.logger ?? defaultLogger
      logger.warn('Nobody could say whether a job may begin; it waits a moment', { job: job.name, job_id: job.id, queue, error })
      return { milliseconds: unansweredMilliseconds }
    }
  }

  /** Sets a job aside until it may begin. @throws DelayedError always, which is how BullMQ is told */
  async #hold(job: Job, token: string | undefined, data: JobData, extras: Extras, { milliseconds, limit }: Hold): Promise<never> {
    await job.updateData(pack(data, { ...extras, held: (extras.held ?? 0) + 1 }))
    await job.moveToDelayed(Date.now() + milliseconds, token)
    if (limit !== undefined) this.#held.set(limit, [...(this.#held.get(limit) ?? []), job])
    // It had a place of its limit for a moment, which another one may have missed.
    else this.#callNext(extras)
    throw new this.#bullmq.DelayedError()
  }

  #callNext({ constraints }: Extras): void {
    const key = constraints?.limit?.key
    const [next, ...others] = (key === undefined ? undefined : this.#held.get(key)) ?? []
    if (next === undefined) return
    if (others.length === 0) this.#held.delete(key!)
    else this.#held.set(key!, others)
    // It may have looked again by itself, or be gone.
    next.promote().catch(() => {})
  }

  async #settle(job: Job, token: string | undefined, queue: string, outcome: Outcome, extras: Extras): Promise<void> {
    const { parent, onChildFailure } = extras
    if (outcome.kind === 'discarded' && parent?.onFailure === 'fail') {
      throw Object.assign(new Error('Its class discarded it'), { name: 'Discarded' })
    }
    if (outcome.kind === 'discarded' && parent !== undefined) {
      await job.updateData(pack(unpack(job.data).data, { ...extras, isDiscarded: true }))
    }
    // Its parent may have been removed since it was added.
    if (parent === undefined && job.parentKey !== undefined) job.opts.removeOnComplete = removalOf(this.#settings)
    if ((outcome.kind === 'completed' || outcome.kind === 'discarded') && onChildFailure !== undefined && !keepsCompleted(this.#settings)) {
      this.#children.set(job.id!, await this.#settings.families.placesOf(job))
    }
    if (outcome.kind === 'failed') {
      const { name, message, stack } = outcome.error
      throw Object.assign(new Error(storable(message)), { name, stack: storable(stack ?? `${name}: ${message}`) })
    }
    if (outcome.kind !== 'retry') return
    const { data, priority, runAt } = outcome
    if (outcome.queue !== queue) {
      const { constraints } = extras
      const children = onChildFailure === undefined ? undefined : await this.#settings.families.placesOf(job)
      const entry = { id: job.id!, name: job.name, queue: outcome.queue, data, constraints, priority, runAt }
      await this.#settings.readd(entry, { ...familyExtras(extras), ...(children && { children }) })
      job.opts.removeOnComplete = true
      return
    }
    const calledAt = Math.max(runAt, Date.now())
    await job.updateData(pack(data, { ...extras, calledAt }))
    if (priority > 0 && priority !== job.priority) await job.changePriority({ priority })
    await job.moveToDelayed(calledAt, token)
    throw new this.#bullmq.DelayedError()
  }
}

/** PostgreSQL takes no character of code 0. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd')
}
