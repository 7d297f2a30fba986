import { randomUUID } from 'node:crypto'
import {
  type BackendFactory,
  FlowProducer,
  type FlowProducerOptions,
  type IQueueBackend,
  type Job,
  type Processor,
  Queue,
  QueueEvents,
  QueueEventsProducer,
  Worker,
  type WorkerOptions,
} from 'bullmq'

/** Where the queues of a test are. */
export interface Place {
  readonly factory: BackendFactory<IQueueBackend, never>
  readonly connection: object
  /** What the backend does otherwise, by the title of the test that shows it and that is left out. */
  readonly differences?: Readonly<Record<string, string>>
}

/** A function, or the file of one. */
export type Work = Processor | string | URL

/** What a test works with: queues, workers and listeners of one backend, closed after it. */
export class Stage {
  readonly #place: Place
  readonly #open: { close(): Promise<unknown> }[] = []
  readonly #queues: Queue[] = []

  constructor(place: Place) {
    this.#place = place
  }

  async queue(name = `test-${randomUUID()}`, options: object = {}): Promise<Queue> {
    const queue = new Queue(name, { ...options, ...this.#connection }, this.#factory)
    this.#queues.push(queue)
    await queue.waitUntilReady()
    return queue
  }

  /** The queue once more, over a connection of its own, which the test closes. */
  async again({ name }: Queue): Promise<Queue> {
    const queue = new Queue(name, this.#connection, this.#factory)
    await queue.waitUntilReady()
    return queue
  }

  async worker(queue: Queue, process: Work | null, options: Partial<WorkerOptions> = {}): Promise<Worker> {
    const worker = new Worker(queue.name, process, { drainDelay: 1, ...options, ...this.#connection }, this.#factory)
    worker.on('error', () => {})
    this.#open.push(worker)
    await worker.waitUntilReady()
    return worker
  }

  /** Listens to all events from the first on, for a listener is ready before it has begun to listen. */
  async events(queue: Queue, options: object = {}): Promise<QueueEvents> {
    const events = new QueueEvents(queue.name, { lastEventId: '0', ...options, ...this.#connection }, this.#factory)
    this.#open.push(events)
    await events.waitUntilReady()
    return events
  }

  eventsProducer(queue: Queue): QueueEventsProducer {
    const producer = new QueueEventsProducer(queue.name, this.#connection, this.#factory)
    this.#open.push(producer)
    return producer
  }

  flows(): FlowProducer {
    const flows = new FlowProducer(this.#connection as FlowProducerOptions, this.#factory)
    this.#open.push(flows)
    return flows
  }

  /** Works on a queue until `count` jobs have ended, completed or failed for good.
   * @returns them in the order in which they ended */
  async work(queue: Queue, count: number, process: Work = async () => {}, options: Partial<WorkerOptions> = {}): Promise<Job[]> {
    const ended: Job[] = []
    const worker = await this.worker(queue, process, { ...options, autorun: false })
    await new Promise<void>((resolve) => {
      const note = (job: Job | undefined) => {
        if (job === undefined || (job.failedReason !== undefined && job.finishedOn === undefined)) return
        ended.push(job)
        if (ended.length === count) resolve()
      }
      worker.on('completed', note)
      worker.on('failed', note)
      void worker.run()
    })
    await worker.close()
    return ended
  }

  async dispose(): Promise<void> {
    for (const open of this.#open) await open.close()
    for (const queue of this.#queues) {
      await queue.obliterate({ force: true })
      await queue.close()
    }
  }

  get #connection() {
    return { connection: this.#place.connection }
  }

  get #factory() {
    return this.#place.factory as unknown as BackendFactory<never>
  }
}

/** Resolves with the first argument of the next event. */
export function next<T = unknown>(emitter: { once(event: never, listener: (value: T) => void): unknown }, event: string): Promise<T> {
  return new Promise((resolve) => emitter.once(event as never, resolve))
}

export function namesOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ name }) => name)
}
