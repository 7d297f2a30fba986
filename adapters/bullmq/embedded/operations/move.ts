import type { QueueState } from '../state/queue_state.ts'
import { changed, type StoredJob } from '../state/stored_job.ts'
import { updateFields } from './fields.ts'
import { removeLock } from './locks.ts'
import { reopenChild } from './parents.ts'
import { promote, promoteDue } from './take.ts'

type Fields = Readonly<Record<string, unknown>> | undefined

/** Puts an active job aside for `delay` milliseconds.
 * @returns 0 or a negative code */
export function moveToDelayed(
  queue: QueueState,
  jobId: string,
  token: string,
  options: { readonly timestamp: number; readonly delay: number; readonly skipAttempt: boolean; readonly fields: Fields },
): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  const code = giveBack(queue, job, token, options.fields)
  if (code < 0) return code
  if (!options.skipAttempt) job.attemptsMade++
  job.delay = options.delay
  queue.delay(job, options.delay, options.timestamp)
  return 0
}

/** Puts an active job aside until its children are finished.
 * @returns 0 when it was, 1 when no child is pending (or not the one asked for), or a negative code */
export function moveToWaitingChildren(queue: QueueState, jobId: string, token: string, childKey: string | undefined): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  if (job.failedChildren > 0) return -9
  const isPending = childKey === undefined ? job.pendingChildren > 0 : job.hasChildren && job.children.pending.has(childKey)
  if (!isPending) return 1
  const code = giveBack(queue, job, token, undefined)
  if (code < 0) return code
  queue.place(job, 'waiting-children', queue.store.now)
  queue.emit('waiting-children', 'jobId', jobId, 'prev', 'active')
  return 0
}

/** Gives an active job back unstarted, to be the next one taken.
 * @returns milliseconds of the rate limit, or a negative code */
export function moveToWait(queue: QueueState, jobId: string, token: string): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  const code = removeLock(queue, job, token)
  if (code < 0) return code
  if (job.state === 'active') {
    queue.displace(job)
    if (job.priority > 0) queue.prioritize(job, true)
    else queue.wait(job, true)
    queue.emit('waiting', 'jobId', jobId, 'prev', 'active')
  }
  return Math.max(0, queue.limiter.remaining(queue.store.ticks))
}

/** Gives an active job back for another attempt.
 * @returns 0 or a negative code */
export function retryJob(queue: QueueState, jobId: string, isFirst: boolean, token: string, fields: Fields): number {
  promoteDue(queue)
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  const code = giveBack(queue, job, token, fields)
  if (code < 0) return code
  queue.makeReady(job, isFirst)
  job.attemptsMade++
  queue.emit('waiting', 'jobId', jobId, 'prev', 'active')
  return 0
}

/** Lets a finished job run again.
 * @returns 1 or a negative code */
export function reprocess(
  queue: QueueState,
  jobId: string,
  state: 'completed' | 'failed',
  options: { readonly isFirst: boolean; readonly resetAttemptsMade: boolean; readonly resetAttemptsStarted: boolean },
): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  if (job.state !== state) return -3
  if (options.resetAttemptsMade) job.attemptsMade = 0
  if (options.resetAttemptsStarted) job.attemptsStarted = 0
  forgetEnding(job, state)
  queue.makeReady(job, options.isFirst)
  reopenChild(queue.store, job, queue.keyOf(jobId), state)
  queue.emit('waiting', 'jobId', jobId, 'prev', state)
  return 1
}

/** Lets up to `count` jobs of a list run: finished ones (up to a time) again, delayed ones now.
 * @returns 1 when there may be more, else 0 */
export function moveJobsToWait(queue: QueueState, state: 'completed' | 'failed' | 'delayed', count: number, timestamp: number): number {
  const jobs = queue.lists[state].slice(0, count - 1).filter(({ score }) => score <= timestamp)
  for (const job of jobs) {
    if (state === 'delayed') job.delay = 0
    else {
      forgetEnding(job, state)
      reopenChild(queue.store, job, queue.keyOf(job.id), state)
    }
    queue.emit('waiting', 'jobId', job.id, 'prev', state)
    queue.makeReady(job)
  }
  return count - jobs.length <= 0 ? 1 : 0
}

/** Ends the delay of a job.
 * @returns 0, or a negative code when it isn't delayed */
export function promoteJob(queue: QueueState, jobId: string): number {
  const job = queue.jobs.get(jobId)
  if (job?.state !== 'delayed') return -3
  promote(queue, job)
  return 0
}

/** Sets the delay of a delayed job, from now on.
 * @returns 0 or a negative code */
export function changeDelay(queue: QueueState, jobId: string, delay: number): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  if (job.state !== 'delayed') return -3
  job.delay = delay
  queue.delay(job, delay, queue.store.now)
  return 0
}

/** Sets the priority of a job, and moves one that waits to where it belongs.
 * @returns 0 or a negative code */
export function changePriority(queue: QueueState, jobId: string, priority: number, isFirst: boolean): number {
  const job = queue.jobs.get(jobId)
  if (job === undefined) return -1
  job.priority = priority
  queue.touch(job, changed.state)
  if (job.state !== 'wait' && job.state !== 'prioritized') return 0
  if (priority > 0) queue.prioritize(job, isFirst)
  else queue.wait(job, isFirst)
  return 0
}

function giveBack(queue: QueueState, job: StoredJob, token: string, fields: Fields): number {
  const code = removeLock(queue, job, token)
  if (code < 0) return code
  updateFields(queue, job, fields)
  if (job.state !== 'active') return -3
  queue.displace(job)
  return 0
}

function forgetEnding(job: StoredJob, state: 'completed' | 'failed'): void {
  job.finishedOn = undefined
  job.processedOn = undefined
  if (state === 'completed') job.returnValue = undefined
  else job.failedReason = undefined
}
