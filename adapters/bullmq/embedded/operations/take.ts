import type { JobJson } from 'bullmq'
import type { QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'

/** Who takes a job, and under which terms. */
export interface Taker {
  readonly token: string
  readonly name?: string | undefined
  /** Milliseconds. */
  readonly lockDuration?: number | undefined
  readonly limiter?: { readonly max: number; readonly duration: number } | undefined
}

/** A job and its id; or milliseconds to wait because of a rate limit; or when the next delayed job is due. */
export type Taken = [job: JobJson | null, id: string | 0, rateLimitDelay: number, delayUntil: number]

const maxPromotions = 1000

/** Takes the next job: the waiting ones before the prioritized ones, delayed ones when they are due. */
export function takeJob(queue: QueueState, taker: Taker): Taken {
  return takeNext(queue, taker) ?? [null, 0, 0, 0]
}

/** As `takeJob`; undefined when there is nothing at all to take or to wait for. */
export function takeNext(queue: QueueState, taker: Taker): Taken | undefined {
  const { ticks } = queue.store
  const isClosed = queue.isPausedOrMaxed
  promoteDue(queue)
  const limit = queue.meta.get('max')
  const maxJobs = limit === undefined ? taker.limiter?.max : Number(limit)
  const waitTime = queue.limiter.waitTime(maxJobs, ticks)
  if (waitTime > 0) return [null, 0, waitTime, 0]
  if (isClosed) return [null, 0, 0, 0]
  const job = queue.lists.wait.first ?? queue.lists.prioritized.first
  if (job === undefined) {
    queue.priorityCounter = 0
    const { nextDelayed } = queue
    return nextDelayed === undefined ? undefined : [null, 0, 0, nextDelayed]
  }
  if (maxJobs !== undefined && job.deferredFailure === undefined) {
    queue.limiter.take(taker.limiter?.duration ?? Number(queue.meta.get('duration') ?? 0), ticks)
  }
  activate(queue, job, taker)
  return [job.toJson(), job.id, 0, 0]
}

/** Moves the delayed jobs that are due to where they wait. */
export function promoteDue(queue: QueueState): void {
  const { now } = queue.store
  let promoted = 0
  for (let job = queue.lists.delayed.first; job !== undefined && job.score <= now; job = queue.lists.delayed.first) {
    promote(queue, job)
    if (++promoted === maxPromotions) break
  }
}

/** Ends the delay of a job. */
export function promote(queue: QueueState, job: StoredJob): void {
  job.delay = 0
  queue.makeReady(job)
  queue.emit('waiting', 'jobId', job.id, 'prev', 'delayed')
}

function activate(queue: QueueState, job: StoredJob, { token, name, lockDuration = 30_000 }: Taker): void {
  const { now, ticks } = queue.store
  queue.place(job, 'active', 0)
  if (token !== '0') {
    job.lockToken = token
    job.lockedUntil = ticks + lockDuration
  }
  job.processedOn = now
  if (name) job.processedBy = name
  job.attemptsStarted++
  queue.touch(job, changed.state)
  queue.emit('active', 'jobId', job.id, 'prev', 'waiting')
  queue.marker.work()
}
