import type { FlowProducer, Processor, Queue, Worker, WorkerOptions } from 'bullmq'
import { logger as defaultLogger } from '../../src/logging/index.ts'
import type { BullmqBackendOptions } from './backend.ts'
import { type BullmqPlace, isClient } from './connection.ts'

const directoryName = 'regauge-queues'

/** The queues there are. BullMQ has no list of them, so each name is a job that nobody runs, in a queue of its own. */
export class QueueDirectory {
  readonly place: BullmqPlace
  readonly prefix: string
  readonly #bullmq: typeof import('bullmq')
  readonly #options: BullmqBackendOptions
  readonly #queues = new Map<string, Queue>()
  readonly #listeners = new Set<(name: string) => void>()
  readonly #names: Queue
  readonly #own: Queue[] = []
  /** What a connection of a queue has complained about last. */
  lastProblem: { readonly error: Error; readonly at: number } | undefined

  constructor(bullmq: typeof import('bullmq'), place: BullmqPlace, options: BullmqBackendOptions) {
    this.#bullmq = bullmq
    this.#options = options
    this.place = place
    this.prefix = options.prefix ?? (isClient(place.connection) && place.connection.isCluster === true ? '{regauge}' : 'regauge')
    this.#names = this.own(directoryName)
  }

  /** The queue of a name; it is listed when it is new. */
  async queue(name: string): Promise<Queue> {
    const known = this.#queues.get(name)
    if (known !== undefined) return known
    await this.#names.add('queue', { name }, { jobId: `queue-${encodeName(name)}` })
    return this.#remember(name)
  }

  /** All queues, also those that other processes made. */
  async queues(): Promise<Queue[]> {
    const listed = await this.#names.getWaiting(0, -1)
    for (const { data } of listed) this.#remember((data as { name: string }).name)
    return [...this.#queues.values()]
  }

  /** The names of all queues. */
  async names(): Promise<string[]> {
    await this.queues()
    return [...this.#queues.keys()]
  }

  /** Our name of a BullMQ queue. */
  nameOf(queue: Queue): string {
    return this.nameAt(queue.name)
  }

  /** Our name of a queue by BullMQ's. */
  nameAt(name: string): string {
    return decodeName(name.slice(this.fullName('').length))
  }

  /** BullMQ's name of a queue where it is: on PostgreSQL queues of one name are one queue, whatever their prefixes. */
  fullName(name: string): string {
    return this.place.isPostgres ? `${encodeName(this.prefix)}.${name}` : name
  }

  /** Calls `listener` for each queue that becomes known.
   * @returns a function that ends it */
  onQueue(listener: (name: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#own, ...this.#queues.values()].map((queue) => queue.close()))
  }

  /** A worker by BullMQ's name of its queue. */
  worker(name: string, process: Processor | null, options: Omit<WorkerOptions, 'connection'>): Worker {
    const { connection, factory } = this.place
    return new this.#bullmq.Worker(this.fullName(name), process, { connection, prefix: this.prefix, ...options }, factory)
  }

  /** Several jobs that belong together, as BullMQ's flows. */
  flows(): FlowProducer {
    const { connection, factory } = this.place
    return new this.#bullmq.FlowProducer({ connection, prefix: this.prefix }, factory)
  }

  #remember(name: string): Queue {
    let queue = this.#queues.get(name)
    if (queue !== undefined) return queue
    queue = this.open(encodeName(name))
    this.#queues.set(name, queue)
    for (const listener of this.#listeners) listener(name)
    return queue
  }

  /** A queue for what we keep, which isn't listed. */
  own(name: string): Queue {
    const queue = this.open(name)
    this.#own.push(queue)
    return queue
  }

  /** A queue by BullMQ's name, which is the caller's to close. */
  open(name: string): Queue {
    const { connection, factory } = this.place
    const skipMetasUpdate = this.#options.readsOnly === true
    const queue = new this.#bullmq.Queue(this.fullName(name), { connection, prefix: this.prefix, skipMetasUpdate }, factory)
    const logger = this.#options.logger ?? defaultLogger
    queue.on('error', (error) => {
      this.lastProblem = { error, at: Date.now() }
      logger.error('The job queue on BullMQ has a problem', { queue: name, error })
    })
    return queue
  }
}

/** BullMQ's keys are separated by colons, so its names have none. */
export function encodeName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll(':', '%3A')
}

function decodeName(name: string): string {
  return name.replaceAll('%3A', ':').replaceAll('%25', '%')
}
