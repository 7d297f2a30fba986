import type { Engine } from './engine.ts'
import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'
import type { Selection } from './queues/queue_selection.ts'
import { WaitingQueue } from './queues/waiting_queue.ts'

/** Takes a job that waits, out of its turn, for somebody who runs it already: the queue was handed over in the middle of the run.
 *
 * @param attempt which of the job's attempts the run is
 * @returns undefined when the job doesn't wait: it is done, or runs elsewhere
 */
export function claimJob(engine: Engine, id: string, attempt: number): EngineJob | undefined {
  const waiting = engine.get(id)
  const { recoveries = 0 } = waiting ?? {}
  // It was to wait a while, as if its process had died.
  if (waiting?.state === JobState.delayed && recoveries > 0) engine.reschedule(waiting, { recoveries })
  // It is tried again as soon as it may run, which it does already.
  if (waiting?.state === JobState.blocked) engine.reschedule(waiting, { recoveries })
  if (waiting?.state !== JobState.waiting) return undefined
  if (recoveries > 0) waiting.recoveries = recoveries - 1
  const job = engine.take(new OneJob(waiting), true)
  if (job === undefined) return undefined
  job.attempts = attempt
  engine.update(job)
  return job
}

class OneJob implements Selection {
  #job: EngineJob | undefined

  constructor(job: EngineJob) {
    this.#job = job
  }

  next(queues: ReadonlyMap<string, WaitingQueue>): WaitingQueue | undefined {
    const job = this.#job
    const queue = job && queues.get(job.queue)
    this.#job = undefined
    return job && queue && new QueueOfOne(queue, job)
  }
}

class QueueOfOne extends WaitingQueue {
  readonly #queue: WaitingQueue
  readonly #job: EngineJob

  constructor(queue: WaitingQueue, job: EngineJob) {
    super(queue.name, queue.jobs)
    this.#queue = queue
    this.#job = job
  }

  override shift(): EngineJob {
    this.#queue.remove(this.#job)
    return this.#job
  }
}
