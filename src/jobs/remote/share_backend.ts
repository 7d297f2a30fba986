import type { JobBackend, JobWorker, Outcome, Page, ProcessOptions, ReservedJob } from '../backend.ts'
import type { JobStateName } from '../engine/index.ts'
import {
  isData,
  receivedJobs,
  receivedMetricsOptions,
  receivedOptions,
  receivedOutcome,
  receivedProgress,
  receivedSchedules,
  receivedTexts,
} from './received.ts'
import type { Shared } from './socket.ts'
import { type RemoteCall, type SharedMessage, sentError, type Wire } from './wire.ts'

// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis

/** Lets another process use the queue that this one owns, by way of `SharedBackend`.
 *
 * @returns to be called when the other process is gone: the jobs it had taken run elsewhere
 */
export function shareBackend(backend: JobBackend, wire: Wire): () => Promise<void> {
  const sharing = new Sharing(backend, wire)
  return () => sharing.end()
}

interface Running {
  readonly worker: number
  job: ReservedJob
  readonly settle: (outcome: Outcome) => void
}

/** What the owner of a queue does for one other process. */
export class Sharing implements Shared {
  readonly #backend: JobBackend
  readonly #wire: Wire
  readonly #workers = new Map<number, JobWorker>()
  /** Of the workers there were, those that are about to take jobs among them. */
  readonly #numbers = new Set<number>()
  readonly #running = new Map<number, Running>()
  /** Workers that take no more jobs: their process ends in order, though it may leave jobs behind. */
  readonly #stopped = new Set<number>()
  readonly #answering = new Set<Promise<void>>()
  #runs = 0
  #isLeaving = false
  #isOver = false
  #hasLeft: () => void = () => {}

  constructor(backend: JobBackend, wire: Wire) {
    this.#backend = backend
    this.#wire = wire
    wire.receive((message) => this.#receive(message))
  }

  /** Lets the other process turn to the next owner, when it has its answers.
   * @param timeout milliseconds to wait at most
   */
  async leave(timeout: number): Promise<void> {
    this.#isLeaving = true
    const left = new Promise<void>((resolve) => (this.#hasLeft = resolve)).then(() => Promise.all(this.#answering))
    this.#send({ kind: 'leaving' })
    await Promise.race([left, new Promise((resolve) => runLater(resolve, timeout).unref())])
  }

  async end(): Promise<void> {
    this.#isOver = true
    this.#hasLeft()
    const stopping = [...this.#workers.values()].map((worker) => worker.stop({ timeout: 0 }))
    for (const { job, settle, worker } of this.#running.values()) {
      settle(this.#isLeaving || this.#stopped.has(worker) ? again(job) : { kind: 'died' })
    }
    this.#running.clear()
    await Promise.all(stopping)
  }

  #receive(message: SharedMessage): void {
    if (message.kind === 'outcome') {
      this.#running.get(message.run)?.settle(receivedOutcome(message.outcome))
      this.#running.delete(message.run)
    } else if (message.kind === 'progress') {
      const running = this.#running.get(message.run)
      if (running === undefined || !isData(message.data)) return
      running.job.run?.save(message.data)
      running.job = { ...running.job, data: message.data }
    } else if (message.kind === 'left') {
      this.#hasLeft()
    } else if (message.kind === 'call') {
      if (!Number.isInteger(message.id)) throw new TypeError('a call must have a number')
      const answering = this.#answer(message.id, message)
      if (message.method === 'stop') return
      this.#answering.add(answering)
      void answering.then(() => this.#answering.delete(answering))
    }
  }

  async #answer(id: number, call: RemoteCall): Promise<void> {
    try {
      const result = await this.#perform(call)
      this.#send({ kind: 'answer', id, ...(result !== undefined && { result }) })
    } catch (error) {
      this.#send({ kind: 'answer', id, error: sentError(error) })
    }
  }

  async #perform(call: RemoteCall): Promise<unknown> {
    if (call.method === 'process') return this.#process(call.worker, receivedOptions(call.options))
    if (call.method === 'stop') {
      this.#stopped.add(call.worker)
      return this.#workers.get(call.worker)?.stop({ timeout: call.timeout }) ?? { unfinished: 0 }
    }
    const { method, args } = call
    const backend = this.#backend
    if (method === 'add') return backend.add(receivedJobs(args[0]))
    if (method === 'list') return backend.list(args[0] as JobStateName, (args[1] ?? undefined) as Page | undefined)
    if (method === 'counts') return backend.counts()
    if (method === 'countsByQueue') return backend.countsByQueue?.() ?? {}
    if (method === 'metrics') return backend.metrics?.(receivedMetricsOptions(args[0])) ?? {}
    if (method === 'retry' || method === 'remove') return backend[method](receivedTexts(args[0]))
    if (method === 'pause' || method === 'resume') return backend[method]?.(String(args[0]))
    if (method === 'schedule') return backend.schedule?.(receivedSchedules(args[0]), receivedProgress(args[1]))
    if (method === 'find') return backend.find?.(String(args[0]))
    if (method === 'children') return backend.children?.(String(args[0])) ?? []
    if (method === 'paused') return backend.paused?.() ?? []
    if (method === 'schedules') return backend.schedules?.() ?? []
    throw new Error(`a queue has no method ${String(method)}`)
  }

  async #process(number: number, options: ProcessOptions): Promise<void> {
    if (!Number.isInteger(number)) throw new TypeError('a worker must have a number')
    // What is in the place of another would leave that one behind, to take jobs for ever.
    if (this.#numbers.has(number)) throw new Error(`there is a worker ${number} already`)
    this.#numbers.add(number)
    const worker = await this.#backend.process((job) => this.#handOver(number, job), options)
    if (this.#isOver) await worker.stop({ timeout: 0 })
    else this.#workers.set(number, worker)
  }

  #handOver(worker: number, job: ReservedJob): Promise<Outcome> {
    if (this.#isOver) return Promise.resolve(again(job))
    const run = ++this.#runs
    return new Promise((settle) => {
      this.#running.set(run, { worker, job, settle })
      const { run: _, ...sent } = job
      this.#send({ kind: 'job', run, worker, job: sent })
    })
  }

  #send(message: SharedMessage): void {
    if (!this.#isOver) this.#wire.send(message)
  }
}

/** A process that ends has left the job: it runs again at once, and its attempts go on counting. */
function again({ data, queue, priority }: ReservedJob): Outcome {
  return { kind: 'retry', data, queue, priority, runAt: 0 }
}
