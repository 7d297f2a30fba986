import type { QueueState } from '../state/queue_state.ts'
import type { JobState, StoredJob } from '../state/stored_job.ts'
import { dropJob, isSchedulersNext } from './removal.ts'

/** Removes jobs of a state that are older than `timestamp`, up to `limit` of them (0: all). Jobs that a worker has, and the next
 * job of a scheduler, stay.
 * @returns their ids */
export function cleanJobs(queue: QueueState, state: JobState, timestamp: number, limit: number): string[] {
  const list = queue.lists[state]
  const isWaiting = state === 'wait' || state === 'active'
  const candidates = list.slice(0, limit > 0 ? limit - 1 : list.size)
  if (isWaiting) candidates.reverse()
  const cleaned: string[] = []
  for (const job of candidates) {
    if (job.isRemoved || ageOf(job, state) > timestamp) continue
    if (state === 'active' && job.isLocked(queue.store.ticks)) continue
    if (state !== 'completed' && state !== 'failed' && isSchedulersNext(queue, job)) continue
    dropJob(queue, job, true, true)
    cleaned.push(job.id)
  }
  queue.emit('cleaned', 'count', String(cleaned.length))
  return cleaned
}

function ageOf(job: StoredJob, state: JobState): number {
  switch (state) {
    case 'delayed':
      return job.processedOn ?? job.timestamp
    case 'prioritized':
      return job.timestamp
    case 'wait':
    case 'active':
      return job.finishedOn ?? job.processedOn ?? job.timestamp
    default:
      return job.score
  }
}

/** Removes all jobs that wait, and the delayed ones when asked. */
export function drain(queue: QueueState, withDelayed: boolean): void {
  const states: JobState[] = withDelayed ? ['wait', 'delayed', 'prioritized'] : ['wait', 'prioritized']
  for (const state of states) {
    for (const job of [...queue.lists[state]]) {
      if (!job.isRemoved && !isSchedulersNext(queue, job)) dropJob(queue, job, true, true)
    }
  }
}

const obliterated: readonly (JobState | 'schedulers')[] = ['active', 'delayed', 'schedulers', 'completed', 'wait', 'prioritized', 'failed']

/** Removes everything of a paused queue, `count` jobs at a time.
 * @returns 0 when all is gone, 1 when there is more, -1 when the queue isn't paused, -2 when jobs are active and it isn't forced */
export function obliterate(queue: QueueState, count: number, force: boolean): number {
  if (!queue.isPaused) return -1
  if (queue.lists.active.size > 0 && !force) return -2
  let left = count
  for (const part of obliterated) {
    left -= part === 'schedulers' ? removeSchedulers(queue, left) : removeFirst(queue, part, left)
    if (left <= 0) return 1
  }
  forgetQueue(queue)
  return 0
}

function removeFirst(queue: QueueState, state: JobState, count: number): number {
  const jobs = queue.lists[state].slice(0, count - 1)
  for (const job of jobs) if (!job.isRemoved) dropJob(queue, job, true, true)
  return jobs.length
}

function removeSchedulers(queue: QueueState, count: number): number {
  const ids = [...queue.schedulers.keys()].slice(0, count)
  for (const id of ids) {
    queue.schedulers.delete(id)
    queue.store.schedulerChanged(queue, id)
  }
  return ids.length
}

function forgetQueue(queue: QueueState): void {
  queue.events.clear()
  queue.marker.clear()
  queue.stalling.clear()
  queue.nextStalledCheck = 0
  queue.idCounter = 0
  queue.priorityCounter = 0
  queue.meta.clear()
  for (const series of [queue.metrics.completed, queue.metrics.failed]) series.reset()
  queue.store.queueChanged(queue)
  queue.store.metricsChanged(queue)
}
