import type { Job, Worker } from 'bullmq'
import type { JobData, JobHandler, JobWorker, NewJob, Outcome, ProcessOptions } from '../../src/jobs/index.ts'
import { logger as defaultLogger } from '../../src/logging/index.ts'
import type { BullmqBackendOptions } from './backend.ts'
import { encodeName, type QueueDirectory } from './queue_directory.ts'
import { Slots } from './slots.ts'
import { priorityOf } from './stored_job.ts'

/** How often queues that other processes made are looked for, when a pattern may cover them. */
const discoveryMilliseconds = 2000
/** A job whose process died is started again so often before it counts as failed, as with the embedded engine. */
const maxStalledCount = 10

/** What a worker needs beside its queues. */
export interface WorkerSettings extends BullmqBackendOptions {
  readonly readd: (entry: NewJob) => Promise<void>
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
    this.#slots = new Slots(options.concurrency)
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
    this.#closing ??= Promise.all([...this.#workers.values()].map((worker) => worker.close()))
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

  #serve(name: string): void {
    if (this.#workers.has(name) || this.#closing !== undefined) return
    const process = (job: Job, token?: string) => this.#slots.run(() => this.#run(job, token, name))
    const options = {
      connection: this.#directory.connection,
      prefix: this.#directory.prefix,
      concurrency: this.#options.concurrency,
      maxStalledCount,
    }
    const worker = new this.#bullmq.Worker(encodeName(name), process, options, this.#bullmq.createRedisBackend)
    const logger = this.#settings.logger ?? defaultLogger
    worker.on('error', (error) => logger.error('The job worker on BullMQ has a problem', { queue: name, error }))
    this.#workers.set(name, worker)
  }

  async #run(job: Job, token: string | undefined, queue: string): Promise<void> {
    this.#running++
    try {
      const outcome = await this.#handler({
        id: job.id ?? '',
        queue,
        name: job.name,
        data: job.data as JobData,
        priority: priorityOf(job),
        attempt: job.attemptsStarted,
        createdAt: job.timestamp,
        runAt: job.delay > 0 ? job.timestamp + job.delay : undefined,
      })
      await this.#settle(job, token, queue, outcome)
    } finally {
      this.#running--
    }
  }

  async #settle(job: Job, token: string | undefined, queue: string, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'failed') {
      const { name, message, stack } = outcome.error
      throw Object.assign(new Error(message), { name, stack: stack ?? `${name}: ${message}` })
    }
    if (outcome.kind !== 'retry') return
    const { data, priority, runAt } = outcome
    if (outcome.queue !== queue) {
      await this.#settings.readd({ id: job.id, name: job.name, queue: outcome.queue, data, priority, runAt })
      return
    }
    await job.updateData(data)
    if (priority > 0 && priority !== job.priority) await job.changePriority({ priority })
    await job.moveToDelayed(Math.max(runAt, Date.now()), token)
    throw new this.#bullmq.DelayedError()
  }
}
