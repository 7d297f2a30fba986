import cluster, { type Worker } from 'node:cluster'
import { type JobBackend, shareBackend } from '../../jobs/index.ts'
import type { Published } from '../../pubsub/index.ts'
import { folderVariable, workerVariable } from './link.ts'
import { type ClusterMessage, isClusterMessage, type Ready } from './messages.ts'

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** What a worker's process has from its primary. */
export interface WorkerOptions {
  readonly number: number
  /** What all of them have in common. */
  readonly folder: string | undefined
  /** The queue that the primary owns; undefined when each process has its own way to one. */
  readonly jobs: JobBackend | undefined
  /** Told of what the worker published. */
  readonly onPublished: (published: Published, from: WorkerProcess) => void
}

/** A worker, seen from its primary. */
export class WorkerProcess {
  readonly number: number
  /** Resolves when requests can come to it; undefined when it ended before. */
  readonly ready: Promise<Ready | undefined>
  /** Resolves when it is gone, and the jobs it had are somebody else's. */
  readonly ended: Promise<Ended>
  readonly startedAt = performance.now()
  /** Whether it was told to end. */
  isDraining = false
  readonly #worker: Worker

  constructor(options: WorkerOptions) {
    const worker = cluster.fork({
      [workerVariable]: String(options.number),
      ...(options.folder !== undefined && { [folderVariable]: options.folder }),
    })
    this.number = options.number
    this.#worker = worker
    const exited = new Promise<Ended>((resolve) => worker.once('exit', (code, signal) => resolve({ code, signal })))
    this.ready = Promise.race([exited.then(() => undefined), new Promise<Ready>((resolve) => this.#receive('ready', resolve))])
    this.#receive('published', ({ published }) => options.onPublished(published, this))
    const release = options.jobs && this.#share(options.jobs)
    this.ended = exited.then(async (ended) => {
      await release?.()
      return ended
    })
  }

  get pid(): number {
    return this.#worker.process.pid!
  }

  publish(published: Published): void {
    this.#send({ regauge: 'published', published })
  }

  /** Lets it finish what runs.
   * @param timeout milliseconds until it is killed
   */
  async drain(timeout: number): Promise<void> {
    this.isDraining = true
    this.#worker.process.kill('SIGTERM')
    const cut = setTimeout(() => this.#worker.process.kill('SIGKILL'), timeout)
    await this.ended
    clearTimeout(cut)
  }

  /** Ends it at once. */
  kill(): void {
    this.isDraining = true
    this.#worker.process.kill('SIGKILL')
  }

  #share(jobs: JobBackend): () => Promise<void> {
    return shareBackend(jobs, {
      send: (message) => this.#send({ regauge: 'jobs', message }),
      receive: (handler) => this.#receive('jobs', ({ message }) => handler(message)),
    })
  }

  // What a worker that has just died doesn't get any more is nobody's error.
  #send(message: ClusterMessage): void {
    if (this.#worker.isConnected()) this.#worker.process.send(message, () => {})
  }

  #receive<K extends ClusterMessage['regauge']>(kind: K, handler: (message: ClusterMessage & { regauge: K }) => void): void {
    this.#worker.on('message', (message) => {
      if (isClusterMessage(message) && message.regauge === kind) handler(message as ClusterMessage & { regauge: K })
    })
  }
}
