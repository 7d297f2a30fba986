import type { KeepJobs } from 'bullmq'
import type { QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'
import { addKeptBack } from './add.ts'
import { releaseWhenFinished } from './deduplication.ts'
import { updateFields } from './fields.ts'
import { removeLock } from './locks.ts'
import { completeChild, failChild } from './parents.ts'
import { detachFromParent, dropJob } from './removal.ts'
import { type Taken, type Taker, takeNext } from './take.ts'

/** How a job ended. */
export interface Ending {
  readonly jobId: string
  readonly state: 'completed' | 'failed'
  /** JSON text of what it returned, or why it failed. */
  readonly value: string
  readonly keep: KeepJobs
  readonly attempts: number
  readonly fieldsToUpdate?: Readonly<Record<string, unknown>> | undefined
  readonly maxMetrics?: number | undefined
  readonly fetchNext: boolean
}

const defaultRemovalLimit = 1000

/** Ends an active job, and takes the next one when asked.
 * @returns a negative code; or the next job; or undefined */
export function finishJob(queue: QueueState, ending: Ending, taker: Taker): number | Taken | undefined {
  const job = queue.jobs.get(ending.jobId)
  if (job === undefined) return -1
  if (ending.state === 'completed') {
    if (job.pendingChildren > 0) return -4
    if (job.failedChildren > 0) return -9
  }
  const lockCode = removeLock(queue, job, taker.token)
  if (lockCode < 0) return lockCode
  updateFields(queue, job, ending.fieldsToUpdate)
  if (job.state !== 'active') return -3
  queue.displace(job)
  const kept = job.deduplicationId === undefined ? undefined : releaseWhenFinished(queue, job.deduplicationId, job.id)
  if (kept !== undefined) addKeptBack(queue, kept)
  const key = queue.keyOf(job.id)
  if (ending.state === 'completed') completeChild(queue.store, job, key, ending.value)
  else failChild(queue.store, job, key, ending.value)
  job.attemptsMade++
  settle(queue, job, ending)
  announce(queue, job, ending)
  if (ending.maxMetrics && queue.metrics[ending.state].add(ending.maxMetrics, queue.store.now)) queue.store.metricsChanged(queue)
  if (ending.fetchNext) {
    const next = takeNext(queue, taker)
    if (next !== undefined) return next
  }
  if (isDrained(queue)) queue.emit('drained')
  return undefined
}

function settle(queue: QueueState, job: StoredJob, { state, value, keep }: Ending): void {
  const { now } = queue.store
  const { count, age, limit = defaultRemovalLimit } = keep as { count?: number; age?: number; limit?: number }
  if (count === 0) {
    queue.forget(job)
    detachFromParent(queue, job, false, job.parentKey)
    return
  }
  if (state === 'completed') job.returnValue = value
  else {
    job.failedReason = value
    job.deferredFailure = undefined
  }
  job.finishedOn = now
  queue.touch(job, changed.state)
  queue.place(job, state, now)
  const list = queue.lists[state]
  if (age !== undefined) removeOlder(queue, state, now - age * 1000, limit)
  if (count !== undefined && count > 0) {
    while (list.size > count) dropJob(queue, list.first!, false, false)
  }
}

function removeOlder(queue: QueueState, state: 'completed' | 'failed', time: number, limit: number): void {
  const list = queue.lists[state]
  for (let removed = 0; removed < limit; removed++) {
    const oldest = list.first
    if (oldest === undefined || oldest.score > time) return
    dropJob(queue, oldest, false, false)
  }
}

function announce(queue: QueueState, job: StoredJob, { state, value, attempts }: Ending): void {
  queue.emit(state, 'jobId', job.id, state === 'completed' ? 'returnvalue' : 'failedReason', value, 'prev', 'active')
  if (state === 'failed' && job.attemptsMade >= attempts) {
    queue.emit('retries-exhausted', 'jobId', job.id, 'attemptsMade', String(job.attemptsMade))
  }
}

function isDrained({ lists }: QueueState): boolean {
  return lists.wait.size === 0 && lists.active.size === 0 && lists.prioritized.size === 0
}
