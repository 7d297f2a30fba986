import { AsyncResource } from 'node:async_hooks'
import type { JobData, JobHandler, JobRun, JobWorker, Outcome, ProcessOptions, RunningJob, StoredJob } from './backend.ts'
import { claimJob, type Engine, type EngineJob, JobState, QueueSelection } from './engine/index.ts'
import { JobDataUnreadable } from './errors.ts'
import { failureOf } from './performing/failure.ts'
import { childrenIn, dataOf } from './stored_job.ts'

/** So many jobs may begin before other events get their turn: jobs that never wait would keep requests from being read. */
const startsPerTurn = 32
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon, setTimeout: runLater, clearTimeout: cancel, setInterval: repeat, clearInterval: endRepeating } = globalThis

/** Takes jobs from the engine as long as there is room, and hands what became of them back. */
export class EmbeddedWorker implements JobWorker {
  readonly #engine: Engine
  readonly #handler: JobHandler
  readonly #concurrency: number
  readonly #selection: QueueSelection
  #running = 0
  #started = 0
  #isTurnScheduled = false
  #isStopping = false
  #unsubscribe: () => void = () => {}
  #keepAlive: NodeJS.Timeout | undefined
  #onIdle: (() => void)[] = []
  readonly #onStop: (worker: EmbeddedWorker) => void

  /** @param onStop called when it was stopped */
  constructor(engine: Engine, handler: JobHandler, options: ProcessOptions, onStop: (worker: EmbeddedWorker) => void) {
    this.#engine = engine
    this.#handler = handler
    this.#onStop = onStop
    this.#concurrency = options.concurrency
    this.#selection = new QueueSelection(options.queues, options.weights)
  }

  /** @param settled what others still run is theirs by then; until then only what this worker runs already is taken */
  start(running: readonly RunningJob[] = [], settled?: Promise<void>): void {
    this.#keepAlive = repeat(() => {}, 2 ** 31 - 1)
    for (const { id, attempt } of running) {
      const job = claimJob(this.#engine, id, attempt)
      if (job === undefined) continue
      this.#running++
      void this.#run(job, true)
    }
    if (settled === undefined) this.#begin()
    else void settled.then(() => this.#begin())
  }

  async stop({ timeout = Number.POSITIVE_INFINITY }: { readonly timeout?: number | undefined } = {}): Promise<{ unfinished: number }> {
    this.#isStopping = true
    this.#unsubscribe()
    if (this.#running > 0 && timeout > 0) await this.#idleWithin(timeout)
    endRepeating(this.#keepAlive)
    this.#onStop(this)
    return { unfinished: this.#running }
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  async #idleWithin(timeout: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve)
      if (timeout < 2 ** 31) timer = runLater(resolve, timeout)
    })
    cancel(timer)
  }

  #begin(): void {
    if (this.#isStopping) return
    this.#unsubscribe = this.#engine.onAvailable(() => this.#scheduleTurn())
    this.#scheduleTurn()
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled || this.#isStopping) return
    this.#isTurnScheduled = true
    runSoon(this.#turn)
  }

  /** Jobs have nothing to do with the request, or whatever it was, that woke the worker: they don't begin within its AsyncLocalStorages, whoever's these are. */
  readonly #turn = AsyncResource.bind((): void => {
    this.#isTurnScheduled = false
    this.#started = 0
    this.#fill()
  })

  #fill(): void {
    while (this.#running < this.#concurrency && !this.#isStopping) {
      if (this.#started === startsPerTurn) {
        this.#scheduleTurn()
        return
      }
      const job = this.#engine.take(this.#selection)
      if (job === undefined) return
      this.#started++
      this.#running++
      void this.#run(job)
    }
  }

  /** @param isRunning whether the handler runs it already, and is only asked what comes of it */
  async #run(job: EngineJob, isRunning = false): Promise<void> {
    let outcome: Outcome | undefined
    try {
      // That it runs is on disk before it can kill the process, which is counted then.
      if (!isRunning && job.sequence < this.#engine.suspectsBelow) await this.#engine.flushed()
      if (job.state === JobState.active) {
        const reserved = {
          id: job.id,
          queue: job.queue,
          name: job.name,
          data: dataOf(job),
          priority: job.priority,
          attempt: job.attempts,
          createdAt: job.createdAt,
          runAt: job.runAt === 0 ? undefined : job.runAt,
          keepsResult: this.#engine.keepsResultOf(job),
          run: new EmbeddedRun(this, this.#engine, job),
        }
        outcome = await this.#handler(reserved)
      }
    } catch (error) {
      outcome = { kind: 'failed', error: failureOf(error) }
      if (error instanceof JobDataUnreadable)
        this.#engine.logger.error(`${error.message} ${error.hint}`, { job: job.name, queue: job.queue })
    }
    this.#running--
    if (outcome !== undefined) this.#store(job, outcome)
    if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve()
    this.#fill()
  }

  #store(job: EngineJob, outcome: Outcome): void {
    try {
      this.#settle(job, outcome)
    } catch (error) {
      this.#engine.logger.error('What became of a job can not be written as JSON; it has failed', { job: job.name, job_id: job.id, error })
      this.#engine.fail(job, failureOf(error))
    }
  }

  #settle(job: EngineJob, outcome: Outcome): void {
    if (outcome.kind === 'completed') this.#engine.complete(job, outcome.result)
    else if (outcome.kind === 'discarded') this.#engine.discard(job)
    else if (outcome.kind === 'failed') this.#engine.fail(job, outcome.error)
    else if (outcome.kind === 'died') this.#engine.died(job)
    else this.#engine.reschedule(job, { ...outcome, data: JSON.stringify(outcome.data) })
  }
}

class EmbeddedRun implements JobRun {
  readonly #worker: EmbeddedWorker
  readonly #engine: Engine
  readonly #job: EngineJob

  constructor(worker: EmbeddedWorker, engine: Engine, job: EngineJob) {
    this.#worker = worker
    this.#engine = engine
    this.#job = job
  }

  get isStopping(): boolean {
    return this.#worker.isStopping
  }

  save(data: JobData): void {
    this.#engine.update(this.#job, JSON.stringify(data))
  }

  async children(): Promise<StoredJob[]> {
    return childrenIn(this.#engine, this.#job)
  }
}
