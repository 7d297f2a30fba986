import type { JobBackend } from '../../jobs/index.ts'
import type { Logger } from '../../logging/index.ts'
import { WorkerFailed } from '../errors.ts'
import type { Ready } from './messages.ts'
import { WorkerProcess } from './worker_process.ts'

/** What workers are started with. */
export interface WorkersOptions {
  readonly count: number
  /** A folder for them alone. */
  readonly folder: string | undefined
  readonly jobs: JobBackend | undefined
  readonly logger: Logger
  /** Milliseconds that a worker gets to finish what runs. */
  readonly shutdownTimeout: number
}

/** A worker that lived for so long counts as healthy: the next one that dies is replaced at once again. */
const healthyMilliseconds = 60_000
const [firstDelay, longestDelay] = [100, 30_000]

/** The worker processes of a primary: as many as asked for, replaced when they die and, one after the other, when they are to be new. */
export class Workers {
  readonly #options: WorkersOptions
  readonly #current = new Map<number, WorkerProcess>()
  readonly #all = new Set<WorkerProcess>()
  #deaths = 0
  #isStopping = false
  #restarting: Promise<void> | undefined
  #restartAgain = false
  readonly #delays = new Set<NodeJS.Timeout>()

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  /** Starts them: the first alone, so that an application which can't boot says so once.
   * @throws WorkerFailed when one ends before it is ready
   */
  async start(): Promise<Ready> {
    const first = await this.#startOne(1)
    const others = Array.from({ length: this.#options.count - 1 }, (_, index) => this.#startOne(index + 2))
    await Promise.all(others)
    return first
  }

  /** Replaces every worker by a new one that is ready before the old one finishes. A new one that can't boot ends the attempt; the old ones go on.
   * Asked again meanwhile, it begins anew when it has ended. */
  restart(): Promise<void> {
    if (this.#restarting !== undefined) this.#restartAgain = true
    return (this.#restarting ??= this.#restartAll().finally(() => {
      this.#restarting = undefined
    }))
  }

  /** Lets all of them finish what runs. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const delay of this.#delays) clearTimeout(delay)
    await Promise.all([...this.#all].map((worker) => worker.drain(this.#bound())))
  }

  /** Ends all of them at once. */
  kill(): void {
    this.#isStopping = true
    for (const worker of this.#all) worker.kill()
  }

  async #restartAll(): Promise<void> {
    do {
      this.#restartAgain = false
      for (const [number, old] of [...this.#current]) {
        if (this.#isStopping) return
        try {
          await this.#startOne(number)
        } catch (error) {
          this.#options.logger.error(`The new worker ${number} could not start: the old ones go on.`, { error })
          return
        }
        await old.drain(this.#bound())
      }
    } while (this.#restartAgain)
  }

  async #startOne(number: number): Promise<Ready> {
    const { folder, jobs, logger } = this.#options
    const worker = new WorkerProcess({ number, folder, jobs, onPublished: (published, from) => this.#publish(published, from) })
    this.#all.add(worker)
    void worker.ended.then(({ code, signal }) => {
      this.#all.delete(worker)
      if (!worker.isDraining && this.#current.get(number) === worker) this.#replace(worker, signal ?? `status ${code}`)
    })
    const ready = await worker.ready
    if (ready === undefined) throw new WorkerFailed({ number })
    this.#current.set(number, worker)
    logger.info(`Worker ${number} is ready`, { worker_pid: worker.pid })
    return ready
  }

  #replace(dead: WorkerProcess, reason: string): void {
    if (this.#isStopping) return
    this.#deaths = performance.now() - dead.startedAt > healthyMilliseconds ? 0 : this.#deaths + 1
    const delay = this.#deaths <= 1 ? 0 : Math.min(longestDelay, firstDelay * 2 ** (this.#deaths - 2))
    this.#options.logger.error(`Worker ${dead.number} died (${reason})`, { worker_pid: dead.pid, restartsIn: delay })
    this.#startAfter(delay, dead.number)
  }

  #startAfter(delay: number, number: number): void {
    const timer = setTimeout(() => {
      this.#delays.delete(timer)
      this.#startOne(number).catch((error: unknown) => {
        if (this.#isStopping) return
        this.#deaths++
        const next = Math.min(longestDelay, firstDelay * 2 ** this.#deaths)
        this.#options.logger.error(`Worker ${number} could not start`, { error, restartsIn: next })
        this.#startAfter(next, number)
      })
    }, delay)
    this.#delays.add(timer)
  }

  #publish(published: Parameters<WorkerProcess['publish']>[0], from: WorkerProcess): void {
    for (const worker of this.#all) if (worker !== from) worker.publish(published)
  }

  // A worker keeps to the bound by itself; this is for one that hangs.
  #bound(): number {
    return this.#options.shutdownTimeout + 3000
  }
}
