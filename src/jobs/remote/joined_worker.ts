import type { JobBackend, JobData, JobHandler, JobRun, JobWorker, Outcome, ProcessOptions, ReservedJob, StoredJob } from '../backend.ts'

/** What a worker has of the queue that it takes jobs from, whoever owns that. */
interface WorkerQueue {
  stopped(worker: JoinedWorker): void
  children(id: string): Promise<StoredJob[]>
}

/** A worker that outlives the owner of its queue: what it runs goes on, and the next owner hears of it instead of letting it run again. */
export class JoinedWorker implements JobWorker {
  readonly #handler: JobHandler
  readonly #options: ProcessOptions
  readonly #queue: WorkerQueue
  readonly #runs = new Map<string, JoinedRun>()
  #worker: JobWorker | undefined
  #isStopping = false

  constructor(handler: JobHandler, options: ProcessOptions, queue: WorkerQueue) {
    this.#handler = handler
    this.#options = options
    this.#queue = queue
  }

  /** Takes jobs from a backend from here on, those first that it runs already. */
  async workOn(backend: JobBackend): Promise<void> {
    if (this.#isStopping) return
    this.detach()
    const running = [...this.#runs].map(([id, { attempt }]) => ({ id, attempt }))
    this.#worker = await backend.process((job) => this.#run(job), { ...this.#options, running })
    for (const [id, run] of this.#runs) if (!run.isKnown) this.#runs.delete(id)
  }

  /** The owner is gone: what comes of the jobs that run is kept for the next one. */
  detach(): void {
    for (const run of this.#runs.values()) run.isKnown = false
  }

  async stop(options?: { readonly timeout?: number | undefined }): Promise<{ readonly unfinished: number }> {
    this.#isStopping = true
    this.#queue.stopped(this)
    const stopped = await this.#worker?.stop(options).catch(() => undefined)
    return stopped ?? { unfinished: this.#runs.size }
  }

  #run(job: ReservedJob): Promise<Outcome> {
    const known = this.#runs.get(job.id)
    if (known !== undefined) return known.goOn(job)
    const run = new JoinedRun(job, {
      isStopping: () => this.#isStopping,
      children: () => this.#queue.children(job.id),
      forget: () => {
        if (this.#runs.get(job.id) === run) this.#runs.delete(job.id)
      },
    })
    this.#runs.set(job.id, run)
    return run.begin(this.#handler)
  }
}

interface RunOwner {
  isStopping(): boolean
  children(): Promise<StoredJob[]>
  forget(): void
}

class JoinedRun implements JobRun {
  readonly attempt: number
  /** Whether the owner of the queue knows that the job runs here. */
  isKnown = true
  #job: ReservedJob
  readonly #worker: RunOwner
  #outcome: Promise<Outcome> | undefined
  #saved: JobData | undefined

  constructor(job: ReservedJob, worker: RunOwner) {
    this.attempt = job.attempt
    this.#job = job
    this.#worker = worker
  }

  begin(handler: JobHandler): Promise<Outcome> {
    this.#outcome = handler({ ...this.#job, run: this })
    return this.#told()
  }

  /** The same run, for the next owner. */
  goOn(job: ReservedJob): Promise<Outcome> {
    this.isKnown = true
    this.#job = job
    if (this.#saved !== undefined) job.run?.save(this.#saved)
    return this.#told()
  }

  get isStopping(): boolean {
    return this.#worker.isStopping() || this.#job.run?.isStopping === true
  }

  save(data: JobData): void {
    this.#saved = data
    this.#job.run?.save(data)
  }

  children(): Promise<StoredJob[]> {
    return this.#worker.children()
  }

  /** The outcome, which is kept as long as no owner knows of it. */
  #told(): Promise<Outcome> {
    const outcome = this.#outcome!
    const end = () => {
      if (this.isKnown) this.#worker.forget()
    }
    outcome.then(end, end)
    return outcome
  }
}
